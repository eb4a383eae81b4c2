"""tables.py: every row of every table in schemas/ is at work. For each table there is a sample below: it makes a record
out of each row, has a filter convert all of them, and says what came of each row and what the row says should come.

- As compiled in, all rows give what they say.
- --list-NAME prints them all.
- With another row in place of the last, laid over by --table, that one gives what it says.

Where several rows have the same form, the first decides."""
import csv
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

BIN = pathlib.Path(os.environ['BUILD'], 'bin').absolute()
XSD = 'http://www.w3.org/2001/XMLSchema#'
RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
EU = 'http://publications.europa.eu/resource/authority/'
failures = []


def read(name):
    lines = [line for line in pathlib.Path(f'schemas/{name}.tsv').read_text(encoding='utf-8').split('\n')
             if line and not line.startswith('#')]
    columns = lines[0].split('\t')
    return [dict(zip(columns, line.split('\t'))) for line in lines[1:]]


TABLES = {path.stem: read(path.stem) for path in sorted(pathlib.Path('schemas').glob('*.tsv'))}
PREFIXES = {row['prefix']: row['namespace'] for row in TABLES['prefixes']}


def iri(name):
    prefix, _, local = name.partition(':')
    return PREFIXES[prefix] + local if prefix in PREFIXES else name


def run(program, args, text, status=(0, 1)):
    r = subprocess.run([BIN / program, *args], input=text if isinstance(text, bytes) else text.encode(),
                       capture_output=True)
    if r.returncode not in status:
        raise RuntimeError(f'{program}: status {r.returncode}: {r.stderr.decode()[:200]}')
    return r.stdout.decode(), r.stderr.decode()


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


# ---- The ways that samples go ----

def to_datagouv(records, args):
    """What becomes of datasets of DCAT-AP: objects, in the same order."""
    text = ''.join(json.dumps({'@id': f'http://x.example/{i}', '@type': ['Dataset'], 'title': [{'@value': 'Titre'}], **r})
                   + '\n' for i, r in enumerate(records))
    found = {o['harvest']['uri']: o for o in lines(run('dcatap2datagouv', ['-lq', *args], text)[0])}
    return [found[f'http://x.example/{i}'] for i in range(len(records))]


def from_datagouv(objects, args):
    """The reverse: nodes of DCAT-AP."""
    text = ''.join(json.dumps({'title': 'Titre', **o, 'harvest': {'uri': f'http://x.example/{i}'}}) + '\n'
                   for i, o in enumerate(objects))
    found = {r.get('@id'): r for r in lines(run('datagouv2dcatap', ['-lq', *args], text)[0])}
    return [found[f'http://x.example/{i}'] for i in range(len(objects))]


def from_resources(resources, args):
    """The same of one resource each: the distribution."""
    objects = [{'resources': [{'url': 'http://x.example/file', 'title': 'x', **r}]} for r in resources]
    return [r['datasetDistribution'][0] for r in from_datagouv(objects, args)]


def first_of(rows, key, want):
    """What the first row with the same form says."""
    said = {}
    for row in rows:
        said.setdefault(key(row), row[want])
    return [said[key(row)] for row in rows]


def slug(text):
    text = unicodedata.normalize('NFKD', text).encode('ascii', 'ignore').decode().lower()
    return re.sub('[^a-z0-9]+', '-', text.replace("'", '')).strip('-')


def text_or_iri(is_iri, form):
    return [{'@id': form}] if is_iri else [{'@value': form}]


# ---- Samples: rows and options in; pairs of what came and what should, a row each ----

def licences(rows, args):
    license = 'http://purl.org/dc/terms/license'
    came = to_datagouv([{license: text_or_iri(r['kind'] == 'url', r['form'])} for r in rows], args)
    yield from zip((o['license'] for o in came), (r['id'] or 'notspecified' for r in rows))
    ids = [] if args else list(dict.fromkeys(r['id'] for r in rows if r['id']))
    for name, record in zip(ids, from_datagouv([{'license': i} for i in ids], args)):
        urls = [r['form'] for r in rows if r['id'] == name and r['kind'] == 'url']
        titles = [r['form'] for r in rows if r['id'] == name and r['kind'] == 'title']
        urls.sort(key=lambda url: not url.startswith(EU))
        if name != 'notspecified':
            said = record['licence']
            yield (said if isinstance(said, str) else said['label'][0]['@value']), (urls + titles + [name])[0]


FREQUENCY_LISTS = {'cld': 'http://purl.org/cld/freq/', 'eu': EU + 'frequency/', 'url': '',
                   'inspire': 'http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequency/'}


def frequencies(rows, args):
    periodicity = 'http://purl.org/dc/terms/accrualPeriodicity'

    def sample(row):
        space = FREQUENCY_LISTS.get(row['kind'])
        return {periodicity: text_or_iri(space is not None, (space or '') + row['form'])}

    def form(row):
        return FREQUENCY_LISTS[row['kind']] + row['form'] if row['kind'] in FREQUENCY_LISTS else slug(row['form'])

    came = to_datagouv([sample(r) for r in rows], args)
    yield from zip((o['frequency'] for o in came), first_of(rows, form, 'id'))
    known = [r for r in rows if r['kind'] in ('id', 'old')]
    for row, record in zip(known, from_datagouv([{'frequency': r['form']} for r in known], args)):
        code = next((r['form'] for r in rows if r['kind'] == 'eu' and r['id'] == row['id']), None)
        yield record.get('frequency'), code and EU + 'frequency/' + code


def to_resources(distributions, args):
    """What becomes of a distribution of DCAT-AP in each dataset: the resource."""
    came = to_datagouv([{'datasetDistribution': [{'@type': ['Distribution'], 'title': [{'@value': 'x'}],
                                                  'accessUrl': ['http://x.example/file'], **d}]}
                        for d in distributions], args)
    return [o['resources'][0] for o in came]


