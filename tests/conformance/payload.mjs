// What --payload writes is what the API of data.gouv.fr takes: every line of every DCAT file of the corpus, held
// against the API's rules as they are written down here, apart from the program's tables. And with the ids of a first
// run, the same input gives changes only, and names every contact point and dataset that it has.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {corpus, fail, finish, name, ours} from './lib.mjs'

// ---- The rules ----

const length = s => [...s].length
const isText = s => typeof s === 'string'
const isObject = v => v !== null && typeof v === 'object' && !Array.isArray(v)
const isDay = s => isText(s) && /^-?\d{4,}-\d\d-\d\d/.test(s) && !Number.isNaN(Date.parse(s))

const FREQUENCIES = `continuous oneMinute fiveMinutes tenMinutes fifteenMinutes thirtyMinutes hourly bihourly trihourly
    twelveHours severalTimesADay threeTimesADay semidaily daily fiveTimesAWeek threeTimesAWeek semiweekly weekly biweekly
    threeTimesAMonth semimonthly monthly bimonthly quarterly threeTimesAYear semiannual annual biennial triennial
    quadrennial quinquennial decennial bidecennial tridecennial punctual irregular never notPlanned other unknown`
    .split(/\s+/)
const LICENCES = `lov2 fr-lo odc-odbl odc-by odc-pddl cc-by cc-by-sa cc-zero other-at other-open other-pd notspecified`
    .split(/\s+/)
const ACCESS = ['open', 'open_with_account', 'restricted']
const REASONS = `confidentiality_of_proceedings_of_public_authorities
    international_relations_public_security_or_national_defence course_of_justice_or_fair_trial
    confidentiality_of_commercial_or_industrial_information intellectual_property_rights
    confidentiality_of_personal_data protection_of_voluntary_information_suppliers protection_of_environment`
    .split(/\s+/)
const ROLES = `contact creator publisher rightsHolder custodian distributor originator principalInvestigator processor
    resourceProvider user`.split(/\s+/)

/**
 * Scheme, host, port, path: no white space, nothing private, "/" or "?" before a fragment. The last label is looked up
 * among those that there are, in small letters.
 */
