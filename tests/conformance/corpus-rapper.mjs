// Every RDF/XML file of the corpus: rdfxml2nt neither crashes nor hangs, and its graph is rapper's, where rapper reads
// the file, and the remarks that X135 names: text beside rdf:resource, which rapper drops.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {BASE, canonical, corpus, differences, fail, finish, name, ours, parse, readList, run, settle} from './lib.mjs'

const COMMENT = 'http://www.w3.org/2000/01/rdf-schema#comment'
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'rapper-'))
const MOST = 15 // exceptions
const files = corpus('dcat/rdfxml')
const listed = readList('exceptions.tsv')
const found = new Map()
let read = 0, kept = 0

for (const file of files) {
    const said = path.join(work, 'said')
    const we = ours('rdfxml2nt', '-q', '-b', BASE, '--diagnostics', said, file)
    if (we.dead) fail(`${name(file)}: rdfxml2nt: ${we.dead}`)
    const they = run('rapper', ['-q', '-i', 'rdfxml', '-o', 'ntriples', file, BASE])
    if (they.status !== 0) continue
    read++
    const diagnostics = fs.readFileSync(said, 'utf8').split('\n').filter(Boolean).map(l => JSON.parse(l))
    const remarks = new Set(diagnostics.filter(d => d.code === 'X135').map(d => d.detail))
    kept += remarks.size
    const graph = parse(we.out).filter(q => q.predicate.value !== COMMENT || !remarks.has(q.object.value))
    const [a, b] = [await canonical(graph), await canonical(parse(they.out))]
    for (const where of differences(a, b)) found.set(name(file) + '\t' + where, '')
}
console.log(`${files.length} files: rapper reads ${read} and refuses ${files.length - read}; ` +
    `${kept} remarks beside rdf:resource; exceptions.tsv has ${listed.size} rows`)
if (!read) fail('rapper read nothing')
if (listed.size > MOST) fail(`more than ${MOST} exceptions`)
settle('exceptions.tsv', found, listed)
fs.rmSync(work, {recursive: true})
finish()