def file_types(rows, args):
    said = [r for r in rows if r['kind'] not in ('carrier', 'vague')]
    came = from_resources([{'format': r['form']} for r in said], args)
    for record, kind in zip(came, first_of(said, lambda r: r['form'].lower(), 'type')):
        yield record.get('format'), EU + 'file-type/' + kind
    # A label is no name of data.gouv.fr's: it becomes the code.
    labels = [r for r in rows if r['kind'] == 'label']
    format_ = 'http://purl.org/dc/terms/format'
    came = to_resources([{format_: [{'@value': r['form']}]} for r in labels], args)
    yield from zip((r['format'] for r in came), (r['type'].lower() for r in labels))
    # A ZIP file is one; a stream of bytes is what its address says.
    more = [r for r in rows if r['kind'] in ('carrier', 'vague')]
    came = to_resources([{format_: [{'@value': r['form']}], 'accessUrl': ['http://x.example/file.csv']} for r in more],
                        args)
    yield from zip((r['format'] for r in came), ('csv' if r['kind'] == 'vague' else r['type'].lower() for r in more))


def protocols(rows, args):
    said = [{'http://purl.org/dc/terms/format': [{'@value': r['form']}]} if r['kind'] == 'label' else
            {'accessService': [{'@type': ['DataService'], 'title': [{'@value': 'x'}],
                                'http://purl.org/dc/terms/conformsTo': [{'@id': r['form']}]}]} for r in rows]
    came = to_resources(said, args)
    yield from zip(((r['format'], r['type']) for r in came), ((r['protocol'], 'api') for r in rows))


def media_types(rows, args):
    came = from_resources([{'mime': r['form']} for r in rows], args)
    for row, record in zip(rows, came):
        yield record.get('mediaType'), 'http://www.iana.org/assignments/media-types/' + row['type']


def collapsed(pairs, args):
    """The addresses of the resources that --collapse-exports leaves of each list of them."""
    came = to_datagouv([{'datasetDistribution': [{'@type': ['Distribution'], 'accessUrl': [url]} for url in urls]}
                        for urls in pairs], ['--collapse-exports', *args])
    return [[r['url'] for r in o['resources']] for o in came]


def export_url(row, token='csv'):
    url = row['url'].replace('*', 'x', 1) if row['url'][0] != '/' else 'x.example' + row['url']
    return 'https://' + url.replace('{dataset}', 'd').replace('{format}', token)


def exports(rows, args):
    """Another way to write it is left out, another selection is not."""
    urls = [export_url(r) for r in rows]
    urls = [url + '&?'['?' not in url] for url in urls]
    pairs = [[url + 'a=1', url + 'a=1&' + r['free'].split()[-1] + '=1', url + 'a=2'] for url, r in zip(urls, rows)]
    yield from zip(collapsed(pairs, args), ([pair[0], pair[2]] for pair in pairs))


def export_formats(rows, args):
    """Of two that are of one format the first row is left; and it says the format of what says none."""
    first = {}
    for row in rows:
        first.setdefault(row['one'], row['token'])
    url = {'url': '/api/explore/v2.1/catalog/datasets/{dataset}/exports/{format}'}
    pairs = [[export_url(url, r['token']) + '?lang=fr', export_url(url, first[r['one']])] for r in rows]
    wanted = [pair[:1] if r['token'] == first[r['one']] else pair[1:] for r, pair in zip(rows, pairs)]
    yield from zip(collapsed(pairs, args), wanted)
    came = to_resources([{'http://purl.org/dc/terms/format': [{'@value': 'BIN'}], 'accessUrl': pair[:1]} for pair in pairs], args)
    yield from zip((r['format'] for r in came), ((r['type'] or r['token']).lower() for r in rows))


def access_rights(rows, args):
    came = from_datagouv([{'id': 'x', 'access_type': r['id']} for r in rows], args)
    yield from zip((record.get('accessRights') for record in came), (r['right'] for r in rows))


def access_categories(rows, args):
    rights = 'http://purl.org/dc/terms/accessRights'
    for column in ('category', 'label'):
        came = to_datagouv([{rights: text_or_iri(column == 'category', r[column])} for r in rows], args)
        yield from zip((o.get('access_type_reason_category') for o in came), (r['id'] for r in rows))
    came = from_datagouv([{'access_type': 'restricted', 'access_type_reason_category': r['id']} for r in rows], args)
    for row, record in zip(rows, came):
        yield row['category'] in json.dumps(record), True


def themes(rows, args):
    came = from_datagouv([{'id': 'x', 'tags': [r['tag']]} for r in rows], args)
    yield from zip((record.get('theme') for record in came), ([EU + 'data-theme/' + r['theme']] for r in rows))


def zones(rows, args):
    came = from_datagouv([{'spatial': {'zones': [r['zone']]}} for r in rows], args)
    yield from zip((record['geographicalCoverage'][0].get('@id') for record in came), (r['place'] for r in rows))


def hvd_categories(rows, args):
    came = to_datagouv([{'hvdCategory': [r['category']], 'theme': [r['category']]} for r in rows], args)
    for row, o in zip(rows, came):
        yield slug(row['name']) in o['tags'], True
    came = from_datagouv([{'id': 'x', 'tags': ['hvd', slug(r['name'])]} for r in rows], args)
    yield from zip((record.get('hvdCategory') for record in came), ([r['category']] for r in rows))


def contact_roles(rows, args):
    def agent(row):
        if row['first'] == 'vcard':
            return {'@type': ['Kind'], 'fn': [{'@value': 'Nom'}], 'name': [{'@value': 'Autre'}],
                    'hasEmail': ['mailto:nom@x.example']}
        return {'@type': ['Agent'], 'name': [{'@value': 'Nom'}], 'fn': [{'@value': 'Autre'}]}

    came = to_datagouv([{iri(r['property']): [agent(r)]} for r in rows], args)
    for row, o in zip(rows, came):
        yield [(c['role'], c['name']) for c in o['contact_points']], [(row['role'], 'Nom')]
    came = from_datagouv([{'contact_points': [{'name': 'Nom', 'role': r['role']}]} for r in rows], args)
    text = ''.join(json.dumps(record) + '\n' for record in came)
    graph = run('dcatap2nt', ['-q'], text)[0]
    for i, row in enumerate(rows):
        yield f'<http://x.example/{i}> <{iri(row["property"])}>' in graph, True


