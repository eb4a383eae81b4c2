"""clean_order.py [FILE ...]: the catalogues of tests/chain, or these, with other prefixes, with other identifiers, and
with their statements in another order (by a seed): what dcatapclean makes of them says the same, it says so as often
under each code, and what dcatap2datagouv makes of that says the same too."""
import collections
import hashlib
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

BIN = pathlib.Path(os.environ['BUILD'], 'bin').absolute()
READERS = {'.rdf': 'rdfxml2dcatap', '.xml': 'rdfxml2dcatap', '.ttl': 'ttl2dcatap', '.json': 'jsonld2dcatap',
           '.jsonld': 'jsonld2dcatap'}
BASE = ['-b', 'http://h.example/x/']
SEEDS = range(3)
# Of several values one stays, by their order where nothing else tells them apart: which one is no matter here. Nor are
# fields of data.gouv.fr that hold the first of several values; these are made of all.
FIRST_OF_MANY = {'C107', 'C134'}
OF_ALL = ('tags', 'license', 'spatial')
failures = 0


def run(program, args, text):
    r = subprocess.run([BIN / program, *args], input=text, capture_output=True, check=False)
    if r.returncode > 1:
        raise RuntimeError(f'{program}: status {r.returncode}: {r.stderr.decode()[:200]}')
    return r.stdout.decode()


def made_of(records):
    """What becomes of the records, what of that on data.gouv.fr, and how often each code was said."""
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work, 'said')
        out = run('dcatapclean', ['-lq', '--diagnostics', file], records.encode())
        said = [json.loads(line)['code'] for line in file.read_text(encoding='utf-8').splitlines()]
    mapped = run('dcatap2datagouv', ['-lq', '-L', 'fr,en', '--extras', 'known'], out.encode())
    return out, mapped, collections.Counter(said)


# ---- Changes ----

def other_prefixes(text):
    """RDF/XML with other prefixes."""
    for name in set(re.findall(r'xmlns:([\w.-]+)\s*=', text)) - {'xml'}:
        text = re.sub(rf'(xmlns:|</?){re.escape(name)}(?=[:=\s])', rf'\1x-{name}', text)
        text = re.sub(rf'(\s){re.escape(name)}(?=:[\w.-]+\s*=\s*["\'])', rf'\1x-{name}', text)
    return text


def other_names(records):
    """Each record's IRI, and the label of each blank node that has one, by what stands in its place."""
    names = {}
    for record in map(json.loads, records.splitlines()):
        name = record.get('@id', '_:')
        if not name.startswith('_:'):
            names[name] = name + '-2'
    for label in re.findall(r'"(_:m[0-9a-f]{16})"', records):
        names[label] = '_:m' + hashlib.sha256(label.encode()).hexdigest()[:16]
    return names


def renamed(value, names):
    if isinstance(value, list):
        return [renamed(v, names) for v in value]
    if isinstance(value, dict):
        return {k: renamed(v, names) for k, v in value.items()}
    return names.get(value, value) if isinstance(value, str) else value


def shuffled(value, dice):
    if isinstance(value, list):
        return dice.sample([shuffled(v, dice) for v in value], len(value))
    if isinstance(value, dict):
        return {k: shuffled(value[k], dice) for k in dice.sample(list(value), len(value))}
    return value


def changed(records, change):
    return ''.join(json.dumps(change(json.loads(line))) + '\n' for line in records.splitlines())


# ---- Comparing ----

def statements(records):
    """In no order, whichever blank node is which."""
    triples = run('dcatap2nt', ['-q'], records.encode()).splitlines()
    return sorted(re.sub(r'(^|(?<= ))_:\w+', '_:', triple) for triple in triples)


def ordered(value):
    if isinstance(value, list):
        return sorted((ordered(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True))
    if isinstance(value, dict):
        return {k: ordered(v) for k, v in sorted(value.items())}
    return re.sub(r'^sha256:.*', 'sha256:', value) if isinstance(value, str) else value


def in_order(lines):
    return sorted(json.dumps(ordered(json.loads(line))) for line in lines.splitlines())


def whole(made):
    clean, mapped, said = made
    return [statements(clean), in_order(mapped), said]


def by_all(made):
    """What no order of values decides."""
    clean, mapped, said = whole(made)
    fields = sorted(json.dumps([json.loads(one).get(field) for field in OF_ALL]) for one in mapped)
    return [said] if FIRST_OF_MANY & set(said) else [clean, fields, said]


def compare(file, how, want, got):
    global failures
    if want == got:
        return
    failures += 1
    a, b = next(pair for pair in zip(want, got) if pair[0] != pair[1])
    only = [[v for v in x if v not in y] for x, y in ((a, b), (b, a))] if isinstance(a, list) else [a, b]
    print(f'{file}: another result {how}:\n  {str(only[0])[:600]}\n  {str(only[1])[:600]}')


def check(file):
    text = file.read_bytes()
    reader = READERS[file.suffix]
    records = run(reader, ['-lq', *BASE], text)
    if not records:
        return False
    want = made_of(records)
    if reader == 'rdfxml2dcatap':
        try:
            other = other_prefixes(text.decode())
            got = made_of(run(reader, ['-lq', *BASE], other.encode()))
            compare(file, 'with other prefixes', whole(want), whole(got))
        except UnicodeDecodeError:
            pass
    names = other_names(records)
    moved = [changed(part, lambda r: renamed(r, names)) for part in want[:2]] + [want[2]]
    got = made_of(changed(records, lambda r: renamed(r, names)))
    compare(file, 'with other identifiers', whole(moved), whole(got))
    for seed in SEEDS:
        dice = random.Random(seed)
        lines = changed(records, lambda r, dice=dice: shuffled(r, dice)).splitlines()
        mixed = ''.join(line + '\n' for line in dice.sample(lines, len(lines)))
        compare(file, f'in another order (seed {seed})', by_all(want), by_all(made_of(mixed)))
    return True


files = [pathlib.Path(f) for f in sys.argv[1:]] or sorted(
    f for f in pathlib.Path('tests/chain').glob('quirk-*/catalogue.*') if f.suffix in READERS)
checked = sum(check(file) for file in files)
print(f'{checked} catalogues of {len(files)}, {failures} differences')
sys.exit(failures > 0 or checked < 5)
