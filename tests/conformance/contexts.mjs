// Every term of the contexts that are built in, with values of every shape, against jsonld.js with the official file. What
// the official file makes invalid no processor reads: such a term means what it is said to.
import fs from 'fs'
import os from 'os'
import path from 'path'
import jsonld from 'jsonld'
import {BASE, canonical, differences, fail, finish, ours, parse} from './lib.mjs'
import {OFFICIAL, loader, official} from './official.mjs'

const VALUES = ['text', 'http://v.example/', {'@id': 'x'}, {'@value': 'x', '@language': 'fr'}, {fr: 'oui', en: ['yes', 'ok']},
    7, true, ['a', 'b'], {'@type': 'Kind', '@id': 'y'}]
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'contexts-'))
let terms = 0, refused = 0

/** One document for each term and value; `@type` where the term stands in a scoped context. */
function* documents(url, context, type) {
    for (const [term, definition] of Object.entries(context).filter(([t]) => !t.startsWith('@'))) {
        ++terms
        const id = `http://s.example/${type ?? ''}/${encodeURIComponent(term)}/`
        yield {'@context': url, '@id': id, '@type': term}
        yield {'@context': url, '@id': id, 'http://p.example/': [{'@id': term + ':x'}, {'@value': '1', '@type': term}]}
        const map = [definition?.['@container']].flat().includes('@language')
        for (const [i, value] of VALUES.entries()) {
            if (map && Object.keys(value)[0]?.startsWith('@')) continue // for jsonld.js "@id" is a language
            yield {'@context': url, '@id': id + i, ...type && {'@type': type}, [term]: value}
        }
        if (!type && definition?.['@context']) yield* documents(url, definition['@context'], term)
    }
}

async function theirs(document) {
    try {
        return await jsonld.toRDF(document, {base: BASE, format: 'application/n-quads', documentLoader: loader})
    } catch { // neither says anything of it
        ++refused
        return null
    }
}

for (const [name, file, url] of OFFICIAL) {
    const {invalid, valid, context} = official(file)
    const lines = [], want = []
    for (const document of documents(url, valid)) {
        const graph = await theirs(document)
        if (graph === null) continue
        lines.push(JSON.stringify(document))
        want.push(graph.replaceAll('_:b', `_:l${want.length}b`)) // blank nodes of several documents do not meet
    }
    const input = path.join(work, name)
    fs.writeFileSync(input, lines.join('\n') + '\n')
    // Of some contexts no term is valid: there is nothing to read.
    const we = lines.length ? ours('dcatap2nt', '-q', '--quads', '-b', BASE, input) : {status: 0, out: '', err: ''}
    const [a, b] = await Promise.all([canonical(parse(we.out)), canonical(parse(want.join('')))])
    if (we.dead || we.status) fail(`${name}: ${we.dead || 'status ' + we.status}: ${we.err.slice(0, 300)}`)
    if (a !== b) for (const where of differences(a, b)) fail(`${name}: ${where}`)
    for (const term of invalid) {
        const said = context[term]?.['@id'] ?? context[term]
        fs.writeFileSync(input, JSON.stringify({'@context': url, '@id': 'http://s.example/', '@type': term}))
        const type = ours('dcatap2nt', '-q', input).out.split(/[<>]/)[5]
        if (type !== said) fail(`${name}: ${term} is ${type}, not ${said}`)
    }
}
fs.rmSync(work, {recursive: true})
console.log(`${terms} terms of ${OFFICIAL.length} contexts; ${refused} documents that jsonld.js refuses`)
if (terms < 300) fail('too few terms')
finish()