def languages(rows, args):
    for column in ('iso639_3', 'iso639_2b', 'language'):
        some = [r for r in rows if r[column]]
        titles = [{'title': [{'@value': 'no', '@language': 'x-none'}, {'@value': 'yes', '@language': r[column]}]}
                  for r in some]
        # A run takes sixteen languages.
        for n in range(0, len(some), 16):
            part = slice(n, n + 16)
            wanted = ','.join(r['iso639_1'] or r['iso639_3'] for r in some[part])
            for o in to_datagouv(titles[part], ['-L', wanted, *args]):
                yield o['title'], 'yes'
    for column in ('fr', 'en'):
        said = {}
        for row in rows:
            said.setdefault(slug(row[column]), row)
        some = [r for r in rows if said[slug(r[column])] is r and slug(r[column])]
        titles = [{'title': [{'@value': 'no', '@language': 'x-none'},
                             {'@value': 'yes', '@language': r['iso639_1'] or r['iso639_3']}]} for r in some]
        for n in range(0, len(some), 16):
            part = slice(n, n + 16)
            for o in to_datagouv(titles[part], ['-L', ','.join(r[column] for r in some[part]), *args]):
                yield o['title'], 'yes'


def transliterations(rows, args):
    keywords = ['ab' + chr(int(r['code'], 16)) + 'cd' for r in rows]
    came = to_datagouv([{'keyword': [{'@value': k}]} for k in keywords], args)
    for row, o in zip(rows, came):
        yield o['tags'], [slug('ab' + row['ascii'] + 'cd')]


def ministry_tags(rows, args):
    """Each is kept, be it short; one alone is too few where the ministry's tags stand."""
    text = ''.join(json.dumps({'@id': f'http://x.example/{i}', '@type': ['Dataset'], 'title': [{'@value': 'x'}],
                               'keyword': [{'@value': r['tag']}]}) + '\n' for i, r in enumerate(rows))
    out, said = run('dcatap2datagouv', ['-lv', *args], text)
    for i, (row, o) in enumerate(zip(rows, lines(out))):
        here = [line for line in said.splitlines() if f'<http://x.example/{i}>' in line]
        yield o['tags'], [row['tag']]
        yield any('[M126]' in line for line in here), row['use'] != 'theme'
        yield any('[M124]' in line for line in here), len(row['tag']) < 3


def rdfxml(body, declared=('rdf', 'dcat', 'dct')):
    names = ' '.join(f'xmlns:{p}="{PREFIXES[p]}"' for p in declared)
    return f'<rdf:RDF {names}>{body}</rdf:RDF>'


def entities(rows, args):
    body = ''.join(f'<dcat:Dataset rdf:about="http://x.example/{i}"><dct:title>a&{r["name"]};b</dct:title></dcat:Dataset>'
                   for i, r in enumerate(rows))
    found = {r['@id']: r for r in lines(run('rdfxml2dcatap', ['-lq', *args], rdfxml(body))[0])}
    for i, row in enumerate(rows):
        yield found.get(f'http://x.example/{i}', {}).get('title'), [{'@value': f'a{chr(int(row["code"], 16))}b'}]
    # And in HTML that a description holds.
    plain = [r for r in rows if int(r['code'], 16) not in (0x3C, 0x3E, 0x26, 0xA0) and
             not chr(int(r['code'], 16)).isspace()]
    came = to_datagouv([{'description': [{'@value': f'<p>a&{r["name"]};b</p>'}]} for r in plain], args)
    for row, o in zip(plain, came):
        yield o['description'].replace('\\', ''), f'a{chr(int(row["code"], 16))}b'


def prefixes(rows, args):
    body = ''.join(f'<dcat:Dataset rdf:about="http://x.example/{i}"><{r["prefix"]}:thing>x</{r["prefix"]}:thing></dcat:Dataset>'
                   for i, r in enumerate(rows) if r['prefix'] not in ('rdf', 'dcat', 'dct'))
    graph = run('rdfxml2nt', ['-q', *args], rdfxml(body))[0]
    for i, row in enumerate(rows):
        if row['prefix'] not in ('rdf', 'dcat', 'dct'):
            yield f'<http://x.example/{i}> <{row["namespace"]}thing>' in graph, True
    text = ''.join(json.dumps({'@id': f'http://x.example/{i}', '@type': ['Dataset'],
                               r['namespace'] + 'thing': [{'@value': 'x'}]}) + '\n' for i, r in enumerate(rows))
    written = run('dcatap2rdfxml', ['-q', *args], text)[0]
    for name in dict.fromkeys(r['prefix'] for r in rows):
        first = {}
        for row in rows:
            first.setdefault(row['namespace'], row['prefix'])
        if name in first.values():
            yield f'<{name}:thing>' in written, True


def parts(row):
    """What the head of an input holds."""
    escaped = row['signature'].encode()
    return re.sub(rb'\\x([0-9A-F]{2})', lambda m: bytes([int(m[1], 16)]), escaped).split(b' & ')


def dialects(rows, args):
    readers = ('rdfxml2nt', 'dcatap2nt', 'datagouv2dcatap')
    for row in rows:
        head = b' '.join(parts(row)) + b' ' * 300
        first = next(r for r in rows if head.startswith(parts(r)[0]) and all(p in head for p in parts(r)))
        wanted = first['en'] + (f'; {first["program"]} reads it' if first['program'] else '')
        # Each of these reads something else, so one at least says what it is.
        yield any(wanted in run(program, args, head, status=(0, 1, 2))[1] for program in readers), True


def envelopes(rows, args):
    dataset = rdfxml('<dcat:Dataset rdf:about="http://x.example/d"><dct:title>T</dct:title></dcat:Dataset>')
    for row in rows:
        around = row['role'] in ('envelope', 'list')
        element = f'<e:{row["element"]} xmlns:e="{row["namespace"]}">{dataset if around else "words"}</e:{row["element"]}>'
        alone, beside = (run('rdfxml2dcatap', ['-l', *args], '<w:SearchResults xmlns:w="http://www.opengis.net/cat/csw/2.0.2">'
                                                             f'{element}{more}</w:SearchResults>') for more in ('', dataset))
        yield {'aside': 'words' not in alone[0] + alone[1], 'fault': "'words' [D115]" in alone[1],
               'foreign': f"'{row['says']}' [X138]" in alone[1]}.get(row['role'], '/d"' in alone[0]), True
        yield '/d"' in beside[0], True


def probes(rows, args):
    """tests/http/probe-*.case ask; here each row is one that can be asked."""
    known = {r['dialect'] for r in read('dialects')}
    for row in rows:
        yield row['dialect'] in known and row['how'] in ('self', 'path', 'link'), True