function isUrl(s) {
    if (!isText(s) || s !== s.trim()) return false
    const m = /^(?:(https?|ftps?):)?\/\/(?:\S+@)?(\[[0-9a-f:]+\]|[^\s/?#:@[\]]+)(?::\d{2,5})?(?:[/?]\S*)?$/u.exec(s)
    if (!m) return false
    const host = m[2]
    if (host.startsWith('[')) return !/^\[(?:::1|f)/.test(host)
    const four = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host)
    if (four) {
        const [a, b] = [+four[1], +four[2]]
        return a > 0 && a < 224 && a !== 10 && a !== 127 && !(a === 172 && b >= 16 && b < 32) && !(a === 192 && b === 168)
    }
    const labels = host.split('.')
    const letter = '[a-z0-9\\u00a1-\\uffff]', more = '[a-z0-9_\\u00a1-\\uffff]'
    return labels.length > 1 && labels.every(l => new RegExp(`^(?:${more}-?)*${letter}$`, 'i').test(l)) &&
        new RegExp(`^${letter}{2,}$`).test(labels.at(-1)) && !/^\d/.test(labels.at(-1))
}

const text = (min, max) => v => isText(v) && length(v) <= max && (!min || v.trim().length > 0)
const oneOf = list => v => list.includes(v)
const url = isUrl
const id = v => isText(v) && /^[\w-]+$/.test(v)
const list = rule => v => Array.isArray(v) && v.every(rule)
const tag = v => isText(v) && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(v) && v.length >= 3 && v.length <= 96
const extra = v => v !== null && v !== undefined

const ring = r => Array.isArray(r) && r.length >= 4 && r.every(p => Array.isArray(p) && p.length >= 2 &&
    p.every(Number.isFinite)) && JSON.stringify(r[0]) === JSON.stringify(r.at(-1))
const geometry = g => isObject(g) && g.type === 'MultiPolygon' && g.coordinates.length > 0 &&
    g.coordinates.every(p => p.length > 0 && p.every(ring))
const area = v => isObject(v) && (v.geom ? !v.zones?.length && geometry(v.geom) : v.zones?.length > 0 &&
    v.zones.every(isText)) && (v.granularity === undefined || isText(v.granularity))
const period = v => isObject(v) && isDay(v.start) && (v.end === null || v.end === undefined || isDay(v.end))
const checksum = v => isObject(v) && ['sha1', 'sha2', 'sha256', 'md5', 'crc'].includes(v.type) && isText(v.value) &&
    v.value.trim() !== ''
const schema = v => isObject(v) && (v.url ? isUrl(v.url) : isText(v.name) && v.name !== '')
const extras = v => isObject(v) && Object.values(v).every(extra) && !('moisson:rdf' in v)

const RESOURCE = {
    title: text(1, 350), description: text(0, 100000), url, id, type: oneOf(['main', 'documentation', 'update', 'api',
        'code', 'other']), filetype: oneOf(['remote', 'file']), format: v => isText(v) && v === v.trim().toLowerCase(),
    mime: isText, filesize: Number.isInteger, checksum, schema, extras,
}
const resource = v => isObject(v) && !wrong(v, RESOURCE, ['title', 'url']).length
const unique = v => new Set(v.map(r => r.id).filter(Boolean)).size === v.filter(r => r.id).length
const BODIES = {
    '/api/1/datasets/': [{
        title: text(1, 350), description: text(1, 100000), description_short: text(0, 200), acronym: text(0, 128),
        license: oneOf(LICENCES), frequency: oneOf(FREQUENCIES), tags: list(tag), temporal_coverage: period,
        spatial: area, private: v => typeof v === 'boolean', frequency_date: isDay, deleted: isDay, archived: isDay,
        extras, organization: id, owner: id, contact_points: list(id), access_type: oneOf(ACCESS),
        access_type_reason_category: oneOf(REASONS), access_type_reason: isText, authorization_request_url: url,
        access_audiences: list(isObject), resources: v => list(resource)(v) && unique(v),
    }, ['title', 'description']],
    '/api/1/dataservices/': [{
        title: text(1, 350), acronym: text(0, 128), description: text(0, 100000), base_api_url: url,
        machine_documentation_url: url, technical_documentation_url: url, business_documentation_url: url,
        availability: v => v >= 0 && v <= 100, rate_limiting: isText, format: oneOf(['REST', 'WMS', 'WSL']),
        tags: list(tag), license: oneOf(LICENCES), private: v => typeof v === 'boolean', organization: id, owner: id,
        access_type: oneOf(ACCESS), access_audiences: list(isObject), authorization_request_url: url, extras,
        contact_points: list(id), datasets: list(id),
    }, ['title']],
    '/api/1/contacts/': [{
        name: v => text(1, 255)(v) && !/:\/\/|www\./.test(v), contact_form: url, role: oneOf(ROLES), organization: id,
        email: v => isText(v) && length(v) <= 255 && /^[^\s@<>()[\],;:\\"]+@[^\s@]+\.[^\s@.\d]{2,}$/u.test(v),
    }, ['name']],
}

/** The members that the API would refuse, and those that it misses. */
function wrong(body, rules, required) {
    return [...Object.keys(body).filter(k => !rules[k]?.(body[k])),
        ...required.filter(k => body[k] === undefined).map(k => 'no ' + k)]
}

// ---- The lines ----

let lines = 0, resources = 0

/** Check a line; its row for --ids. */
function check(file, text) {
    const line = JSON.parse(text)
    const place = Object.keys(BODIES).find(p => line.path.startsWith(p))
    const what = `${name(file)}: ${line.key}`
    const created = line.path === place

    lines++
    if (Object.keys(line).join() !== 'key,method,path,body' || !place) return fail(`${what}: not a line: ${text}`)
    const update = place === '/api/1/dataservices/' ? 'PATCH' : 'PUT'
    if (line.method !== (created ? 'POST' : update) || !/^(?:[\w-]+\/)?$/.test(line.path.slice(place.length))) {
        fail(`${what}: ${line.method} ${line.path}`)
    }
    for (const field of wrong(line.body, ...BODIES[place])) {
        const bad = field === 'resources' ? line.body.resources.filter(r => !resource(r)) : line.body[field]
        fail(`${what}: ${field}: ${JSON.stringify(bad)?.slice(0, 200)}`)
    }
    if (place === '/api/1/contacts/' && line.body.role === 'contact' && !line.body.email && !line.body.contact_form) {
        fail(`${what}: a contact that cannot be reached`)
    }
    resources += line.body.resources?.length ?? 0
    return line
}

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'payload-'))
const ids = path.join(work, 'ids.tsv')
const tsv = cells => cells.map(c => c.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')).join('\t') + '\n'
const payload = (file, ...more) => {
    const program = name(file).startsWith('dcat/rdfxml') ? 'rdfxml2datagouv' : 'dcatap2datagouv'
    const r = ours(program, '-q', '--now', '2026-01-01', '--payload', '--organization', '5f8d', ...more, file)
    if (r.dead || r.status > 1) fail(`${name(file)}: ${r.dead || 'status ' + r.status}: ${r.err}`)
    return r.out.split('\n').filter(Boolean).map(l => check(file, l)).filter(Boolean)
}
const files = [...corpus('dcat/rdfxml'), ...corpus('dcat/jsonld')]
let named = 0

for (const file of files) {
    const first = payload(file)
    const keys = new Set(first.map(l => l.key))
    let n = 0
    if (keys.size !== first.length) fail(`${name(file)}: two lines of one key`)
    fs.writeFileSync(ids, first.map(l => tsv([l.key, 'id' + ++n]) + (l.body.resources ?? [])
        .map(r => tsv([l.key, 'resource' + ++n, r.url, r.title])).join('')).join(''))
    const second = payload(file, '--ids', ids)
    const created = second.filter(l => l.method === 'POST')
    if (created.length) fail(`${name(file)}: created again: ${created[0].key}`)
    const wanted = first.filter(l => !l.path.includes('contacts'))
    if (second.length !== wanted.length) fail(`${name(file)}: ${wanted.length} records, then ${second.length}`)
    if (second.some(l => l.body.resources?.some(r => !r.id))) fail(`${name(file)}: a resource without its id`)
    const points = new Set(second.flatMap(l => l.body.contact_points ?? []))
    named += points.size
    if (points.size !== first.length - wanted.length) fail(`${name(file)}: ${points.size} contact points are named`)
}
fs.rmSync(work, {recursive: true})
console.log(`${files.length} files, ${lines} lines with ${resources} resources, ${named} contact points`)
if (!lines) fail('nothing was converted')
finish()
