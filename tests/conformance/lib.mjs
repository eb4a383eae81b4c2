// What the scripts here share. They are run from a folder below the judges', so that `../lib.mjs` is the judges' own.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {spawnSync} from 'child_process'
import * as rdfCanonize from 'rdf-canonize'
import jsonld from 'jsonld'
import {looseNQuads} from '../lib.mjs'

/** Where ../shared, the programs and tests/conformance are. */
export const {SHARED, BIN, HERE} = process.env
export const BASE = 'http://h.example/x/'
const LIMIT = 60 // seconds; a filter that takes longer hangs
export const PATIENCE = 600 // seconds, with a judge

/** The files below a folder, sorted. */
export const walk = dir => fs.readdirSync(dir, {withFileTypes: true})
    .flatMap(e => e.isDirectory() ? walk(path.join(dir, e.name)) : [path.join(dir, e.name)]).sort()

export const corpus = folder => walk(path.join(SHARED, 'corpus', folder))

/** A file's name for messages and lists: what follows "corpus/". */
export const name = file => path.relative(path.join(SHARED, 'corpus'), file)

/** Run a program: its status and what it wrote; `dead` says why when it crashed, hung, or a sanitizer spoke. */
export function run(program, args, seconds = LIMIT) {
    const r = spawnSync(program, args, {timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 1 << 30})
    const err = r.stderr?.toString() ?? ''
    const report = /ERROR: \w*Sanitizer.*|\S+: runtime error: .*/.exec(err)
    const dead = r.error ? r.error.message : r.signal ? 'died of ' + r.signal : report ? report[0] :
        r.status > 2 ? 'status ' + r.status : ''
    return {status: r.status, out: r.stdout?.toString() ?? '', err, dead}
}

/** One of ours. */
export const ours = (program, ...args) => run(path.join(BIN, program), args)

// ---- Graphs ----

/** N-Triples or N-Quads as quads; characters that no IRI may hold come back percent-encoded. */
export const parse = looseNQuads

/** The canonical text of a graph: equal for isomorphic graphs. Parsing drops what is said twice. */
export const canonical = quads => rdfCanonize.canonize(rdfCanonize.NQuads.parse(rdfCanonize.NQuads.serialize(quads)),
    {algorithm: 'RDFC-1.0', format: 'application/n-quads', maxWorkFactor: 3})

const noLoader = async url => { throw new Error('a context from the network: ' + url) }

/** JSON-LD as quads, by jsonld.js. */
export const expand = async document =>
    parse(await jsonld.toRDF(document, {format: 'application/n-quads', documentLoader: noLoader}))

/**
 * Documents as quads, by rdflib, in one process of Debian's Python: jobs are {format, text}, with `format` as rdflib
 * calls it; what comes is an array of quads each, or an Error.
 */
function rdflib(jobs) {
    const work = fs.mkdtempSync(path.join(os.tmpdir(), 'rdflib-'))
    const list = jobs.map(({format, text}, i) => {
        const file = path.join(work, String(i))
        fs.writeFileSync(file, text)
        return {format, file, base: BASE}
    })
    const r = spawnSync('/usr/bin/python3', [path.join(HERE, 'rdflib-judge.py')],
        {input: JSON.stringify(list), timeout: PATIENCE * 1000, maxBuffer: 1 << 30})
    fs.rmSync(work, {recursive: true})
    if (r.status !== 0) throw new Error('rdflib: ' + (r.error?.message ?? r.stderr))
    return r.stdout.toString().split('\n').filter(Boolean).map(line => JSON.parse(line))
        .map(said => said.error ? new Error(said.error) : parse(said.graph))
}

