// Every RDF/XML file of the corpus: the records that rdfxml2dcatap writes, as a document and as lines, make up the
// graph that rdfxml2nt writes. They are read by jsonld.js.
import {BASE, canonical, corpus, differences, expand, fail, finish, keepApart, name, ours, parse} from './lib.mjs'

// jsonld.js takes an IRI with white space in it for a relative one and drops the statement.
const unreadable = line => /<[^>]*\\u00(0[9A-D]|20)[^>]*>/.test(line)
const files = corpus('dcat/rdfxml')
let statements = 0
let left = 0

const records = lines => lines.split('\n').filter(Boolean).map((line, i) => keepApart(JSON.parse(line), i))

for (const file of files) {
    const convert = (program, ...args) => {
        const r = ours(program, '-q', '-b', BASE, ...args, file)
        if (r.dead || r.status === 2) fail(`${name(file)}: ${program}: ${r.dead || 'status 2'}`)
        return r.out
    }
    try {
        const lines = convert('rdfxml2nt').split('\n').filter(Boolean)
        const kept = lines.filter(line => !unreadable(line))
        const want = await canonical(parse(kept.join('\n')))
        const document = JSON.parse(convert('rdfxml2dcatap'))
        const shapes = {
            document,
            lines: {'@context': document['@context'], '@graph': records(convert('rdfxml2dcatap', '-l'))}
        }
        statements += lines.length
        left += lines.length - kept.length
        for (const [shape, value] of Object.entries(shapes)) {
            for (const where of differences(want, await canonical(await expand(value)))) {
                fail(`${name(file)}: ${shape}: ${where}`)
            }
        }
    } catch (e) {
        fail(`${name(file)}: ${e.message}`)
    }
}
console.log(`${files.length} files, ${statements} statements; ` +
    `${left} with an IRI that jsonld.js does not read were left out`)
finish()
