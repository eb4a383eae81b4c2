"""Documents as N-Triples, by rdflib. Jobs come on standard input as JSON, [{"format", "file", "base"}, ...]; for each,
in the same order, a line of JSON goes out: {"graph": N-Triples} or {"error": why it was refused}.

What rdflib does by itself, and what is done about it here:
- It rewrites literals ("01" as "1"); NORMALIZE_LITERALS says not to.
- It takes language tags for lower case; RDF 1.1 Concepts, 3.3, lets it, and so comparing has to.
- It does not serialise an IRI with a space or the like, which it has read; terms are written here, escaped.
- Its JSON-LD reader takes an IRI with a space in it, which real catalogues have, for an empty one, and the node goes
  with all its statements; here such an IRI stays, as it does in its RDF/XML reader.
- It logs what it thinks of literals and IRIs; that is not asked for.
"""
import json
import logging
import sys

import rdflib
from rdflib.plugins.shared.jsonld.context import Context

resolve = Context.resolve
Context.resolve = lambda self, name: name if ' ' in name else resolve(self, name)

rdflib.NORMALIZE_LITERALS = False
logging.disable(logging.CRITICAL)

ESCAPES = {'\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r'}


def text(value):
    return '"' + ''.join(ESCAPES.get(c, c) for c in value) + '"'


def iri(value):
    return '<' + ''.join('\\u%04X' % ord(c) if c <= ' ' or c in '<>"{}|^`\\' else c for c in value) + '>'


def term(value):
    if isinstance(value, rdflib.BNode):
        return '_:b' + value.encode().hex()
    if isinstance(value, rdflib.URIRef):
        return iri(value)
    if value.language:
        return text(value) + '@' + value.language
    return text(value) + ('^^' + iri(value.datatype) if value.datatype else '')


def judge(job):
    graph = rdflib.Graph()
    with open(job['file'], 'rb') as source:
        graph.parse(source, format=job['format'], publicID=job['base'])
    return '\n'.join(' '.join(map(term, triple)) + ' .' for triple in graph)


for job in json.load(sys.stdin):
    try:
        said = {'graph': judge(job)}
    except Exception as e:  # whatever a parser may raise is a refusal
        said = {'error': f'{type(e).__name__}: {e}'}
    print(json.dumps(said))
