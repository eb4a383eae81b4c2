// The hash of each record of the corpus's RDF/XML files against SHA-256 of what rdf-canonize makes of the same
// statements, which is what `canon.mjs FILE | sha256sum` prints.
import path from 'path'
import {createHash} from 'crypto'
import {BASE, BIN, canonical, corpus, fail, finish, name, parse, run} from './lib.mjs'

const LEAST = 50 // records
const records = path.join(BIN, '../tests/conformance/records')
// The judge percent-encodes what no IRI may hold.
const isClean = record => !/<[^>]*[\\"{}|^`][^>]*>/.test(record.replace(/"(\\.|[^"\\])*"/g, '""'))
const blanks = record => new Set(record.match(/^_:\S+|_:\S+(?= \.$)/gm)).size
let compared = 0
let nodes = 0
let most = 0
let left = 0

for (const file of corpus('dcat/rdfxml')) {
    const r = run(records, ['-q', '-b', BASE, file])
    if (r.dead) fail(`${name(file)}: ${r.dead}`)
    for (const record of r.out.split(/^# /m).slice(1)) {
        if (!isClean(record)) {
            left++
            continue
        }
        const [hash] = record.split('\n', 1)
        const text = record.slice(hash.length + 1)
        const want = createHash('sha256').update(await canonical(parse(text))).digest('hex')
        if (hash !== want) fail(`${name(file)}: ${text.split(' ', 1)}: ${hash}, not ${want}`)
        compared++
        nodes += blanks(text)
        most = Math.max(most, blanks(text))
    }
}
console.log(`${compared} records, ${nodes} blank nodes in them, at most ${most} in one; ` +
    `${left} with an IRI that the judge would change were left out`)
if (compared < LEAST) fail(`fewer than ${LEAST} records`)
finish()
