// The catalogues of the corpus with other prefixes, other identifiers and their statements in other orders, through
// dcatapclean and dcatap2datagouv (tests/kit/clean_order.py): the same comes of them.
import path from 'path'
import {BIN, HERE, PATIENCE, corpus, fail, finish, run} from './lib.mjs'

const LEAST = 250 // catalogues
const files = [...corpus('dcat/rdfxml'), ...corpus('dcat/jsonld')].filter(f => /\.(rdf|xml|json|jsonld)$/.test(f))
process.env.BUILD = path.dirname(BIN)
const r = run('python3', [path.join(HERE, '../kit/clean_order.py'), ...files], 4 * PATIENCE)
const counted = /^(\d+) catalogues .*$/m.exec(r.out)
console.log(counted?.[0] ?? r.out)
if (r.dead || r.status !== 0) fail(`status ${r.status} ${r.dead}\n${r.out.slice(0, 4000)}`)
if (Number(counted?.[1]) < LEAST) fail(`fewer than ${LEAST} catalogues`)
finish()
