"""schemas.py FOLDER: every JSON that a golden case expects on standard output validates against the schema of its format
in FOLDER, and its keys stand in the order that README.md of schemas/ tells of. One process for all of them.

A schema that takes all would pass as well, so each must refuse what is broken first."""
import json
import pathlib
import re
import sys

from jsonschema import Draft202012Validator

folder = pathlib.Path(sys.argv[1])
failures = []


def fail(where, what):
    failures.append(f'{where}: {what}'[:400])


def validator(name):
    schema = json.loads((folder / f'{name}.schema.json').read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


VALIDATORS = {name: validator(name) for name in ('dcatap-3.0.1', 'dcatap-2.1.1', 'datagouv')}

# ---- Order of keys ----

BEFORE = ['@context', '@id', 'partOfRecord', '@type']


def key_order(column):
    rows = [line.split('\t') for line in open('schemas/properties.tsv', encoding='utf-8').read().splitlines()
            if line and not line.startswith('#')]
    places = [rows[0].index(name) for name in dict.fromkeys((column, 'key'))]
    return list(dict.fromkeys(next(row[i] for i in places if row[i]) for row in rows[1:]))


ORDERS = {'dcatap-3.0.1': BEFORE + key_order('key'), 'dcatap-2.1.1': BEFORE + key_order('key_2_1_1')}


class Pairs(dict):
    """An object that still knows the keys as they came."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.came = [key for key, _ in pairs]


def check_order(where, value, order):
    if isinstance(value, list):
        for item in value:
            check_order(where, item, order)
    if not isinstance(value, Pairs):
        return
    ranks = [(order.index(key), '') if key in order else (len(order), key) for key in value.came]
    if '@graph' not in value and '@value' not in value and '@list' not in value:
        if ranks != sorted(set(ranks)):
            fail(where, f'keys not in order: {value.came}')
    for key, item in value.items():
        if key != '@context':
            check_order(where, item, order)


# ---- Golden cases ----

# No JSON, or of another format, or what another program makes of it, or with keys that a table of the case's own adds.
OTHER = re.compile(r'(^|\s)(\||-h|--help|-V|--version|--explain|--list-|--payload|--template|--table properties=)')


def values(text):
    try:
        return [json.loads(text, object_pairs_hook=Pairs)]
    except json.JSONDecodeError:
        return [json.loads(line, object_pairs_hook=Pairs) for line in text.splitlines()]


def check_case(case, schema):
    try:
        found = values((case / 'stdout').read_text(encoding='utf-8'))
    except json.JSONDecodeError as e:
        fail(case, f'not JSON: {e}')
        return 0
    for value in found:
        error = next(VALIDATORS[schema].iter_errors(value), None)
        if error:
            while error.context:
                error = error.context[-1]
            fail(case, f'{schema}: {"/".join(map(str, error.absolute_path))}: {error.message}')
        if schema in ORDERS:
            check_order(case, value, ORDERS[schema])
    return len(found)


def cases():
    """Each case, the program that writes its standard output, and the arguments of that."""
    for path in sorted(pathlib.Path('tests/cli').glob('*/*/args')):
        yield path.parent, path.parent.parent.name, path.read_text()
    for path in sorted(pathlib.Path('tests/chain').glob('*/cmd')):
        program, _, args = path.read_text().rpartition('|')[2].strip().partition(' ')
        yield path.parent, program, args


def written_by(program):
    """The name of its writer, or '' for a program of another kind."""
    source = pathlib.Path(f'converters/{program}.c')
    found = re.search(r'\.writer = mo_(\w+)_writer', source.read_text()) if source.exists() else None
    return found[1] if found else ''


def check_cases():
    count = dict.fromkeys(VALIDATORS, 0)
    for case, program, args in cases():
        writer = written_by(program)
        if writer not in ('dcatap', 'datagouv') or OTHER.search(args) or not (case / 'stdout').exists():
            continue
        keys = '-2.1.1' if '--keys 2.1.1' in args else '-3.0.1'
        schema = writer + (keys if writer == 'dcatap' else '')
        count[schema] += check_case(case, schema)
    for schema, n in count.items():
        if not n:
            fail(schema, 'no case')


# ---- What is broken ----

FINE = {
    'dcatap-3.0.1': {'@id': 'http://x.example/1', '@type': ['Dataset'], 'title': [{'@value': 'x', '@language': 'fr'}],
                     'datasetDistribution': [{'accessUrl': ['http://x.example/'], 'byteSize': '1'}],
                     'http://p.example/p': [{'@id': 'http://x.example/2'}, {'@list': [{'@value': 'x'}]}]},
    'dcatap-2.1.1': {'@type': ['Dataset'], 'datasetDistribution': [{'accessURL': ['http://x.example/'],
                                                                    'byteSize': {'@value': '1'}}]},
    'datagouv': json.loads(pathlib.Path('tests/cli/dcatap2datagouv/rich/stdout').read_text().splitlines()[1].rstrip(',')),
}
BROKEN = {
    'dcatap-3.0.1': [{'titre': []}, {'title': 'x'}, {'title': [{'@value': 1}]}, {'title': []}, {'frequency': []},
                     {'title': [{'@value': 'x', '@type': 'y', '@language': 'fr'}]}, {'@type': 'Dataset'},
                     {'@type': ['Jeu']}, {'byteSize': 1}, {'byteSize': {'@value': '1'}}, {'publisher': {'title': 'x'}},
                     {'publisher': {'partOfRecord': True}}, {'http://p.example/p': 'x'}, {'accessURL': ['http://x/']},
                     {'http://p.example/p': ['x']}, {'_:p': [{'@value': 'x'}]}, {'partOfRecord': False},
                     {'datasetDistribution': [{'titel': []}]}, {'@graph': [{'titre': []}]}],
    'dcatap-2.1.1': [{'accessUrl': ['http://x/']}, {'byteSize': '1'}, {'version': {'@value': '1'}}],
    'datagouv': [{'titre': 'x'}, {'tags': None}, {'license': 'mine'}, {'frequency': 'souvent'}, {'title': 1},
                 {'private': None}, {'spatial': {'zones': []}}, {'extras': {'moisson:rdf': {}}},
                 {'contact_points': [{'name': 'x'}]}, {'resources': [{}]}, {'data': [{}]}],
}


def check_refusals():
    for name, fine in FINE.items():
        if not VALIDATORS[name].is_valid(fine):
            fail(name, 'refuses what is fine')
        for change in BROKEN[name]:
            if VALIDATORS[name].is_valid({**fine, **change}):
                fail(name, f'takes {change}')
    before = len(failures)
    check_order('order', values('{"title":[],"@id":""}')[0], ORDERS['dcatap-3.0.1'])
    if len(failures) == before:
        fail('order', 'takes a key before @id')
    else:
        failures.pop()


check_refusals()
check_cases()
for failure in failures[:40]:
    print(failure)
sys.exit(bool(failures))
