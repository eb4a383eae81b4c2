// Every Turtle file of the corpus: ttl2dcatap neither crashes nor hangs, and the graph of what it writes, by dcatap2nt, is
// rapper's, where rapper reads the file. Read as lines in another order, too.
import {spawnSync} from 'child_process'
import path from 'path'
import {BASE, BIN, canonical, corpus, differences, fail, finish, name, ours, parse, run} from './lib.mjs'

const files = corpus('').filter(file => /\.(ttl|nt)$/.test(file))
let read = 0, partly = 0, statements = 0

const filter = (program, args, input) =>
    spawnSync(path.join(BIN, program), args, {input, maxBuffer: 1 << 30}).stdout.toString()
const graphOf = json => filter('dcatap2nt', ['-q'], json)

for (const file of files) {
    const we = ours('ttl2dcatap', '-q', '-b', BASE, file)
    if (we.dead || we.status > 1) fail(`${name(file)}: ttl2dcatap: ${we.dead || 'status ' + we.status}`)
    const they = run('rapper', ['-q', '-i', 'turtle', '-o', 'ntriples', file, BASE])
    if (they.status !== 0) { // what can be read of it
        partly += we.out.includes('"@id"')
        continue
    }
    read++
    const theirs = await canonical(parse(they.out))
    statements += theirs.split('\n').length - 1
    if (we.err && !we.err.includes('[D103]')) fail(`${name(file)}: ${we.err}`)
    for (const where of differences(await canonical(parse(graphOf(we.out))), theirs)) {
        fail(`${name(file)}: ${where}`)
    }
    const sorted = they.out.split('\n').filter(Boolean).sort().join('\n') + '\n'
    const lines = filter('ttl2dcatap', ['-q', '--join', 'always'], sorted)
    for (const where of differences(await canonical(parse(graphOf(lines))), theirs)) {
        fail(`${name(file)} as sorted N-Triples: ${where}`)
    }
}
console.log(`${files.length} files: rapper reads ${read} (${statements} statements) and refuses ` +
    `${files.length - read}, of ${partly} of which ttl2dcatap reads something`)
if (!read) fail('rapper read nothing')
finish()
