// The order of nodes changes no record: the set of hashes of each RDF/XML file of the corpus is that of its records as lines
// in several orders; and a flat list of its nodes has the same set in several orders.
import fs from 'fs'
import path from 'path'
import jsonld from 'jsonld'
import {BASE, BIN, corpus, fail, finish, name, ours, run} from './lib.mjs'

const ORDERS = 5
const LEAST = 300 // records
const records = path.join(BIN, '../tests/conformance/records')
const scratch = path.join(fs.mkdtempSync('/tmp/shuffle-'), 'shuffled.json')
let compared = 0

/** Fisher and Yates with numbers that are the same each time. */
function shuffle(list, seed) {
    const out = [...list]
    for (let i = out.length - 1; i > 0; i--) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
        const j = (seed >>> 8) % (i + 1)
        ;[out[i], out[j]] = [out[j], out[i]]
    }
    return out
}

function hashes(file) {
    const r = run(records, ['-q', '--join', 'always', '-b', BASE, file])
    if (r.dead) fail(`${name(file)}: ${r.dead}`)
    return r.out.match(/^# .*$/gm)?.sort().join('\n') ?? ''
}

function compare(file, want, text, how) {
    fs.writeFileSync(scratch, text)
    const got = hashes(scratch)
    if (got !== want) {
        const there = new Set(want.split('\n'))
        fail(`${name(file)}: ${how}: ${got.split('\n').filter(h => !there.has(h)).length} other hashes`)
    }
}

for (const file of corpus('dcat/rdfxml')) {
    const want = hashes(file)
    if (!want) continue
    const flat = await jsonld.flatten(JSON.parse(ours('rdfxml2dcatap', '-q', '-b', BASE, file).out))
    const lines = ours('rdfxml2dcatap', '-q', '-l', '--join', 'always', '-b', BASE, file).out.split('\n').filter(Boolean)
    fs.writeFileSync(scratch, JSON.stringify(flat))
    const wantFlat = hashes(scratch)
    for (let seed = 1; seed <= ORDERS; seed++) {
        compare(file, wantFlat, JSON.stringify(shuffle(flat, seed)), `nodes in order ${seed}`)
        compare(file, want, shuffle(lines, seed).join('\n'), `lines in order ${seed}`)
    }
    compared += want.split('\n').length
}
fs.rmSync(path.dirname(scratch), {recursive: true})
console.log(`${compared} records in ${2 * ORDERS} other orders each`)
if (compared < LEAST) fail(`fewer than ${LEAST} records`)
finish()
