"""clean_order.py: the catalogues of tests/chain, with other prefixes, with their statements in another order (by a seed),
and with other identifiers: what dcatapclean makes of them says the same, and it says so as often under each code."""
import collections
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

BIN = pathlib.Path(os.environ['BUILD'], 'bin').absolute()
failures = 0


def run(program, args, text):
    r = subprocess.run([BIN / program, *args], input=text.encode(), capture_output=True)
    if r.returncode > 1:
        raise RuntimeError(f'{program}: status {r.returncode}: {r.stderr.decode()[:200]}')
    return r.stdout.decode()


def cleaned(records):
    """The records, and how often each code was said."""
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work, 'said')
        out = run('dcatapclean', ['-lq', '--diagnostics', file], records)
        said = collections.Counter(json.loads(line)['code'] for line in file.read_text(encoding='utf-8').splitlines())
    return out, said


def shuffled(value, dice):
    if isinstance(value, list):
        return dice.sample([shuffled(v, dice) for v in value], len(value))
    if isinstance(value, dict):
        return {k: shuffled(value[k], dice) for k in dice.sample(list(value), len(value))}
    return value


def in_order(value):
    """The same for the same statements."""
    if isinstance(value, list):
        return sorted((in_order(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True))
    if isinstance(value, dict):
        return {k: in_order(v) for k, v in sorted(value.items())}
    return re.sub(r'^_:.*', '_:', value) if isinstance(value, str) else value


def graph(lines):
    return sorted(json.dumps(in_order(json.loads(line)), sort_keys=True) for line in lines.splitlines())


def compare(name, how, want, got):
    global failures
    if want != got:
        failures += 1
        print(f'{name}: another result {how}:\n  {str(want)[:600]}\n  {str(got)[:600]}')


files = sorted(pathlib.Path('tests/chain').glob('quirk-*/catalogue.rdf'))
for file in files:
    name, text = file.parent.name, file.read_text(encoding='utf-8')
    records = run('rdfxml2dcatap', ['-lq'], text)
    out, said = cleaned(records)
    if not records:
        continue
    other = re.sub(r'\b(dct|dcat|vcard|foaf|schema|locn)(?=:\w|=")', r'x-\1', text)
    compare(name, 'with other prefixes', out, cleaned(run('rdfxml2dcatap', ['-lq'], other))[0])
    moved = [out.replace('musee.example.org/jeux', 'archives.example.org/fonds'), said]
    got = cleaned(records.replace('musee.example.org/jeux', 'archives.example.org/fonds'))
    compare(name, 'with other identifiers', [graph(moved[0]), said], [graph(got[0]), got[1]])
    for seed in range(3):
        dice = random.Random(seed)
        mixed = [json.dumps(shuffled(json.loads(line), dice)) for line in dice.sample(records.splitlines(), len(records.splitlines()))]
        got = cleaned('\n'.join(mixed) + '\n')
        compare(name, f'in another order (seed {seed})', [graph(out), said], [graph(got[0]), got[1]])
print(f'{len(files)} catalogues, {failures} differences')
sys.exit(failures > 0 or len(files) < 5)
