// The W3C's JSON-LD 1.1 suite, from JSON-LD to RDF, run by the judges' own program, which prints "N passed, M failed, L
// left out" and what failed. Left out are JSON-LD 1.0, generalised RDF, and options of the API that no command has.
import {fileURLToPath} from 'url'
import {PATIENCE, fail, finish, run} from './lib.mjs'

// jq '.sequence | length' ../shared/w3c/json-ld-api/toRdf-manifest.jsonld: 467
const TESTS = 443
const LEFT = 24
const command = 'dcatap2nt -q --quads -s -b "$BASE" --context-map "$PREFIX=$SUITE"'
const suite = fileURLToPath(new URL('../w3c-jsonld.mjs', import.meta.url))
const r = run('node', [suite, 'sh', '-c', command], PATIENCE)
const [verdict, ...failed] = r.out.split('\n').filter(Boolean)

console.log(verdict ?? r.err)
if (verdict !== `${TESTS} passed, 0 failed, ${LEFT} left out`) fail(`not ${TESTS} passed`)
failed.forEach(line => fail(line.trim()))
finish()