# ---- Contexts that are known by URL ----

def context_url(row):
    return 'https://' + row['url'].replace('*', 'master')


def contexts(rows, args):
    terms = read('context-terms')
    for row in rows:
        first = next(r for r in rows if re.fullmatch(re.escape(r['url']).replace(r'\*', '.*'), context_url(row)[8:], re.I))
        term = next(t for t in terms if first['context'] in t['context'].split() and not t['scope'] and ':' in t['id'])
        text = json.dumps({'@context': context_url(row), '@type': term['term'], term['term']: 'x'})
        graph, said = run('dcatap2nt', args, text)
        yield 'J104' in said, False
        yield iri(term['id']) in graph, True


def term_node(row, i):
    """What a term says of a node, and the statement's part that tells it."""
    name, meaning, node = row['term'], iri(row['id']), f'http://x.example/{i}'
    if name == '@vocab':
        return {'@id': node, 'thing': 'x'}, f'<{meaning}thing>'
    if name == '@language':
        return {'@id': node, 'http://p.example/p': 'x'}, f'"x"@{row["id"]}'
    if meaning == '@id':
        return {name: node, 'http://p.example/p': 'x'}, f'<{node}>'
    if meaning == '@type':
        return {'@id': node, name: 'http://t.example/T'}, '<http://t.example/T>'
    if meaning[-1] in '#/':
        return {'@id': node, name + ':thing': 'x'}, f'<{meaning}thing>'
    value = {'fr': 'x'} if '@language' in row['container'] else {'@id': 'http://v.example/1'}
    said = {'@id': node, name: value}
    if row['scope']:
        said['@type'] = row['scope']
    elif not row['type'] and not row['container']:
        said['@type'] = name # it may be a class
    return said, f'<{meaning.removeprefix("^")}>'


def context_terms(rows, args):
    urls = {}
    for row in read('contexts'):
        urls.setdefault(row['context'], context_url(row))
    documents, wanted = [], []
    for row in rows:
        for context in row['context'].split():
            node, part = term_node({**row, 'id': iri(row['id'].removeprefix('^'))}, len(documents))
            documents.append(json.dumps({'@context': urls[context], **node}) + '\n')
            wanted.append((f'<http://x.example/{len(wanted)}>', part, context, row['term']))
    said = {}
    for line in run('dcatap2nt', ['-q', *args], ''.join(documents))[0].splitlines():
        for name in re.findall(r'<http://x\.example/\d+>', line):
            said[name] = said.get(name, '') + line
    for node, part, context, term in wanted:
        yield part in said.get(node, '') or f'{context}: {term}: no {part}', True


# ---- What says how things are called: classes and properties ----

def value_of(row, i):
    if row['kind'] == 'id':
        return f'<http://x.example/value/{i}>'
    if row['kind'] == 'text':
        return '"1"'
    return f'"1"^^<{iri(row["kind"])}>'


def as_rdfxml(triples):
    """N-Triples terms as RDF/XML, a description for each subject."""
    said = {}
    for s, p, o in triples:
        space, local = re.fullmatch(r'(.*?[/#])([^/#]+)', p).groups()
        value = re.fullmatch(r'"(.*)"(?:\^\^<(.*)>)?', o)
        if value:
            kind = f' rdf:datatype="{value[2]}"' if value[2] else ''
            inside = f'<n:{local} xmlns:n="{space}"{kind}>{value[1]}</n:{local}>'
        else:
            inside = f'<n:{local} xmlns:n="{space}" rdf:resource="{o[1:-1]}"/>'
        said[s] = said.get(s, '') + inside
    return rdfxml('\n'.join(f'<rdf:Description rdf:about="{s}">{inside}</rdf:Description>'
                            for s, inside in said.items()))


def nodes(value):
    """All objects with an @id in a value of JSON, with their keys together."""
    if isinstance(value, list):
        return list(itertools.chain.from_iterable(map(nodes, value)))
    if not isinstance(value, dict):
        return []
    return [value] + nodes([v for k, v in value.items() if k != '@context'])


def properties(rows, args):
    triples = []
    for i, row in enumerate(rows):
        node = f'http://x.example/node/{i}'
        type_ = 'http://www.w3.org/ns/dcat#Dataset' if row['class'] == '*' else iri(row['class'])
        triples.append((node, RDF + 'type', f'<{type_}>'))
        if row['link'] == 'reverse':
            triples.append((f'http://x.example/value/{i}', iri(row['property']), f'<{node}>'))
        else:
            triples.append((node, iri(row['property']), value_of(row, i)))
        # A record that leads to it.
        triples.append((f'http://x.example/root/{i}', RDF + 'type', '<http://www.w3.org/ns/dcat#Dataset>'))
        triples.append((f'http://x.example/root/{i}', 'http://p.example/p', f'<{node}>'))
    text = as_rdfxml(triples)
    links = {r['property'] for r in rows if r['link'] == 'reverse'}
    for version, column in (('3.0.1', 'key'), ('2.1.1', 'key_2_1_1')):
        document = run('rdfxml2dcatap', ['-lq', '--keys', version, *args], text)[0]
        found = {}
        for node in nodes(lines(document)):
            found.setdefault(node.get('@id'), {}).update(node)
        said = []
        for i, row in enumerate(rows):
            key = row[column] or row['key']
            value = f'http://x.example/value/{i}'
            text_ = {'@value': '1'}
            if row['kind'] not in ('id', 'text'):
                value = '1'
                text_['@type'] = iri(row['kind'])
            elif row['kind'] == 'text':
                value = text_
            if version == '2.1.1' and row['kind_2_1_1']:
                value = text_
            if key == '-':
                key, value = iri(row['property']), [{'@id': value} if isinstance(value, str) else value]
            elif row['number'] == 'many':
                value = [value]
            # What links records is written with the other end.
            if row['link'] == 'reverse' or row['property'] not in links:
                yield found.get(f'http://x.example/node/{i}', {}).get(key), value
            said.append({'@id': f'http://x.example/node/{i}', key: value})
        back = run('dcatap2nt', ['-q', *args], ''.join(json.dumps(node) + '\n' for node in said))[0]
        for s, p, o in triples:
            if p not in (RDF + 'type', 'http://p.example/p'):
                yield f'<{s}> <{p}> {o} .' in back or f'not read: <{s}> <{p}> {o}', True


