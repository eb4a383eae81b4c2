// The W3C's RDF/XML 1.1 suite, run by the judges' own program, which prints "N passed, M failed" and what failed.
import {fileURLToPath} from 'url'
import {PATIENCE, fail, finish, run} from './lib.mjs'

// rapper -q -i turtle -o ntriples ../shared/w3c/rdf-xml/manifest.ttl | grep -c 'test-manifest#action>'
const TESTS = 166
const suite = fileURLToPath(new URL('../w3c-rdfxml.mjs', import.meta.url))
const r = run('node', [suite, 'sh', '-c', 'rdfxml2nt -q -s -b "$BASE"'], PATIENCE)
const [verdict, ...failed] = r.out.split('\n').filter(Boolean)

console.log(verdict ?? r.err)
if (verdict !== `${TESTS} passed, 0 failed`) fail(`not ${TESTS} passed`)
failed.forEach(line => fail(line.trim()))
finish()
