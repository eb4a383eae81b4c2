// The JSON of other platforms in ../shared/corpus, the Turtle, and the pages of CSW, each file through its filter: how
// many datasets, distributions, licences, dates and contacts arrive, against platforms.tsv; and what that pins against jq,
// or xmllint and rapper, whose programs stand here. Each record of a CSW that is not DCAT is said to be none.
// And the longest record of each dialect: every text of it is in the data.gouv.fr JSON, or a row says what became of it.
import fs from 'fs'
import path from 'path'
import {spawnSync} from 'child_process'
import {BIN, HERE, corpus, fail, finish, name, ours, parse, run} from './lib.mjs'

const PORTAL = 'https://portal.example/'

// What is counted, from the file itself: jq -r PROGRAM FILE
const COUNT = {
    ckan2dcatap: `
        def extras: (.extras // {}) | if type == "array" then from_entries else . end;
        def given(f): [f | select(. != null and . != "")] | length > 0;
        [(if type == "array" then .[] else . end) | select(.resources and (.name or .title)) | extras + .] |
        [length, ([.[].resources[]] | length),
         (map(select(given(.license_url, .license, (.license_id | select(. != "notspecified")), .resources[].license))) | length),
         ([.[] | given(.issued, .dcat_issued, .metadata_created), given(.modified, .dcat_modified, .metadata_modified),
             given(.created) | select(.)] | length),
         ([.[] | (.contact // [])[], (select(given(.contact_name, .contact_email, .["contact-email"])) | 1),
             (select(given(.maintainer, .maintainer_email)) | 1)] | length)] | @tsv`,
    ods2dcatap: `
        [(.response // .) | if .results then .results[] elif .datasets then .datasets[] else . end | select(.metas | objects) |
         select(.dataset_id // .datasetid | strings) |
         .m = (.metas.default // .metas) | .i = (.interop_metas // .metas)] |
        [length,
         ([.[] | (if .has_records then 3 + (if any(.features[]?; . == "geo") then 2 else 0 end) else 0 end) +
             ((.attachments // []) | length) + ((.alternative_exports // []) | length)] | add // 0),
         (map(select(.m.license // .m.license_url)) | length),
         ([.[] | .m.modified, .i.dcat.created?, .i.dcat.issued? | select(.)] | length),
         (map(select(.i.inspire.contact_email? // .i.dcat.contact_email?)) | length)] | @tsv`,
    datajson2dcatap: `
        [(if type == "array" then .[] else .dataset? // . | if type == "array" then .[] else . end end) | objects |
         select(.["$schema"] == null) | select(.title // .identifier // .description // .distribution)] |
        def given(f): [f | select(. != null and . != "")] | length > 0;
        [length, ([.[].distribution[]?] | length),
         (map(select(given(.license, .distribution[]?.license))) | length),
         ([.[] | .issued, .modified | strings | select(test("^[0-9]{4}(-|$)"))] | length),
         (map(select(.contactPoint)) | length)] | @tsv`,
}

/** The children of the element that holds the records of a CSW. */
const IN_PAGE = "//*[local-name()='SearchResults' or local-name()='GetRecordByIdResponse']/*"
const xpath = (file, path) => run('xmllint', ['--xpath', path, file]).out

/** A graph where rapper reads one, by subject: rapper -q -i SYNTAX -o ntriples FILE BASE */
function bySubject(syntax, file) {
    const rapper = run('rapper', ['-q', '-i', syntax, '-o', 'ntriples', file, PORTAL])
    if (rapper.status !== 0) return null
    const graph = new Map()
    for (const quad of parse(rapper.out)) {
        const subject = quad.subject.value
        graph.set(subject, [...(graph.get(subject) ?? []), quad])
    }
    return graph
}

/** The RDF documents in a page of a CSW, each by itself: xmllint cuts them out. */
function inPage(file) {
    const rdf = path.join(process.env.TMPDIR ?? '/tmp', `csw-${process.pid}`)
    const graphs = Array.from({length: +xpath(file, `count(${IN_PAGE})`)}, (_, i) => {
        fs.writeFileSync(rdf, xpath(file, `(${IN_PAGE})[${i + 1}][local-name()='RDF']`))
        return bySubject('rdfxml', rdf)
    })
    fs.rmSync(rdf, {force: true})
    return graphs
}