def classes(rows, args):
    own = read('properties')
    for row in rows:
        triples = [('http://x.example/1', RDF + 'type', f'<{iri(row["class"])}>')]
        if row['like']:
            triples += [('http://x.example/1', iri(p['property']), value_of(p, 1)) for p in own if p['class'] == row['like']]
        document, said = run('rdfxml2dcatap', ['-l', *args], as_rdfxml(triples))
        node = next(n for n in nodes(lines(document)) if n.get('@id') == 'http://x.example/1')
        yield node['@type'], [row['key'] or iri(row['class'])]
        yield 'D103' not in said, row['role'] in ('root', 'service')
        for p in own if row['like'] else []:
            if p['class'] == row['like'] and not p['link']:
                yield p['key'] in node, True
    # A record waits for the description of a node that it names, or does not.
    wanted = {r['class']: r['wanted'] == 'yes' for r in rows}
    for p in own:
        if p['class'] == 'dcat:Dataset' and not p['link'] and p['kind'] == 'id' and p['range'] in wanted:
            space, local = re.fullmatch(r'(.*?[/#])([^/#]+)', iri(p['property'])).groups()
            text = rdfxml(f'<dcat:Dataset rdf:about="http://x.example/1"><n:{local} xmlns:n="{space}" '
                          'rdf:resource="http://x.example/2"/></dcat:Dataset>'
                          f'<rdf:Description rdf:about="http://x.example/2"><rdf:type rdf:resource="{iri(p["range"])}"/>'
                          '<dct:title>x</dct:title></rdf:Description>')
            first = lines(run('rdfxml2dcatap', ['-lq', *args], text)[0])[0]
            roots = [r['class'] for r in rows if r['role'] in ('root', 'service', 'vocabulary', 'record')]
            if p['range'] not in roots:
                yield '"x"' in json.dumps(first), wanted[p['range']]


# ---- Rules of dcatapclean: each finds something to repair ----

LIST_FORMS = {'frequency': 'mensuel', 'language': 'fre', 'theme': 'Santé', 'access-right': 'public', 'licence': 'CC0',
              'file-type': 'csv', 'media-type': 'text/csv', 'checksum-algorithm': 'SHA-1', 'hvd-category': 'Statistiques',
              'status': 'withdrawn', 'availability': 'stable'}
CLASSES_OF = {'dcat:compressFormat': 'dcat:Distribution', 'dcat:packageFormat': 'dcat:Distribution',
              'dcat:mediaType': 'dcat:Distribution', 'dct:format': 'dcat:Distribution', 'dct:license': 'dcat:Distribution',
              'dct:rights': 'dcat:Distribution', 'dcatap:availability': 'dcat:Distribution', 'spdx:algorithm': 'spdx:Checksum'}
TOPIC = 'http://x.example/topic'

# By function: members of a node that it has something to do with.
RULE_NODES = {
    'namespace': lambda row: {'dct:source': [{'@id': row['argument'].split()[0] + 'x'}]},
    'qname': lambda row: {'dct:source': [{'@id': 'dctype:Dataset'}]},
    'rename': lambda row: {row['property']: [{'@value': 'x'}]},
    'empty': lambda row: {'dct:source': [{'@value': ' '}]},
    'series': lambda row: {'@type': ['dcat:Dataset', 'dcat:DatasetSeries']},
    'typed': lambda row: {'dcat:distribution': [{iri('dct:title'): [{'@value': 'x'}]}]},
    'word': lambda row: {row['property']: [{'@id': 'Rennes'}]},
    'compress': lambda row: {row['property']: [{'@value': 'CSV'}]},
    'concept': lambda row: {row['property']: [{'@value': 'zip' if row['property'] == 'dcat:compressFormat' else
                                               LIST_FORMS[row['argument']]}]},
    'theme': lambda row: {row['property']: [{'@value': LIST_FORMS[row['argument']]}]},
    'keyword': lambda row: {row['property']: [{'@value': 'marsouins'}]},
    'unmatched': lambda row: {row['property']: [{'@value': 'marsouins'}]},
    'address': lambda row: {'dcat:landingPage': [{'@value': 'http://x.example/'}]},
    'node': lambda row: {row['property'].replace('*', 'dct:provenance'): [{'@value': 'marsouins'}]},
    'text': lambda row: {row['property'].replace('*', 'adms:versionNotes'): [{'@id': 'http://x.example/'}]},
    'plain': lambda row: {row['property']: [{'@value': '2023', '@type': XSD + 'gYear'}]},
    'datatype': lambda row: {'dcat:temporalResolution': [{'@value': 'P1DT6H'}]},
    'from': lambda row: {'': None, row['argument'].split()[-1]:
                         [{'@id': 'http://x.example/'} if 'URL' in row['property'] else {'@value': 'x'}]},
    'inverse': lambda row: {row['property']: [{'@type': [iri('dcat:CatalogRecord')], iri('dct:title'): [{'@value': 'x'}]}]},
    'apart': lambda row: {row['property']: [{'@value': 'x'}, {'@value': 'y'}]},
    'single': lambda row: {row['property'].replace('*', 'dct:accrualPeriodicity'):
                           [{'@id': 'http://x.example/1'}, {'@id': 'http://x.example/2'}]},
    'mandatory': lambda row: {},
    'missing_format': lambda row: {'dcat:accessURL': [{'@id': 'http://x.example/a.csv'}]},
    **{how: lambda row, value=value: {row['property'].replace('*', 'dct:source'): [{'@value': value}]} for how, value in {
        'mojibake': 'Ã©tÃ©', 'doubtful_mojibake': 'été Ã©', 'markdown': '<b>x</b>', 'line': 'x\ny', 'unseen': 'a\u200bb',
        'period': '2017/2018', 'doubtful_period': 'toujours', 'date': '31/12/2023', 'no_date': 'Invalid Date',
        'doubtful_date': '01/02/2023', 'future_date': '2999-01-01', 'byte_size': '12 Ko', 'no_byte_size': 'x',
        'doubtful_byte_size': '1,234', 'keywords': 'a;b', 'doubtful_keywords': 'a, b', 'contact': 'Jean',
        'email': 'a@b.example.org', 'doubtful_email': 'a(at)b.example.org', 'place': 'Rennes', 'geometry': 'point(2 48)',
        'point': 'POINT(2 48)', 'doubtful_geometry': '48,2,49,3', 'no_geometry': 'NaN'}.items()},
    **{how: lambda row, name=name: {row['property']: [{'@id': name}]} for how, name in {
        'keyword_node': 'http://c.example/x', 'url': 'ttps://a.example.org/', 'doubtful_url': 'https://a.example.org/%3p',
        'unreachable': 'http://localhost/', 'relative': 'a/b', 'form': 'https://a.example.org/',
        'personal': 'mailto:jean.dupont@b.example.org'}.items()},
    'bounds': lambda row: {row['property']: [{iri('schema:startDate'): '2017'}]},
    'swapped': lambda row: {row['property']: [{iri('dcat:startDate'): '2018', iri('dcat:endDate'): '2017'}]},
    'foaf_contact': lambda row: {row['property']: [{iri('foaf:name'): 'Jean'}]},
    'unwrap': lambda row: {row['property']: [{iri('vcard:hasValue'): '0123'}]},
    'fallback_contact': lambda row: {'dct:publisher': [{iri('foaf:mbox'): [{'@id': 'mailto:a@b.example.org'}]}]},
    'inspire': lambda row: {row['property']: [in_inspire('Sols')]},
    'topic': lambda row: {'@type': ['dcat:CatalogRecord'], row['property']: [{'@id': TOPIC}]}}


