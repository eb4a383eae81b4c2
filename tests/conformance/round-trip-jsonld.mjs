// JSON-LD to RDF/XML to DCAT-AP JSON, for every JSON-LD file of the corpus whose contexts are known: what dcatap2rdfxml
// writes, by rapper and rdflib, and what rdfxml2dcatap makes of that, by jsonld.js, rdflib and dcatap2nt, is the graph
// of the original. round-trip-jsonld.tsv lists what RDF/XML cannot carry; no statement but those of --losses is missing.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {
    BASE, canonical, corpus, differences, expand, fail, finish, judgeByRdflib, name, ours, parse, readable, readList,
    readLosses, run, settle, shapes, without
} from './lib.mjs'

const files = corpus('dcat/jsonld')
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'round-trip-jsonld-'))
const at = file => path.join(work, file)
const found = new Map()
const jobs = []
let statements = 0
let read = 0

/** What dcatap2rdfxml said of a file: its diagnostics. */
function toRdfXml(file) {
    const r = ours('dcatap2rdfxml', '-q', '-b', BASE, '--losses', at('losses'), '--diagnostics', at('said'),
        '-o', at('rdf'), file)
    if (r.dead || r.status === 2) fail(`${name(file)}: dcatap2rdfxml: ${r.dead || r.err}`)
    return fs.readFileSync(at('said'), 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line))
}

/** One of ours on the RDF/XML. */
function back(file, program, ...args) {
    const r = ours(program, '-q', '-b', BASE, ...args, at('rdf'))
    if (r.dead || r.status === 2) fail(`${name(file)}: ${program}: ${r.dead || r.err}`)
    return r.out
}

async function compare(file) {
    const said = toRdfXml(file)
    if (said.some(d => d.code === 'J104')) return // a context that is not known
    read++
    // What is left out, or not as it was: X2, directions and names of graphs.
    for (const d of said.filter(d => /^(X2|J111|J115)/.test(d.code))) {
        found.set([name(file), d.record || d.detail, d.property || '@graph'].join('\t'), d.code)
    }
    const losses = readLosses(at('losses'))
    const lines = without(losses, ours('dcatap2nt', '-q', '-b', BASE, file).out)
    const want = await canonical(parse(lines))
    statements += lines.split('\n').length - 1
    const judge = async (who, text, wanted = want) => {
        for (const what of differences(wanted, await canonical(parse(without(losses, text))))) {
            fail(`${name(file)}: ${who}: ${what}`)
        }
    }

    jobs.push({where: name(file), want: lines, format: 'xml', text: fs.readFileSync(at('rdf'))})
    const rapper = run('rapper', ['-q', '-i', 'rdfxml', '-o', 'ntriples', at('rdf'), BASE])
    if (/Error/.test(rapper.err)) fail(`${name(file)}: rapper refuses it: ${rapper.err}`)
    await judge('rapper', rapper.out)

    const forJsonld = await canonical(parse(lines.split('\n').filter(readable).join('\n')))
    for (const [shape, value] of Object.entries(shapes((program, ...args) => back(file, program, ...args)))) {
        jobs.push({where: `${name(file)}: ${shape}`, want: lines, format: 'json-ld', text: JSON.stringify(value)})
        for (const what of differences(forJsonld, await canonical(await expand(value)))) {
            fail(`${name(file)}: ${shape}: jsonld.js: ${what}`)
        }
    }
    for (const args of [[], ['-l']]) {
        back(file, 'rdfxml2dcatap', ...args, '-o', at('json'))
        await judge('dcatap2nt ' + args, ours('dcatap2nt', '-q', '-b', BASE, at('json')).out)
    }
}

for (const file of files) {
    try {
        await compare(file)
    } catch (e) {
        fail(`${name(file)}: ${e.message}`)
    }
}
fs.rmSync(work, {recursive: true})
await judgeByRdflib(jobs)
console.log(`${read} of ${files.length} files, ${statements} statements; the others name a context that is not known`)
if (!read) fail('nothing to compare')
settle('round-trip-jsonld.tsv', found, readList('round-trip-jsonld.tsv'))
finish()
