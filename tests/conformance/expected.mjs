// What data.gouv.fr's own software made of its RDF/XML fixtures (corpus/expected) against what rdfxml2datagouv makes of
// them, and what becomes of them by way of dcatapclean: as many records, and in each the same value of every field that
// is named there. A row of the list says by which way a field differs: directly, cleaned, or both.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {SHARED, corpus, fail, finish, ours, readList, settle} from './lib.mjs'

const MOST = 0.05 // of the fields may differ
const LEFT_OUT = new Set(['harvest.backend', 'harvest.domain']) // the harvester's, not the record's
const folder = path.join(SHARED, 'corpus/expected')
const fixtures = corpus('dcat/rdfxml/opendatateam+udata')
const listed = readList('differences.tsv')
const differing = new Map() // from file, record and field to the ways, and what they are
let fields = 0
let records = 0

const isObject = v => v !== null && typeof v === 'object' && !Array.isArray(v)
const isNothing = v => v === null || v === undefined || v === '' || isObject(v) && !Object.keys(v).length

/** A date as an instant: without a time it is midnight, without a zone UTC. NaN: it is no date. */
function instant(v) {
    const parts = typeof v === 'string' && /^(\d{4}-\d\d-\d\d)(?:T([\d:.]+)(Z|[+-]\d\d:\d\d)?)?$/.exec(v)
    return parts ? Date.parse(`${parts[1]}T${parts[2] ?? '00:00:00'}${parts[3] ?? 'Z'}`) : NaN
}

function same(a, b) {
    if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b)
    if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((v, i) => same(v, b[i]))
    if (isObject(a)) return isObject(b) && [...Object.keys(a), ...Object.keys(b)].every(k => same(a[k], b[k]))
    if (isObject(b) || Array.isArray(b)) return false
    return String(a) === String(b) || instant(a) === instant(b)
}

/**
 * Compare the fields of `want`. Where saving changes a value, what was mapped (`want`) and what was saved (`saved`) are
 * both right. Calls `differ` with the field and the two values.
 */
function compare(want, saved, got, field, differ) {
    if (isObject(want) && Object.keys(want).length) {
        for (const key of Object.keys(want)) {
            compare(want[key], saved?.[key], got?.[key], field ? `${field}.${key}` : key, differ)
        }
    } else if (!LEFT_OUT.has(field)) {
        fields++
        if (!same(want, got) && (saved === undefined || !same(saved, got))) differ(field, want, got)
    }
}

// What extras keep as it was said is what dcatapclean puts right.
const AS_SAID = /(^|\.)extras\.dcat\./

function compareItem(item, got, differ) {
    const {resources: want = [], ...rest} = item[item.kind]
    const {resources: saved, ...savedRest} = item.saved_changes
    const have = got.resources ?? []

    compare(rest, savedRest, got, '', differ)
    if (item.datasets) compare({datasets: item.datasets.sort()}, {}, {datasets: got.datasets.sort()}, '', differ)
    if (want.length !== have.length) differ('resources', want.length, have.length)
    want.forEach((resource, i) => {
        const twin = have.find(r => r.url === resource.url && r.title === resource.title)
        compare(resource, saved?.[i], twin, `resources.${resource.title}`, differ)
    })
}

/** A fixture as lines of data.gouv.fr JSON: in one step, or in three with dcatapclean for the second. */
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'expected-'))
const OPTIONS = ['-q', '-l', '--extras', 'known', '-L', 'en', '--now', '2026-08-21']
const ways = {
    'directly': fixture => ours('rdfxml2datagouv', ...OPTIONS, fixture),
    'cleaned': fixture => {
        const [dirty, clean] = [path.join(work, 'dirty'), path.join(work, 'clean')]
        ours('rdfxml2dcatap', '-q', '-l', '-o', dirty, fixture)
        ours('dcatapclean', '-q', '-l', '-o', clean, dirty)
        return ours('dcatap2datagouv', ...OPTIONS, clean)
    },
}

function differ(place, way, want, have) {
    if (!differing.has(place)) differing.set(place, new Map())
    differing.get(place).set(way, `${way}: expected ${JSON.stringify(want)}, got ${JSON.stringify(have)}`)
}

// The others in that folder were made with other settings, or are of formats that no program reads yet.
const files = fs.readdirSync(folder).filter(f => /^dcat-.*\.json$/.test(f))
let compared = 0
for (const file of files) {
    const expected = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'))
    const input = expected.input[0]
    const fixture = fixtures.find(f => f.endsWith('_' + input))
    if (!fixture || file !== `dcat-${input}.json`) continue
    compared++
    for (const [way, convert] of Object.entries(ways)) {
        const r = convert(fixture)
        if (r.dead || r.status !== 0) fail(`${input}, ${way}: status ${r.status} ${r.dead}`)
        const got = r.out.split('\n').filter(Boolean).map(line => JSON.parse(line))
        if (got.length !== expected.items.length) {
            fail(`${input}, ${way}: ${got.length} records, not ${expected.items.length}`)
        }
        for (const item of expected.items) {
            const record = got.find(g => g.harvest.remote_id === item.remote_id)
            records++
            if (!record) fail(`${input}, ${way}: ${item.remote_id} is missing`)
            else compareItem(item, record, (field, want, have) => way === 'cleaned' && AS_SAID.test(field) ||
                differ([input, item.remote_id, field].join('\t'), way, want, have))
        }
    }
}
fs.rmSync(work, {recursive: true})
const found = new Map([...differing].map(([place, by]) =>
    [`${place}\t${by.size > 1 ? 'both' : [...by.keys()][0]}`, [...by.values()].join('; ')]))
console.log(`${compared} files (${files.length - compared} others left out), ${records} records, ${fields} fields; ` +
    `${found.size} differ (${(100 * found.size / fields).toFixed(1)} %); differences.tsv has ${listed.size} rows`)
if (!compared) fail('nothing to compare')
if (found.size > MOST * fields) fail(`more than ${100 * MOST} % of the fields differ`)
settle('differences.tsv', found, listed)
finish()