def rule_node(row):
    members = {'@type': [CLASSES_OF.get(row['property'], 'dcat:Dataset') if row['class'] == '*' else row['class']],
               **RULE_NODES[row['how']](row)}
    return {name if name.startswith('@') else iri(name): [iri(v) for v in value] if name == '@type' else value
            for name, value in members.items() if name}


def cleaned(nodes, args):
    """What becomes of datasets of DCAT-AP, or what are like them, and the codes of what was said of each."""
    names = [f'http://x.example/node/{i}' for i in range(len(nodes))]
    text = ''.join(json.dumps({'@id': name, **node}) + '\n' for name, node in zip(names, nodes))
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work, 'said')
        found = {o.get('@id'): o for o in lines(run('dcatapclean', ['-lq', '--diagnostics', file, *args], text)[0])}
        said = {}
        for one in lines(file.read_text(encoding='utf-8')):
            said.setdefault(one.get('record'), []).append(one['code'])
    return [(found.get(name), said.get(name, []) + said.get(TOPIC, [])) for name in names]


def rules(rows, args):
    for row, (node, said) in zip(rows, cleaned([rule_node(row) for row in rows], args)):
        yield row['code'] in said or f'{row["property"]} {row["how"]} {row["argument"]}: {said}', True


LIST_PROPERTIES = {'frequency': 'dct:accrualPeriodicity', 'language': 'dct:language', 'theme': 'dcat:theme',
                   'access-right': 'dct:accessRights', 'file-type': 'dct:format', 'media-type': 'dcat:mediaType',
                   'checksum-algorithm': 'spdx:algorithm', 'hvd-category': 'dcatap:hvdCategory', 'status': 'adms:status',
                   'availability': 'dcatap:availability'}


def in_inspire(label):
    return {iri('skos:prefLabel'): label, iri('skos:inScheme'): {'@id': 'http://inspire.ec.europa.eu/theme'}}


def concepts(rows, args):
    def sample(row):
        form = row['form']
        if row['list'] == 'inspire-theme':
            return {'@type': [iri('dcat:Dataset')], iri('dcat:theme'): in_inspire(form)}
        return {'@type': [iri('dcat:Distribution')], iri(LIST_PROPERTIES[row['list']]): text_or_iri(':' in form, form)}
    for row, (node, said) in zip(rows, cleaned([sample(row) for row in rows], args)):
        yield f'"{row["concept"]}"' in json.dumps(node), True


def dates_of(texts, args):
    nodes = [{'@type': [iri('dcat:Dataset')], iri('dct:issued'): [{'@value': text}]} for text in texts]
    return [node.get('releaseDate', {}).get('@value') for node, said in cleaned(nodes, args)]


def date_words(rows, args):
    texts = [f'12 {row["word"]} 2023' if row['month'] != '0' else f'{row["word"]} 12 janvier 2023' for row in rows]
    for row, came in zip(rows, dates_of(texts, args)):
        yield came, f'2023-{int(row["month"]) or 1:02}-12'


def time_zones(rows, args):
    for month, column in (('01', 'offset'), ('07', 'summer')):
        texts = [f'2023-{month}-02 10:00:00 {row["zone"]}' for row in rows]
        for row, text, came in zip(rows, texts, dates_of(texts, args)):
            offset = row[column] or row['offset']
            yield came, text[:10] + 'T10:00:00' + ('Z' if offset == '+00:00' else offset)


# ---- What maps fields: each is there in what a golden case expects ----

def golden(program):
    found = []
    for case in sorted(pathlib.Path('tests/cli').glob(f'{program}/*/stdout')):
        if ' | ' in (case.parent / 'args').read_text(): # another program wrote it
            continue
        text = case.read_text(encoding='utf-8')
        try:
            found.append(json.loads(text))
        except json.JSONDecodeError:
            try:
                found += lines(text)
            except json.JSONDecodeError:
                pass
    return found


def member(value, path):
    for part in path.split('.') if path else []:
        if part == '*':
            return value if value and any(k != 'dcat' for k in value) else None
        value = value.get(part) if isinstance(value, dict) else None
    return value


def datagouv(rows, args):
    if args:
        return
    objects = []
    for value in golden('*2datagouv'):
        objects += value['data'] if 'data' in value else [value.get('body', value)] # of a payload
    kinds = {'dataset': [o for o in objects if 'base_api_url' not in o],
             'service': [o for o in objects if 'base_api_url' in o]}
    kinds['resource'] = [r for o in kinds['dataset'] for r in o.get('resources', [])]
    kinds['contact'] = [c for o in objects for c in o.get('contact_points', [])] + [o for o in objects if 'role' in o]
    for row in rows:
        said = [member(o, row['field']) for o in kinds[row['object']]]
        yield any(v not in (None, '', []) for v in said) or f'no golden case has {row["object"]} {row["field"]}', True


