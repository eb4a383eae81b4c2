// data.gouv.fr JSON to DCAT-AP and back, over real files and our sample: each field that the API lets one write comes
// back with the same value (data.gouv.fr API, version 1: dataset, resource, data service), the DCAT-AP keeps the official core
// shapes, and twice through the filter gives the same bytes. What cannot come back is listed in round-trip.tsv.
//
// Compared as the API means them: null, "", [] and what holds nothing else say nothing; no licence is "notspecified";
// an object with an id stands for its id. Identifiers that the platform gives are not written; members of extras.dcat
// are made by a harvest.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {fileURLToPath} from 'url'
import {HERE, PATIENCE, corpus, fail, finish, name, ours, readList, run, settle} from './lib.mjs'

const DATASET = ['title', 'acronym', 'description', 'description_short', 'tags', 'license', 'frequency',
    'frequency_date', 'temporal_coverage', 'spatial', 'schema', 'access_type', 'access_type_reason_category', 'access_type_reason',
    'access_audiences', 'authorization_request_url', 'private', 'deleted', 'archived', 'organization', 'owner',
    'contact_points', 'extras']
const RESOURCE = ['title', 'description', 'url', 'type', 'filetype', 'format', 'mime', 'filesize', 'checksum', 'schema',
    'extras']
const SERVICE = ['title', 'acronym', 'description', 'base_api_url', 'machine_documentation_url',
    'technical_documentation_url', 'business_documentation_url', 'availability', 'rate_limiting', 'format', 'tags',
    'license', 'access_type', 'access_audiences', 'authorization_request_url', 'private', 'organization', 'owner',
    'contact_points', 'extras']
const DEFAULTS = {license: 'notspecified', private: false, access_type: 'open', type: 'main', filetype: 'remote'}

const saysNothing = v => v === null || v === undefined || v === '' ||
    typeof v === 'object' && Object.values(v).every(saysNothing)
const sorted = v => Array.isArray(v) ? v.map(sorted) : v && typeof v === 'object' ?
    Object.fromEntries(Object.keys(v).sort().map(k => [k, sorted(v[k])])) : v

/** A value as the API means it. */
function meaning(field, v) {
    if (field === 'extras' && v) v = Object.fromEntries(Object.entries(v).filter(([k]) => k !== 'dcat'))
    if (field === 'contact_points' && v) v = v.map(({id, ...rest}) => rest)
    if (field === 'spatial' && v?.granularity === 'other') v = {...v, granularity: null}
    if (['organization', 'owner', 'license', 'frequency'].includes(field)) v = v?.id ?? v
    if (saysNothing(v) && field in DEFAULTS) v = DEFAULTS[field]
    return saysNothing(v) ? 'null' : JSON.stringify(sorted(v))
}

const found = new Map()
let compared = 0

function compare(file, record, before, fields, want, got) {
    for (const field of fields) {
        if (!(field in want)) continue
        const [a, b] = [meaning(field, want[field]), meaning(field, got[field])]
        compared++
        if (a === b) continue
        found.set([name(file), record, before + field].join('\t'), `${a.slice(0, 150)} became ${b.slice(0, 150)}`)
    }
}

function compareDataset(file, want, got) {
    compare(file, want.id, '', DATASET, want, got)
    const resources = Array.isArray(want.resources) ? want.resources : []
    for (const resource of resources) {
        const back = got.resources.find(r => r.harvest.dct_identifier === resource.id)
        if (back) compare(file, want.id, resource.id + '/', RESOURCE, resource, back)
        else found.set([name(file), want.id, resource.id].join('\t'), resource.url)
    }
    if (got.resources.length > resources.length) fail(`${name(file)}: more resources than there were`)
}

/** The datasets and services of a file, whatever it is. */
function records(value) {
    if (Array.isArray(value)) return value.flatMap(records)
    if (Array.isArray(value.data)) return records(value.data)
    if (value.dataset && value.dataservices) {
        return [{...value.dataset, organization: value.organization, resources: value.resources}, ...value.dataservices]
    }
    return value.title && (value.resources || value.base_api_url) ? [value] : []
}

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'round-trip-'))
const validator = fileURLToPath(new URL('../validate.mjs', import.meta.url))
const written = []
let all = 0

// The sample has what the real files have not: geometries, contacts, schemas, map services.
const files = [...corpus('udata-json'), path.join(HERE, '../../samples/portal/datasets.json')]

files.forEach((file, i) => {
    const want = records(JSON.parse(fs.readFileSync(file, 'utf8')))
    const there = ours('datagouv2dcatap', '-q', file)
    if (there.dead) fail(`${name(file)}: ${there.dead}`)
    if (ours('datagouv2dcatap', '-q', file).out !== there.out) fail(`${name(file)}: two runs differ`)
    if (!want.length) {
        if (there.status !== 1) fail(`${name(file)}: no record, and status ${there.status}`)
        return
    }
    const copy = path.join(work, `${i}.jsonld`)
    fs.writeFileSync(copy, there.out)
    written.push(copy)
    const back = ours('dcatap2datagouv', '-q', '--extras', 'known', copy)
    const got = back.status === 0 ? JSON.parse(back.out).data : []
    if (got.length !== want.length) fail(`${name(file)}: ${want.length} records, and ${got.length} came back`)
    for (const record of want) {
        const same = got.find(r => ('base_api_url' in r) === ('base_api_url' in record) && r.title === record.title &&
            (!r.harvest.uri || r.harvest.uri === record.harvest?.uri || r.harvest.uri.includes(record.id)))
        all++
        if (!same) fail(`${name(file)}: ${record.id} did not come back`)
        else if (record.base_api_url) compare(file, record.id, '', SERVICE, record, same)
        else compareDataset(file, record, same)
    }
})

const verdicts = run('node', [validator, '-s', 'core', ...written], PATIENCE).out.split('\n').filter(Boolean)
let judged = 0
for (const line of verdicts.filter(l => /\tquads=/.test(l))) {
    judged++
    if (!/\tviolations=0\t/.test(line) || /\tquads=0\t/.test(line)) fail(`core shapes: ${line}`)
}
if (judged !== written.length) fail(`${written.length} files, and ${judged} were judged`)
fs.rmSync(work, {recursive: true})
settle('round-trip.tsv', found, readList('round-trip.tsv'))
console.log(`${all} records of ${written.length} files, ${compared} fields, ${found.size} differ; core shapes hold`)
if (!compared) fail('nothing was compared')
finish()
