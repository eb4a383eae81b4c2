// Every JSON-LD file of the corpus, and data.json of DCAT-US, that jsonld.js reads: the graph of dcatap2nt is that of
// jsonld.js, strict or not, with the names of graphs or without; and so is that of the records that jsonld2dcatap makes of
// it. For jsonld.js contexts come from the official files; ours are built in.
import fs from 'fs'
import jsonld from 'jsonld'
import {BASE, canonical, corpus, differences, expand, fail, finish, name, ours, parse} from './lib.mjs'
import {loader} from './official.mjs'

/** null: it is not JSON. */
function json(file) {
    try {
        return JSON.parse(fs.readFileSync(file, 'utf8'))
    } catch {
        return null
    }
}

const withoutGraph = ({subject, predicate, object}) => ({subject, predicate, object, graph: NONE})

// A context that is named without its scheme is nowhere for jsonld.js; we know it, unless strict.
const NONE = {termType: 'DefaultGraph', value: ''}
const SHORT = 'project-open-data.cio.gov/v1.1/schema'
const files = [...corpus('dcat/jsonld'), ...corpus('dcat-us').filter(f => json(f)?.['@context'])]
let remote = 0, read = 0, broken = 0

async function theirs(file) {
    const document = json(file)
    if (document === null) return null
    if (document['@context'] === SHORT) document['@context'] = `https://${SHORT}/catalog.jsonld`
    remote += typeof document['@context'] === 'string'
    return await jsonld.toRDF(document, {base: BASE, format: 'application/n-quads', documentLoader: loader})
}

for (const file of files) {
    let want
    try {
        want = await theirs(file)
    } catch (e) {
        fail(`${name(file)}: jsonld.js does not read it: ${e.message.slice(0, 200)}`)
        continue
    }
    if (want === null) { // not JSON: we must say so too
        if (!/\[J1(01|13)\]/.test(ours('dcatap2nt', file).err)) fail(`${name(file)}: it is not JSON, and not said to be so`)
        ++broken
        continue
    }
    for (const strict of json(file)['@context'] === SHORT ? [[]] : [['-s'], []]) {
        const we = ours('dcatap2nt', '-q', '--quads', '-b', BASE, ...strict, file)
        const [a, b] = [await canonical(parse(we.out)), await canonical(parse(want))]
        if (we.dead) fail(`${name(file)}: ${strict}: ${we.dead}`)
        else if (a !== b) fail(`${name(file)}: ${strict}: another graph: ${[...differences(a, b)].slice(0, 3).join('; ')}`)
    }
    const flat = await canonical(parse(want).map(withoutGraph))
    const triples = ours('dcatap2nt', '-q', '-b', BASE, file)
    const records = ours('jsonld2dcatap', '-q', '-b', BASE, file)
    for (const [how, we, graph] of [['dcatap2nt', triples, () => parse(triples.out)],
        ['jsonld2dcatap', records, () => expand(JSON.parse(records.out))]]) {
        if (we.dead) fail(`${name(file)}: ${how}: ${we.dead}`)
        else if (await canonical(await graph()) !== flat) {
            const where = differences(await canonical(await graph()), flat)
            fail(`${name(file)}: ${how}: another graph: ${[...where].slice(0, 3).join('; ')}`)
        }
    }
    ++read
}
console.log(`${read} of ${files.length} files, ${remote} of them with a context by URL; ${broken} are not JSON`)
if (!read || !remote) fail('nothing to compare')
finish()