def datagouv_dcat(rows, args):
    if args:
        return
    text = ''
    for case in sorted(pathlib.Path('tests/cli').glob('datagouv2dcatap/*/stdout')):
        if not re.search(r'--list-| \| ', (case.parent / 'args').read_text()) and 'help' not in case.parent.name:
            text += run('dcatap2nt', ['-q'], case.read_bytes())[0]
    for row in rows:
        yield f' <{iri(row["property"])}> ' in text or f'no golden case has {row["property"]}', True


# ---- Spreadsheets ----

CELLS = {'text': 'mot', 'list': 'mot', 'licence': 'lov2', 'frequency': 'annual', 'date': '2020-12-31', 'number': '12',
         'flag': 'oui', 'url': 'https://x.example/mot', 'email': 'a@x.example', 'json': '{"type":"Point"}', '-': 'mot'}


def spreadsheet(heading, field, kind, args):
    """What a cell below the heading makes, and what is said of it."""
    cell = CELLS[kind].replace('"', '""')
    if field == 'title':
        return run('csv2dcatap', ['-l', *args], f'{heading}\n"{cell}"\n')
    return run('csv2dcatap', ['-l', *args], f'Titre;{heading}\nx;"{cell}"\n')


def csv_headings(rows, args):
    kinds = {r['field']: r['kind'] for r in TABLES['csv-fields']}
    for row in rows:
        said = spreadsheet(row['heading'], row['field'], kinds[row['field']], args)[1]
        yield row['heading'] + (': S102' if 'S102' in said else ''), row['heading']
        yield 'S103' in said, row['field'] == '-'


def csv_fields(rows, args):
    bare = run('csv2dcatap', ['-l'], 'Titre\nx\n')[0]
    headings = {}
    for row in TABLES['csv-headings']:
        headings.setdefault(row['field'], row['heading'])
    for row in rows:
        if not args:
            came, said = spreadsheet(headings[row['field']], row['field'], row['kind'], args)
            yield row['field'] + ('' if (came != bare) == (row['field'] != '-') else ': nothing came of it'), row['field']
        for column in ('fr', 'en'):
            words = run('dcatap2csv', ['--columns', 'template', '-L', f'{column},de', *args], '')[0]
            yield not row[column] or f'"{row[column]}"' in words or f'{row[column]} is not in the template', True


def csv_catalogue(rows, args):
    header = run('dcatap2csv', args, '')[0].splitlines()[0].split(';')
    for i, row in enumerate(rows):
        yield header[i] if not args else header[-1], f'"{row["column"]}"'
    filled = set()
    for case in sorted(pathlib.Path('tests/cli').glob('dcatap2csv/*/stdout')):
        with open(case, encoding='utf-8', newline='') as file:
            for line in csv.DictReader(file, delimiter=';'):
                filled |= {k for k, v in line.items() if v}
    for row in rows if not args else []:
        yield not row['how'] or row['column'] in filled or f'no golden case fills {row["column"]}', True
# ---- Other platforms' JSON: each row by itself ----

SAMPLES = {'text': 'x', 'texts': ['x'], 'words': 'x;y', 'name': [{'name': 'x'}], 'date': '2020-01-02', 'decimal': 1.5,
           'document': 'http://x.example/d', 'duration': 'P1D', 'email': 'a@x.example', 'format': 'CSV',
           'frequency': 'daily', 'iri': 'http://x.example/i', 'label': 'x', 'language': 'fr', 'media_type': 'text/csv',
           'size': '12', 'theme': 'environnement', 'interval': '2020/2021', 'place': 'x', 'bounds': '2020', 'box': '1',
           'geometry': {'type': 'Point', 'coordinates': [1, 2]}, 'checksum': 'd41d8cd98f00b204e9800998ecf8427e',
           'licence': 'cc-by', 'own_licence': 'cc-by', 'fallback': 'http://x.example/f', 'upload': 'http://x.example/u'}


def members_of(row, rows):
    """An object with what the row reads and no more, or None: other rows read it with it."""
    how, fields, argument = row['how'], row['field'].split(), row['argument']
    if how == 'word':
        return {fields[0]: argument.split('=')[0]}
    if how == 'ignore':
        return {field: json.loads(argument or '"x"') for field in fields}
    if how in ('nodes', 'flat'):
        name, _, prefix = (argument.split(' ') + [''])[:3]
        part = next(m for m in (members_of(r, rows) for r in rows if r['object'] == name and r['property']) if m)
        named = {'name': 'x'} if prefix.startswith('/') else {}
        return {prefix + k: v for k, v in part.items()} if how == 'flat' else {fields[0]: [{**part, **named}]}
    if how == 'box':
        return {field: '1' for field in fields}
    extra = {argument: 'upload'} if how == 'upload' else {}
    for other in rows[:rows.index(row)]: # which would take the member first
        if fields and other['object'] == row['object'] and fields[0] in other['field'].split()[1:]:
            extra[other['field'].split()[0]] = 'y'
    return {fields[0]: SAMPLES[how], **extra} if fields else {}


def around(name, members, rows):
    """The dataset around an object of this name."""
    if name in ('dataset', 'catalogue'):
        return members
    row = next(r for r in rows if r['how'] in ('nodes', 'flat') and r['argument'].split(' ')[0] == name)
    prefix = (row['argument'].split(' ') + ['', ''])[2]
    inside = {row['field'].split()[0]: [members]} if row['how'] == 'nodes' else {prefix + k: v for k, v in members.items()}
    return around(row['object'], inside, rows)


def platform(program, wrap, rows, args):
    for row in rows:
        members = members_of(row, rows)
        text = json.dumps(wrap(row['object'], members, rows))
        came = run(program, ['-lq', '-b', 'https://x.example/', *args], text)[0]
        if row['how'] == 'ignore':
            yield not any(re.search(f'#{re.escape(field)}"', came) for field in members) or f'{members} was kept', True
        else:
            names = [r['key'] for r in TABLES['properties'] if iri(r['property']) == iri(row['property'])]
            yield any(f'"{name}":' in came for name in [*names, iri(row['property'])]) or f'{row}: {came}', True


def ckan(rows, args):
    yield from platform('ckan2dcatap', lambda name, members, rows: {
        'name': 'x', 'owner_org': 'x', **around(name, members, rows)}, rows, args)


