// RDF/XML to DCAT-AP JSON, as a document and as lines, and back, for every RDF/XML file of the corpus: what
// dcatap2rdfxml writes is the graph of the original, by rdfxml2nt, rapper and rdflib; the same bytes each time; and once
// more through both filters, most documents stay as they are, but for labels of blank nodes: others change the place
// of a node or two. What RDF/XML cannot carry is in --losses, and only that may be missing.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {
    BASE, canonical, corpus, differences, fail, finish, judgeByRdflib, name, ours, parse, readLosses, run, without
} from './lib.mjs'

const SETTLED = 0.9 // of the documents
const files = corpus('dcat/rdfxml')
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'round-trip-'))
const at = file => path.join(work, file)
const jobs = []
let statements = 0
let lost = 0
let refused = 0
let same = 0

/** Run one of ours, its output into a file. */
function step(file, program, args, input, output) {
    const r = ours(program, '-q', '-b', BASE, ...args, '-o', output, input)
    if (r.dead || r.status === 2) fail(`${name(file)}: ${program}: ${r.dead || r.err}`)
}

/** The labels of blank nodes, by the order in which they come. */
function relabelled(text) {
    const labels = new Map()
    return text.replace(/rdf:nodeID="(m[0-9a-f]{16})"/g, (_, label) => {
        if (!labels.has(label)) labels.set(label, labels.size)
        return `rdf:nodeID="${labels.get(label)}"`
    })
}

for (const file of files) {
    const want = ours('rdfxml2nt', '-q', '-b', BASE, file).out
    statements += want.split('\n').length - 1
    for (const [shape, args] of [['document', []], ['lines', ['-l']]]) {
        const where = text => fail(`${name(file)}: ${shape}: ${text}`)
        try {
            step(file, 'rdfxml2dcatap', args, file, at('1.json'))
            step(file, 'dcatap2rdfxml', ['--losses', at('losses')], at('1.json'), at('1.rdf'))
            step(file, 'dcatap2rdfxml', [], at('1.json'), at('again.rdf'))
            const written = fs.readFileSync(at('1.rdf'), 'utf8')
            if (written !== fs.readFileSync(at('again.rdf'), 'utf8')) where('other bytes the second time')

            const losses = readLosses(at('losses'))
            const graph = lines => canonical(parse(without(losses, lines)))
            lost += losses.size
            const original = await graph(want)
            jobs.push({where: `${name(file)}: ${shape}`, want: without(losses, want), format: 'xml', text: written})
            const back = ours('rdfxml2nt', '-b', BASE, at('1.rdf'))
            if (back.status) where(`rdfxml2nt: ${back.err.split('\n')[0]}`)
            for (const what of differences(original, await graph(back.out))) where(what)

            const they = run('rapper', ['-q', '-i', 'rdfxml', '-o', 'ntriples', at('1.rdf'), BASE])
            const first = run('rapper', ['-q', '-i', 'rdfxml', '-o', 'ntriples', file, BASE])
            if (they.status && !first.status) where(`rapper refuses it: ${they.err}`)
            if (they.status) refused++
            else for (const what of differences(original, await graph(they.out))) where('rapper: ' + what)

            step(file, 'rdfxml2dcatap', args, at('1.rdf'), at('2.json'))
            step(file, 'dcatap2rdfxml', [], at('2.json'), at('2.rdf'))
            if (relabelled(written) === relabelled(fs.readFileSync(at('2.rdf'), 'utf8'))) same++
        } catch (e) {
            where(e.message)
        }
    }
}
fs.rmSync(work, {recursive: true})
await judgeByRdflib(jobs)
console.log(`${files.length} files, ${statements} statements, each as a document and as lines; ${lost} statements ` +
    `that RDF/XML cannot carry; rapper refuses ${refused}; ${same} stay the same the second time`)
if (same < SETTLED * 2 * files.length) fail(`fewer than ${100 * SETTLED} % stay the same`)
if (!statements) fail('nothing to compare')
finish()
