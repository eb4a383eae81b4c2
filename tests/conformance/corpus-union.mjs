// Every RDF/XML file of the corpus: the records that rdfxml2dcatap writes make up the graph that rdfxml2nt writes. They
// are read by jsonld.js and by rdflib, in each shape that there is: a document or lines, with the keys of DCAT-AP 3.0.1 or
// 2.1.1, the context in it or given by us.
import {
    BASE, canonical, corpus, differences, expand, fail, finish, judgeByRdflib, name, ours, parse, readable, shapes
} from './lib.mjs'

const files = corpus('dcat/rdfxml')
const jobs = []
let statements = 0
let left = 0

for (const file of files) {
    const convert = (program, ...args) => {
        const r = ours(program, '-q', '-b', BASE, ...args, file)
        if (r.dead || r.status === 2) fail(`${name(file)}: ${program}: ${r.dead || 'status 2'}`)
        return r.out
    }
    try {
        const lines = convert('rdfxml2nt').split('\n').filter(Boolean)
        const kept = lines.filter(readable)
        const want = await canonical(parse(kept.join('\n')))
        statements += lines.length
        left += lines.length - kept.length
        for (const [shape, value] of Object.entries(shapes(convert))) {
            jobs.push({where: `${name(file)}: ${shape}`, want: lines.join('\n'), format: 'json-ld', text: JSON.stringify(value)})
            for (const what of differences(want, await canonical(await expand(value)))) {
                fail(`${name(file)}: ${shape}: jsonld.js: ${what}`)
            }
        }
    } catch (e) {
        fail(`${name(file)}: ${e.message}`)
    }
}
await judgeByRdflib(jobs)
console.log(`${files.length} files, ${statements} statements, in eight shapes, by jsonld.js and rdflib; ` +
    `${left} with an IRI that jsonld.js does not read were left out for it`)
if (jobs.length !== 8 * files.length) fail('not all shapes were read')
finish()