def wrap_ods(name, members, rows):
    if name in ('attachment', 'export'):
        return {'dataset_id': 'x', 'metas': {'default': {'license': 'cc-by'}}, 'has_records': True, 'attachments': [members]}
    metas = {'default': {}}
    for key, value in around(name, members, rows).items():
        template, _, member = key.rpartition('.')
        metas.setdefault(template or 'default', {})[member] = value
    return {'dataset_id': 'x', 'metas': metas}


def ods(rows, args):
    yield from platform('ods2dcatap', wrap_ods, rows, args)


def ods_exports(rows, args):
    dataset = {'dataset_id': 'x', 'metas': {}, 'has_records': True, 'features': [r['needs'] for r in rows if r['needs']]}
    came = lines(run('ods2dcatap', ['-lq', '-b', 'https://x.example/', *args], json.dumps(dataset))[0])[0]
    for row in rows:
        yield any(d['format'] == EU + 'file-type/' + row['type'] and d['downloadUrl'][0].endswith('/' + row['format'])
                  for d in came['datasetDistribution']), True


def datajson(rows, args):
    def wrap(name, members, rows):
        if name == 'catalogue':
            return {'title': 'x', **members, 'dataset': []}
        if name == 'file':
            members = {'accessURL': 'http://x.example/f', 'license': 'cc-by', **members}
        return {'description': 'x', **around(name, members, rows)}
    yield from platform('datajson2dcatap', wrap, rows, args)


def changed(name, row):
    """Another row for the table, and rows that it is laid over."""
    new = {'access-categories': {'id': 'mine', 'category': 'http://c.example/mine', 'label': 'Ma raison'},
           'access-rights': {'right': 'http://c.example/right'}, 'contexts': {'url': 'mine.example/context', 'context': 'dcat-ap-2'},
           'context-terms': {'context': 'dcat-ap-2', 'scope': '', 'term': 'mien', 'id': 'http://p.example/mien', 'type': '',
                             'container': '', 'language': ''},
           'contact-roles': {'role': 'mien', 'property': 'dct:contributor'},
           'date-words': {'word': 'mien', 'month': '3'},
           'time-zones': {'zone': 'Mars/Olympus', 'offset': '+05:00', 'summer': ''},
           'entities': {'name': 'mienne', 'code': '3B1'}, 'file-types': {'type': 'MINE', 'form': 'mien'},
           'frequencies': {'kind': 'fr', 'form': 'souvent et bien', 'id': 'daily'},
           'hvd-categories': {'category': 'http://data.europa.eu/bna/c_mine', 'name': 'Miennes'},
           'languages': {'language': 'QQQ', 'iso639_1': '', 'iso639_3': 'qqq', 'iso639_2b': 'qqp', 'fr': 'mien', 'en': 'mine'},
           'licences': {'id': 'fr-lo', 'kind': 'title', 'form': 'Ma licence'},
           'envelopes': {'namespace': 'http://ns.example/', 'element': 'Wrap', 'role': 'foreign', 'says': 'mine'},
           'exports': {'platform': 'mine', 'url': 'mine.example/{dataset}/as/{format}', 'free': 'comment'},
           'export-formats': {'token': 'mien', 'type': 'CSV', 'one': 'mien'},
           'ministry-tags': {'tag': 'zz', 'use': 'producer', 'note': ''},
           'protocols': {'protocol': 'mine', 'kind': 'label', 'form': 'Mon protocole'},
           'media-types': {'form': 'application/mine', 'type': 'text/mine'},
           'prefixes': {'prefix': 'mien', 'namespace': 'http://ns.example/mien#'},
           'properties': {'key': 'mien', 'property': 'http://p.example/mien', 'class': '*', 'link': '', 'kind': 'text',
                          'key_2_1_1': '', 'kind_2_1_1': '', 'number': 'many'},
           'classes': {'class': 'http://c.example/Mine', 'key': 'Mine', 'like': '', 'wanted': ''},
           'dialects': {'dialect': 'mine', 'signature': 'MINE', 'en': 'a mine', 'fr': 'une mine', 'program': 'minecraft'},
           'concepts': {'list': 'theme', 'concept': 'http://x.example/mien', 'form': 'mien'},
           'rules': {'code': 'C101', 'class': '*', 'property': 'http://p.example/mien', 'how': 'rename',
                     'argument': 'dct:title'},
           'themes': {'tag': 'miens', 'theme': 'MINE'}, 'transliterations': {'code': '5317', 'ascii': 'bei'},
           'csv-headings': {'heading': 'mon titre à moi', 'field': 'title'},
           'csv-fields': {'field': 'extras.mien', 'kind': 'text', 'fr': 'Le mien', 'en': 'Mine', 'note_fr': '', 'note_en': ''},
           'csv-catalogue': {'column': 'mienne', 'how': 'text', 'from': 'title'},
           'zones': {'zone': 'country:zz', 'place': 'http://p.example/zz'}}
    return {**row, **new[name]} if name in new else None


def check(name, rows, args, what):
    sample = globals()[name.replace('-', '_')]
    count = 0
    for i, (came, wanted) in enumerate(sample(rows, args)):
        count += 1
        if came != wanted:
            failures.append(f'{name}{what}: sample {i}: {came!r} came, not {wanted!r}')
    return count


for name, rows in TABLES.items():
    said = run('rdfxml2dcatap', [f'--list-{name}'], '')[0].split('\n')
    if said[1:-1] != ['\t'.join(r.values()) for r in rows]:
        failures.append(f'--list-{name} does not print its rows')
    if name.replace('-', '_') not in globals():
        failures.append(f'{name} has no sample')
        continue
    if check(name, rows, [], '') < len(rows):
        failures.append(f'{name}: rows without a sample')
    more = changed(name, rows[-1])
    if more:
        with tempfile.NamedTemporaryFile('w', suffix='.tsv', encoding='utf-8') as file:
            file.write('\t'.join(more) + '\n' + '\t'.join(more.values()) + '\n')
            file.flush()
            check(name, [more], ['--table', f'{name}={file.name}'], ' with a row laid over')
for failure in failures[:60]:
    print(failure[:300])
print(f'{len(failures)} failures')
sys.exit(bool(failures))