/** Those of a file. */
const graphsOf = (program, file) => (program === 'ttl2dcatap' ? [bySubject('turtle', file)] : inPage(file)).filter(g => g)

/** The values of a property that is called so, of DCAT, Dublin Core or RDF. */
const valuesOf = (quads, name) => [...new Map((quads ?? []).filter(q => /dcat#|dc\/terms\/|#type$/.test(q.predicate.value))
    .filter(q => q.predicate.value.replace(/.*[#/]/, '') === name)
    .map(({object}) => [object.termType + object.value + object.language, object.value])).values()]

/** What is counted, from a graph. */
function inGraph(graph) {
    const totals = [0, 0, 0, 0, 0]
    for (const quads of graph.values()) {
        const of = name => valuesOf(quads, name)
        if (!of('type').some(t => /ns\/dcat#Dataset(Series)?$/.test(t))) continue
        const counts = [1, of('distribution').length,
            +(of('license').length > 0 || of('distribution').some(d => valuesOf(graph.get(d), 'license').length)),
            ['issued', 'modified', 'created'].filter(p => of(p).length).length, of('contactPoint').length]
        counts.forEach((n, i) => { totals[i] += n })
    }
    return totals
}

/** What other programs count; nothing where they refuse the file. */
function counted(program, file) {
    if (!COUNT[program]) {
        const graphs = graphsOf(program, file)
        if (program === 'ttl2dcatap' && !graphs.length) return undefined
        return graphs.map(inGraph).reduce((a, b) => a.map((n, i) => n + b[i]), [0, 0, 0, 0, 0]).join(' ')
    }
    return run('jq', ['-r', COUNT[program], file]).out.trim().replace(/\t/g, ' ')
}

/** The same of what a filter wrote. */
function arrived(program, file) {
    const said = ours(program, '-lq', '-b', PORTAL, file)
    if (said.dead) fail(`${name(file)}: ${program}: ${said.dead}`)
    const all = said.out.split('\n').filter(Boolean).map(line => JSON.parse(line))
    const records = all.filter(r => r['@type']?.some(t => /^Dataset/.test(t)) && !r.partOfRecord)
    const sum = f => records.reduce((n, r) => n + f(r), 0)
    return [records.length, sum(r => r.datasetDistribution?.length ?? 0),
        sum(r => +/"(licence|http:..purl.org.dc.terms.license)":/.test(JSON.stringify(r))), // a node, or a text
        // The date of issue has another key where the dataset is its own CatalogRecord.
        sum(r => ['releaseDate', 'listingDate', 'modificationDate', 'created'].filter(k => r[k]).length),
        sum(r => r.contactPoint?.length ?? 0)]
}

const rows = fs.readFileSync(path.join(HERE, 'platforms.tsv'), 'utf8').split('\n').filter(l => l && !l.startsWith('#'))
    .slice(1).map(l => l.split('\t'))
const listed = new Map(rows.map(([file, program, ...counts]) => [file + '\t' + program, counts.join(' ')]))
const jobs = []
for (const [folder, program] of [['ckan', 'ckan2dcatap'], ['ods', 'ods2dcatap'], ['dcat-us', 'datajson2dcatap']]) {
    for (const file of corpus(folder).filter(f => /\.json(ld)?$/.test(f))) {
        // ckanext-dcat keeps data.json beside its packages.
        const other = folder === 'ckan' && !/"resources"/.test(fs.readFileSync(file, 'utf8'))
        jobs.push([file, other ? 'datajson2dcatap' : program])
    }
}
const pages = [...corpus('dcat/xml-other'), ...corpus('csw')].filter(f => +xpath(f, `count(${IN_PAGE})`))
jobs.push(...pages.map(file => [file, 'rdfxml2dcatap']))
for (const file of corpus('dcat/turtle').filter(f => /\.(ttl|nt)$/.test(f))) jobs.push([file, 'ttl2dcatap'])
for (const [file, program] of jobs) {
    const key = name(file) + '\t' + program
    const theirs = counted(program, file)
    if (theirs === undefined) continue
    const ourCounts = arrived(program, file).join(' ')
    if (process.env.PIN) console.log([key, ...theirs.split(' ')].join('\t'))
    if (!listed.has(key)) fail(`not in platforms.tsv: ${key}: ${theirs}`)
    else if (listed.get(key) !== theirs) fail(`${key}: counted now: ${theirs}, the list has ${listed.get(key)}`)
    if (ourCounts !== theirs) fail(`${key}: ${ourCounts} arrive, ${theirs} were counted`)
    listed.delete(key)
}
for (const key of listed.keys()) fail(`in platforms.tsv, and no such file: ${key}`)

// ---- Records of a CSW that are not DCAT ----

for (const file of pages) {
    const foreign = +xpath(file, `count(${IN_PAGE}[local-name()!='RDF'])`)
    const said = ours('rdfxml2dcatap', '-v', file).err.match(/\[X138\]/g)?.length ?? 0
    if (said !== foreign) fail(`${name(file)}: ${foreign} records that are not RDF, and ${said} said to be none`)
}

// ---- Every text of the longest record ----

const SAMPLES = path.join(HERE, '../../samples')
const inCorpus = file => corpus('').find(f => name(f) === file)
const filter = (program, args, input) => spawnSync(path.join(BIN, program), args, {input, maxBuffer: 1 << 30}).stdout.toString()
const leaves = (value, at) => value === null || value === '' ? [] : typeof value === 'object' ?
    Object.entries(value).flatMap(([k, v]) => v?.key ? leaves(v.value, `${at}.${v.key}`) : // an extra of CKAN's
        leaves(v, Array.isArray(value) ? at : `${at}.${k}`)) : [[at.slice(1), String(value)]]

/** The record of a file of JSON as DCAT-AP JSON, and its members with their texts. */
function inJson(program, file) {
    const whole = JSON.parse(fs.readFileSync(file, 'utf8'))
    const record = whole.dataset?.[0] ?? whole.results?.[0] ?? whole
    return [filter(program, ['-lq', '-b', PORTAL], JSON.stringify(record)), leaves(record, '')]
}

// Where a record ends: at other records, and at what many have in common.
const END = /ns\/dcat#(Dataset(Series)?|Catalog|DataService)$|core#(ConceptScheme|Collection)$/

/** Paths of properties and their values, of what is reached from a subject. Of classes kept-rdf sees that they come back. */
function reached(graph, subject, at, seen) {
    return (graph.get(subject) ?? []).filter(q => !/#type$/.test(q.predicate.value)).flatMap(({predicate, object}) => {
        const path = at + predicate.value.replace(/.*[#/]/, '')
        const inner = object.termType === 'Literal' || seen.has(object.value) ||
            valuesOf(graph.get(object.value), 'type').some(t => END.test(t)) ? [] :
            reached(graph, object.value, path + '.', seen.add(object.value))
        return [...(object.termType === 'BlankNode' ? [] : [[path, object.value]]), ...inner]
    })
}

/** The same of the longest dataset with a name in a file of RDF. */
function longest(program, file) {
    const records = graphsOf(program, file).flatMap(graph => [...graph.keys()]
        .filter(s => !s.startsWith('_:') && valuesOf(graph.get(s), 'type').some(t => /dcat#Dataset$/.test(t)))
        .map(s => [s, reached(graph, s, '', new Set([s]))]))
    const [subject, texts] = records.reduce((a, b) => b[1].length > a[1].length ? b : a)
    const line = ours(program, '-lq', '-b', PORTAL, file).out.split('\n').find(l => l && JSON.parse(l)['@id'] === subject)
    return [line, texts]
}

const TEMPLATES = path.join(HERE, 'ods-templates.json') // with every member that ods.tsv names
const LONGEST = [
    ['ckan2dcatap', inCorpus('ckan/ckan+ckanext-dcat/examples_ckan_full_ckan_dataset_legacy.json')],
    ['ods2dcatap', inCorpus('ods/opendatateam+udata-ods/tests_data_inspire.json')],
    ['ods2dcatap', path.join(SAMPLES, 'opera/datasets.json')], // with its other groups of metadata
    ['ods2dcatap', TEMPLATES],
    ['datajson2dcatap', inCorpus('dcat-us/project-open-data+project-open-data.github.io/v1.1_examples_catalog-sample-extended.json')],
    ['datajson2dcatap', path.join(SAMPLES, 'agglomeration/data.json')], // of ArcGIS Hub
    ['ttl2dcatap', inCorpus('dcat/turtle/SmartDataAnalytics+dcat-suite/dcat-suite-app_src_main_resources_linkedgeodata-2018-04-04.dcat.ttl')],
    ['ttl2dcatap', inCorpus('dcat/turtle/ckan+ckanext-dcat/examples_dcat_dataset_health.ttl')], // with the most properties
    ['rdfxml2dcatap', inCorpus('dcat/xml-other/opendatateam+udata/udata_harvest_tests_csw_dcat_geonetwork-dcat-page-5.xml')],
    ['rdfxml2dcatap', inCorpus('dcat/xml-other/opendatateam+udata/udata_harvest_tests_csw_dcat_geonetwork-geodcatap-page-5.xml')],
]

// All texts in a value, those in JSON in its texts too.
const texts = value => typeof value === 'string' ? [value, ...(/^[[{"]/.test(value) ? safely(value) : [])] :
    value && typeof value === 'object' ? Object.values(value).flatMap(texts) : [String(value)]
function safely(text) {
    try { return texts(JSON.parse(text)) } catch { return [] }
}

const known = new Map(fs.readFileSync(path.join(HERE, 'platforms-mapped.tsv'), 'utf8').split('\n')
    .filter(l => l && !l.startsWith('#')).slice(1).map(l => l.split('\t')).map(([program, member, why]) => [`${program}\t${member}`, why]))
const names = (list, text) => text.length > 5 ? list.includes(text) : new RegExp(`\\b${text}\\b`).test(list)
const noted = file => path.join(process.env.TMPDIR ?? '/tmp', `${file}-${process.pid}`)
const met = new Set()
let fields = 0
for (const [program, file] of LONGEST) {
    const [json, members] = COUNT[program] ? inJson(program, file) : longest(program, file)
    const cleaned = filter('dcatapclean', ['-lq', '--diagnostics', noted('repairs')], json)
    for (const [how, dcat] of [['', json], [' cleaned', cleaned]]) {
        const came = new Set(texts(JSON.parse(filter('dcatap2datagouv', ['-lq', '--losses', noted('losses')], dcat))))
        const lost = fs.readFileSync(noted('losses'), 'utf8') + (how && fs.readFileSync(noted('repairs'), 'utf8'))
        for (const [member, text] of members) {
            fields++
            const key = `${program}\t${member}`
            if (came.has(text) || text.length > 5 && [...came].some(t => t.includes(text)) || names(lost, text)) continue
            if (process.env.PIN) console.log(`${key}\t${text}`)
            if (known.has(key)) met.add(key)
            else fail(`${name(file)}${how}: ${member} does not arrive: ${text}`)
        }
    }
}
fs.rmSync(noted('losses'))
fs.rmSync(noted('repairs'))
const given = new Set(leaves(JSON.parse(fs.readFileSync(TEMPLATES, 'utf8')), '')
    .flatMap(([member]) => member.split('.')).concat('datasetid'))
for (const row of ours('ods2dcatap', '--list-ods').out.split('\n').map(l => l.split('\t'))) {
    if (row[0] !== 'dataset' || row[2] === 'ignore') continue
    for (const member of `${row[3]} ${row[2] === 'bounds' ? row[4] : ''}`.split(' ').filter(Boolean)) {
        if (!member.split('.').every(m => given.has(m))) fail(`ods-templates.json has no ${member}`)
    }
}
for (const key of known.keys()) if (!met.has(key)) fail(`in platforms-mapped.tsv, and arrives as it is: ${key}`)
console.log(`${jobs.length} files, ${pages.length} of them pages of CSW; ${fields} texts of the longest records, of ${known.size} members changed on the way`)
finish()
