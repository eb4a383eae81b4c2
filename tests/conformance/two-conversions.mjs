// What two runs of a program wrote, one behind the other, is the union of two graphs: no blank node of the one is taken
// for one of the other. Pairs of the corpus files that need the most labels.
import {BASE, canonical, corpus, differences, expand, fail, finish, keepApart, name, ours, parse} from './lib.mjs'

const PAIRS = 10
const convert = (file, program, ...args) => ours(program, '-q', '-b', BASE, ...args, file).out
const labels = text => new Set(text.match(/"_:m[0-9a-f]{16}"/g)).size
const values = lines => lines.split('\n').filter(Boolean).map((line, i) => keepApart(JSON.parse(line), i))
const statements = nt => nt.split('\n').filter(line => line && !/<[^>]*\\u00/.test(line)).join('\n')
// In a literal this changes both sides alike.
const renamed = (nt, mark) => nt.replace(/_:\w+/g, label => `${label}-${mark}`)

const files = corpus('dcat/rdfxml').map(file => ({file, document: convert(file, 'rdfxml2dcatap')}))
    .map(f => ({...f, labels: labels(f.document)}))
    .sort((a, b) => b.labels - a.labels || (a.file < b.file ? -1 : 1)).slice(0, 2 * PAIRS)
let blanks = 0

for (let i = 0; i < PAIRS; i++) {
    const pair = [files[i], files[2 * PAIRS - 1 - i]]
    const graphs = pair.map(f => statements(convert(f.file, 'rdfxml2nt')))
    const want = await canonical(parse(graphs.map(renamed).join('\n')))
    const documents = pair.map((f, k) => keepApart(JSON.parse(f.document), k))
    const graph = nodes => expand({'@context': documents[0]['@context'], '@graph': nodes})
    const both = {
        'N-Triples': parse(graphs.join('\n')),
        lines: await graph(values(pair.map(f => convert(f.file, 'rdfxml2dcatap', '-l')).join(''))),
        documents: await graph(documents.flatMap(document => document['@graph']))
    }
    blanks += new Set(graphs.join('\n').match(/_:m\w+/g)).size
    for (const [shape, quads] of Object.entries(both)) {
        const where = [...differences(want, await canonical(quads))]
        const names = pair.map(f => name(f.file)).join(' and ')
        if (where.length) fail(`${names}: ${shape}: ${where.slice(0, 3).join(', ')}`)
    }
}
console.log(`${PAIRS} pairs, ${blanks} blank nodes; ` +
    `the JSON needs labels for ${files.reduce((n, f) => n + f.labels, 0)} of them`)
if (files.some(f => !f.labels)) fail('files without a label')
finish()
