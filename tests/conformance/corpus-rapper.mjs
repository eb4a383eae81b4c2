// Every RDF/XML file of the corpus: rdfxml2nt neither crashes nor hangs, and its graph is rapper's, where rapper reads
// the file.
import {BASE, canonical, corpus, differences, fail, finish, name, ours, parse, readList, run, settle} from './lib.mjs'

const MOST = 15 // exceptions
const files = corpus('dcat/rdfxml')
const listed = readList('exceptions.tsv')
const found = new Map()
let read = 0

for (const file of files) {
    const we = ours('rdfxml2nt', '-q', '-b', BASE, file)
    if (we.dead) fail(`${name(file)}: rdfxml2nt: ${we.dead}`)
    const they = run('rapper', ['-q', '-i', 'rdfxml', '-o', 'ntriples', file, BASE])
    if (they.status !== 0) continue
    read++
    const [a, b] = [await canonical(parse(we.out)), await canonical(parse(they.out))]
    for (const where of differences(a, b)) found.set(name(file) + '\t' + where, '')
}
console.log(`${files.length} files: rapper reads ${read} and refuses ${files.length - read}; ` +
    `exceptions.tsv has ${listed.size} rows`)
if (!read) fail('rapper read nothing')
if (listed.size > MOST) fail(`more than ${MOST} exceptions`)
settle('exceptions.tsv', found, listed)
finish()
