// What dcatapclean makes of each RDF/XML and JSON-LD catalogue of the corpus: no violation of the core shapes of DCAT-AP
// 3.0.1 but for values that are nowhere in the source, each of which a diagnostic names; no statement gone that no
// diagnostic names; and clean once it is clean.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {fileURLToPath} from 'url'
import {BASE, PATIENCE, corpus, fail, finish, name, ours, parse, readList, run, settle} from './lib.mjs'

const validator = fileURLToPath(new URL('../validate.mjs', import.meta.url))
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'clean-'))
const at = (...parts) => path.join(work, ...parts.map(String))

/** Violations by file. The judge reads several files a call. */
function judge(list) {
    const said = new Map()
    for (let i = 0; i < list.length; i += 100) {
        const lines = run('node', [validator, '-s', 'core', '-j', '-b', BASE, ...list.slice(i, i + 100)], PATIENCE).out
            .split('\n')
        lines.forEach((line, k) => {
            const [file, verdict] = line.split('\t')
            if (/^quads=/.test(verdict ?? '')) {
                said.set(file, JSON.parse(lines[k + 1]).filter(f => f.sev === 'Violation'))
            }
        })
    }
    return said
}

const kind = f => `${f.comp.replace('ConstraintComponent', '')} ${f.path}`
const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1)
const table = map => [...map].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([key, n]) => `  ${n} ${key}`).join('\n')

// What a violation of a value that is nowhere comes from, and the code that says so of the record.
const EXEMPT = [[/^MinCount /, 'C137'], [/^Node primaryTopic$/, 'C140']]

/** Statements with blank nodes masked, how often each is there. */
function statements(file) {
    const counts = new Map()
    const masked = t => t.termType === 'BlankNode' ? '_:' : t.value
    for (const q of parse(ours('dcatap2nt', '-q', '-b', BASE, file).out)) {
        count(counts, `${masked(q.subject)}\t${q.predicate.value}\t${q.object.termType} ${masked(q.object)}`)
    }
    return counts
}

const files = [...corpus('dcat/rdfxml'), ...corpus('dcat/jsonld')]
const cleaned = files.map((file, i) => {
    const [before, after, again, said] = ['before', 'after', 'again', 'said'].map(what => at(`${i}-${what}.jsonld`))
    const convert = file.includes('/rdfxml/') ? 'rdfxml2dcatap' : 'jsonld2dcatap'
    fs.writeFileSync(before, ours(convert, '-q', '-b', BASE, file).out)
    const r = ours('dcatapclean', '-q', '--diagnostics', said, '-o', after, before)
    if (r.dead) fail(`${name(file)}: ${r.dead}`)
    ours('dcatapclean', '-q', '-o', again, after)
    if (!fs.readFileSync(after).equals(fs.readFileSync(again))) fail(`${name(file)}: cleaned twice is not cleaned once`)
    const diagnostics = fs.readFileSync(said, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line))
        .filter(d => d.code.startsWith('C'))
    return {file, before, after, diagnostics}
})

// ---- Nothing is lost ----

const PREFIXES = new Map(ours('dcatapclean', '--list-prefixes').out.split('\n').slice(1).filter(Boolean)
    .map(line => line.split('\t')))
const full = property => {
    const [prefix, local] = [property.slice(0, property.indexOf(':')), property.slice(property.indexOf(':') + 1)]
    return PREFIXES.has(prefix) ? PREFIXES.get(prefix) + local : property
}
const totals = {before: 0, after: 0, gone: 0, named: 0}
for (const {file, before, after, diagnostics} of cleaned) {
    const [was, is] = [statements(before), statements(after)]
    // A diagnostic names the property of its statement, and of those of the nodes that it shows.
    const named = new Map()
    for (const d of diagnostics.filter(d => d.detail && !d.detail.startsWith('-> '))) {
        count(named, full(d.property ?? ''))
        const shown = d.detail.split(' -> ')[0]
        for (const [, a, property] of shown.matchAll(/(?:\[|; )(?:(a) |([^\s"<>[\]]+) )/g)) {
            count(named, a ? full('rdf:type') : full(property))
        }
    }
    const gone = new Map()
    for (const [statement, n] of was) {
        totals.before += n
        const left = n - (is.get(statement) ?? 0)
        for (let i = 0; i < left; i++) count(gone, statement.split('\t')[1])
    }
    for (const n of is.values()) totals.after += n
    for (const [property, n] of gone) {
        totals.gone += n
        totals.named += Math.min(n, named.get(property) ?? 0)
        if ((named.get(property) ?? 0) < n) {
            fail(`${name(file)}: ${n} statements of ${property} are gone, and ${named.get(property) ?? 0} named`)
        }
    }
}
console.log(`${totals.before} statements before, ${totals.after} after; ${totals.gone} gone, ${totals.named} of these named`)

// ---- The shapes ----

const found = new Map()
const judged = judge(cleaned.flatMap(c => [c.before, c.after]))
const [all, left, exempt] = [new Map(), new Map(), new Map()]
let compared = 0
for (const {file, before, after, diagnostics} of cleaned) {
    const [was, is] = [judged.get(before), judged.get(after)]
    if (was && !is) fail(`${name(file)}: the judge cannot read what was cleaned`)
    if (!was || !is) continue
    compared++
    was.forEach(f => count(all, kind(f)))
    for (const f of is) {
        const code = EXEMPT.find(([which]) => which.test(kind(f)))?.[1]
        const told = diagnostics.some(d => d.code === code && d.property.endsWith(':' + f.path))
        count(code && told ? exempt : left, kind(f))
        if (!code || !told) found.set([name(file), String(f.focus).replace(/^[dfn]+_.*/, '_:'), kind(f)].join('\t'), f.val ?? '')
    }
}
settle('clean.tsv', found, readList('clean.tsv'))
const sum = map => [...map.values()].reduce((a, n) => a + n, 0)
console.log(`${compared} files of ${files.length}: ${sum(all)} violations before:\n${table(all)}`)
console.log(`${sum(left)} after, and ${sum(exempt)} of values that are nowhere in the source, each of them said:\n${table(exempt)}`)
if (!sum(all)) fail('nothing was found')
fs.rmSync(work, {recursive: true})
finish()