/** N-Triples with language tags in small letters, as rdflib has them: they mean the same (BCP 47, 2.1.1). */
export const lowerTags = lines => lines.replace(/"@[A-Za-z0-9-]+(?= \.$)/gm, tag => tag.toLowerCase())

/**
 * Where the graphs that rdflib reads differ from those that are wanted: jobs as above, with a name `where` and `want`,
 * N-Triples.
 */
export async function judgeByRdflib(jobs) {
    const graphs = rdflib(jobs)
    for (const [i, {where, want}] of jobs.entries()) {
        if (graphs[i] instanceof Error) fail(`${where}: rdflib: ${graphs[i].message}`)
        else for (const what of differences(await canonical(parse(lowerTags(want))), await canonical(graphs[i]))) {
            fail(`${where}: rdflib: ${what}`)
        }
    }
}

/** Give the blank nodes of a JSON value labels that no other value has, but for `_:m…`: these mean one node in all. */
export function keepApart(value, mark) {
    if (Array.isArray(value)) return value.map(v => keepApart(v, mark))
    if (!value || typeof value !== 'object') {
        return typeof value === 'string' && /^_:(?!m[0-9a-f]{16}$)/.test(value) ? `${value}-${mark}` : value
    }
    return Object.fromEntries(Object.entries(value)
        .map(([k, v]) => [k, k === '@value' ? v : keepApart(v, mark)]))
}

/** The statement without its blank nodes. */
const masked = line => line.replace(/^_:\S+/, '_:').replace(/ _:\S+ \.$/, ' _: .')

/** What --losses listed, and a graph without it. */
export const readLosses = file => new Set(fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map(masked))
export const without = (losses, lines) => lines.split('\n').filter(l => !losses.has(masked(l))).join('\n')

/** jsonld.js takes an IRI with white space in it for a relative one and drops the statement. */
export const readable = line => !/<[^>]*\\u00(0[9A-D]|20)[^>]*>/.test(line)

const records = lines => lines.split('\n').filter(Boolean).map((line, i) => keepApart(JSON.parse(line), i))

/** What rdfxml2dcatap writes, as one value of JSON-LD for each shape: `convert` runs it with these arguments. */
export function shapes(convert) {
    const of = keys => {
        const said = (...args) => convert('rdfxml2dcatap', '--keys', keys, ...args)
        const document = JSON.parse(said())
        const context = document['@context']
        return {
            [`document ${keys}`]: document,
            [`document ${keys} without context`]: {'@context': context, ...JSON.parse(said('--context', 'none'))},
            [`lines ${keys}`]: records(said('-l', '--context', 'inline')),
            [`lines ${keys} without context`]: {'@context': context, '@graph': records(said('-l'))},
        }
    }
    return {...of('3.0.1'), ...of('2.1.1')}
}

/** Where two canonical graphs differ: a set of "subject TAB property", blank nodes all being "_:". */
export function differences(a, b) {
    const count = new Map()
    for (const [graph, step] of [[a, 1], [b, -1]]) {
        for (const line of graph.split('\n').filter(Boolean).map(masked)) {
            count.set(line, (count.get(line) ?? 0) + step)
        }
    }
    const where = new Set([...count].filter(([, n]) => n)
        .map(([line]) => line.split(' ', 2).map(t => t.replace(/[<>]/g, '')).join('\t')))
    if (!where.size && a !== b) where.add('_:\t(which blank node is which)')
    return where
}

// ---- Lists of known differences ----

/** A list whose columns its second line names, the last why: a map from the others to that. */
export function readList(file) {
    const [columns, ...rows] = fs.readFileSync(path.join(HERE, file), 'utf8').split('\n')
        .filter(l => l && !l.startsWith('#')).map(l => l.split('\t'))
    for (const row of rows) {
        if (row.length !== columns.length || row.some(c => !c) || row.slice(0, -1).some(c => c.includes('*'))) {
            throw new Error(`${file}: not ${columns.join(', ')}: ${row.join(' | ')}`)
        }
    }
    return new Map(rows.map(r => [r.slice(0, -1).join('\t'), r.at(-1)]))
}

const failures = []
export const fail = text => failures.push(text)

/** What was found must be what is listed. */
export function settle(file, found, listed) {
    for (const [key, what] of found) if (!listed.has(key)) fail(`not in ${file}: ${key}${what ? '\t' + what : ''}`)
    for (const key of listed.keys()) if (!found.has(key)) fail(`in ${file}, and no longer so: ${key}`)
}

/** Say what failed, and end. */
export function finish() {
    for (const text of failures.slice(0, 50)) console.log('FAILED: ' + text.slice(0, 600))
    if (failures.length > 50) console.log(`and ${failures.length - 50} more`)
    process.exit(failures.length ? 1 : 0)
}
