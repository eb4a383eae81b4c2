// The JSON of other platforms in ../shared/corpus, and the pages of CSW, each file through its filter: how many
// datasets, distributions, licences, dates and contacts arrive, against platforms.tsv; and what that pins against jq,
// or xmllint and rapper, whose programs stand here. Each record of a CSW that is not DCAT is said to be none.
// And the longest record of each dialect: every text of it is in the data.gouv.fr JSON, or a row says what became of it.
import fs from 'fs'
import path from 'path'
import {spawnSync} from 'child_process'
import {BIN, HERE, corpus, fail, finish, name, ours, parse, run} from './lib.mjs'

const PORTAL = 'https://portal.example'

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

/** The same of the RDF documents in a page of a CSW, each by itself: xmllint cuts them out, rapper reads them. */
function counted(file) {
    const totals = [0, 0, 0, 0, 0]
    const add = (...counts) => counts.forEach((n, i) => { totals[i] += n })
    for (let i = 1; i <= +xpath(file, `count(${IN_PAGE})`); i++) {
        const rdf = path.join(process.env.TMPDIR ?? '/tmp', `csw-${process.pid}`)
        fs.writeFileSync(rdf, xpath(file, `(${IN_PAGE})[${i}][local-name()='RDF']`))
        const graph = parse(run('rapper', ['-q', '-i', 'rdfxml', '-o', 'ntriples', rdf, PORTAL]).out)
        fs.rmSync(rdf)
        const of = (s, local) => graph.filter(q => q.subject.value === s && q.predicate.value.replace(/.*[#/]/, '') === local)
        for (const dataset of new Set(graph.filter(q => /#type$/.test(q.predicate.value) &&
            /dcat#Dataset(Series)?$/.test(q.object.value)).map(q => q.subject.value))) {
            const files = of(dataset, 'distribution')
            add(1, files.length, +[dataset, ...files.map(q => q.object.value)].some(s => of(s, 'license').length),
                ['issued', 'modified', 'created'].filter(p => of(dataset, p).length).length,
                of(dataset, 'contactPoint').length)
        }
    }
    return totals.join(' ')
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
for (const [file, program] of jobs) {
    const key = name(file) + '\t' + program
    const theirs = program === 'rdfxml2dcatap' ? counted(file) :
        run('jq', ['-r', COUNT[program], file]).out.trim().replace(/\t/g, ' ')
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

const LONGEST = {
    ckan2dcatap: 'ckan/ckan+ckanext-dcat/examples_ckan_full_ckan_dataset_legacy.json',
    ods2dcatap: 'ods/opendatateam+udata-ods/tests_data_inspire.json',
    datajson2dcatap: 'dcat-us/project-open-data+project-open-data.github.io/v1.1_examples_catalog-sample-extended.json',
}
const leaves = (value, at) => value === null || value === '' ? [] : typeof value === 'object' ?
    Object.entries(value).flatMap(([k, v]) => v?.key ? leaves(v.value, `${at}.${v.key}`) : // an extra of CKAN's
        leaves(v, Array.isArray(value) ? at : `${at}.${k}`)) : [[at, String(value)]]
const filter = (program, args, input) => spawnSync(path.join(BIN, program), args, {input, maxBuffer: 1 << 30}).stdout.toString()
// All texts in a value, those in JSON in its texts too.
const texts = value => typeof value === 'string' ? [value, ...(/^[[{"]/.test(value) ? safely(value) : [])] :
    value && typeof value === 'object' ? Object.values(value).flatMap(texts) : [String(value)]
function safely(text) {
    try { return texts(JSON.parse(text)) } catch { return [] }
}

const known = new Map(fs.readFileSync(path.join(HERE, 'platforms-mapped.tsv'), 'utf8').split('\n')
    .filter(l => l && !l.startsWith('#')).slice(1).map(l => l.split('\t')).map(([program, member, why]) => [`${program}\t${member}`, why]))
const met = new Set()
let fields = 0
for (const [program, file] of Object.entries(LONGEST)) {
    const whole = JSON.parse(fs.readFileSync(corpus('').find(f => name(f) === file), 'utf8'))
    const record = whole.dataset?.[0] ?? whole
    const json = filter(program, ['-lq', '-b', PORTAL], JSON.stringify(record))
    for (const [how, dcat] of [['', json], [' cleaned', filter('dcatapclean', ['-lq'], json)]]) {
        const losses = path.join(process.env.TMPDIR ?? '/tmp', `losses-${process.pid}`)
        const came = new Set(texts(JSON.parse(filter('dcatap2datagouv', ['-lq', '--losses', losses], dcat))))
        const lost = fs.readFileSync(losses, 'utf8')
        fs.rmSync(losses)
        for (const [member, text] of leaves(record, '').map(([m, t]) => [m.slice(1), t])) {
            fields++
            const key = `${program}\t${member}`
            if (came.has(text) || [...came].some(t => t.includes(text)) || lost.includes(text)) continue
            if (process.env.PIN) console.log(`${key}\t${text}`)
            if (known.has(key)) met.add(key)
            else fail(`${file}${how}: ${member} does not arrive: ${text}`)
        }
    }
}
for (const key of known.keys()) if (!met.has(key)) fail(`in platforms-mapped.tsv, and arrives as it is: ${key}`)
console.log(`${jobs.length} files, ${pages.length} of them pages of CSW; ${fields} texts of the longest records, of ${known.size} members changed on the way`)
finish()
