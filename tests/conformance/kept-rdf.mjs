// RDF to data.gouv.fr JSON, one document, and back, for every RDF/XML and JSON-LD file of the corpus, the Turtle and the
// pages of CSW: by way of datagouv2dcatap the graph is that of the original; nothing is in --losses, and nothing is taken for edited. What
// data.gouv.fr cannot hold, a record without a title (M101), is said, is in --losses, and only that may be missing.
// With all titles edited on the way, only titles differ, each is said (M207), and the edited ones come back.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {BASE, canonical, corpus, differences, fail, finish, name, ours, parse} from './lib.mjs'

const NO_TITLE = 'M101'
const EDITED = 'M207'
const WRONG = [EDITED, 'M208', 'M209']
const TITLE = 'Édité en chemin'

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'kept-rdf-'))
const at = file => path.join(work, file)
const isPage = file => /<csw:GetRecordsResponse/.test(fs.readFileSync(file, 'utf8'))
const kinds = [
    {files: corpus('dcat/rdfxml'), graph: 'rdfxml2nt', there: 'rdfxml2datagouv'},
    {files: corpus('dcat/jsonld'), graph: 'dcatap2nt', there: 'dcatap2datagouv'},
    {files: corpus('dcat/turtle').filter(f => /\.(ttl|nt)$/.test(f)), first: 'ttl2dcatap', graph: 'dcatap2nt', there: 'dcatap2datagouv'},
    {files: corpus('dcat/xml-other').filter(isPage), first: 'rdfxml2dcatap', graph: 'dcatap2nt', there: 'dcatap2datagouv'},
]
const counts = {files: 0, statements: 0, objects: 0, untitled: 0, lost: 0}

/** The statement without its blank nodes. */
const masked = line => line.replace(/^_:\S+/, '_:').replace(/ _:\S+ \.$/, ' _: .')
const lines = text => text.split('\n').filter(Boolean)
const graph = (text, without) => canonical(parse(lines(text).filter(l => !without.has(masked(l))).join('\n')))
const codes = file => lines(fs.readFileSync(at(file), 'utf8')).map(l => JSON.parse(l).code)

function step(file, program, output, ...args) {
    const r = ours(program, '-q', '-b', BASE, '--diagnostics', at('diagnostics'), ...args, '-o', at(output))
    if (r.dead || r.status === 2) throw new Error(`${program}: ${r.dead || r.err}`)
    return codes('diagnostics')
}

/** The titles edited: what differs, and what becomes of them. */
async function edit(file, graphBefore, without) {
    const page = JSON.parse(fs.readFileSync(at('there.json'), 'utf8'))
    const before = page.data.map(o => o.title)
    for (const object of page.data) object.title = TITLE
    fs.writeFileSync(at('edited.json'), JSON.stringify(page))
    const said = step(file, 'datagouv2dcatap', 'back.json', at('edited.json')).filter(c => WRONG.includes(c))
    const expected = before.filter(t => t !== TITLE).length
    if (said.length !== expected || said.some(c => c !== EDITED)) fail(`${name(file)}: titles: said ${said}`)
    const back = ours('dcatap2nt', '-q', '-b', BASE, at('back.json')).out
    for (const what of differences(graphBefore, await graph(back, without))) {
        if (!what.endsWith('\thttp://purl.org/dc/terms/title')) fail(`${name(file)}: with titles edited: ${what}`)
    }
    step(file, 'dcatap2datagouv', 'again.json', at('back.json'))
    const titles = JSON.parse(fs.readFileSync(at('again.json'), 'utf8')).data.map(o => o.title)
    if (titles.some(t => t !== TITLE)) fail(`${name(file)}: titles became ${titles}`)
}

async function check(file, kind) {
    if (kind.first) step(file, kind.first, 'first.json', file)
    const input = kind.first ? at('first.json') : file
    const want = ours(kind.graph, '-q', '-b', BASE, input).out
    const said = step(file, kind.there, 'there.json', '--losses', at('losses'), input)
    // What is of a named graph has lost no more than its name.
    const losses = lines(fs.readFileSync(at('losses'), 'utf8'))
        .filter(line => parse(line)[0].graph.termType === 'DefaultGraph')
    const untitled = said.filter(c => c === NO_TITLE).length
    if (losses.length && !untitled) fail(`${name(file)}: lost: ${losses[0]}`)

    const again = step(file, 'datagouv2dcatap', 'back.json', at('there.json'))
    for (const code of again.filter(c => WRONG.includes(c))) fail(`${name(file)}: ${code}, and nothing was edited`)
    const without = new Set(losses.map(masked))
    const back = ours('dcatap2nt', '-q', '-b', BASE, at('back.json')).out
    const original = await graph(want, without)
    for (const what of differences(original, await graph(back, without))) fail(`${name(file)}: ${what}`)
    await edit(file, original, without)

    counts.files++
    counts.statements += lines(want).length
    counts.objects += JSON.parse(fs.readFileSync(at('there.json'), 'utf8')).total
    counts.untitled += untitled
    counts.lost += losses.length
}

for (const kind of kinds) {
    for (const file of kind.files) await check(file, kind).catch(e => fail(`${name(file)}: ${e.message}`))
}
fs.rmSync(work, {recursive: true})
console.log(`${counts.files} files, ${counts.statements} statements, ${counts.objects} objects; ${counts.untitled} ` +
    `records without a title, with ${counts.lost} statements`)
if (!counts.objects) fail('nothing to compare')
finish()
