// The ministry's catalogue, by csv2dcatap and dcatap2csv, against itself as Python's csv reads both: each column that
// metadata can hold. What a platform computes, and what is counted of resources that the file does not have, cannot come
// back: those columns are named here and must be empty, or 0. An apostrophe that keeps a cell from being computed is none
// of it.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {corpus, fail, finish, name, ours, readList, run, settle} from './lib.mjs'

const COMPUTED = /^(quality_score|metric\..*)$/
const COUNTED = /^(resources_formats|(main_)?resources_count)$/

const READ = `
import csv, json, sys
csv.field_size_limit(10 ** 9)
print(json.dumps(list(csv.DictReader(open(sys.argv[1], encoding='utf-8', newline=''), delimiter=';'))))`

const read = file => JSON.parse(run('python3', ['-c', READ, file]).out)

const file = corpus('culture').find(f => f.endsWith('catalogue_culture_global.csv'))
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'spreadsheet-'))
const middle = path.join(work, 'dcatap.json'), end = path.join(work, 'out.csv')
const there = ours('csv2dcatap', '-q', '-o', middle, file)
const back = ours('dcatap2csv', '-q', '-o', end, middle)
if (there.status !== 0 || back.status !== 0) fail(`status ${there.status} and ${back.status}: ${there.err}${back.err}`)

const want = read(file), got = new Map(read(end).map(row => [row.id, row]))
if (want.length !== got.size) fail(`${want.length} rows, and ${got.size} came back`)
const found = new Map()
let cells = 0
for (const row of want) {
    const same = got.get(row.id)
    if (!same) { fail(`${row.id} did not come back`); continue }
    if (Object.keys(row).join() !== Object.keys(same).join()) fail('other columns')
    for (const [column, cell] of Object.entries(row)) {
        const came = same[column].replace(/^'(?=[=+@-])/, '')
        if (COMPUTED.test(column) || COUNTED.test(column)) {
            if (came !== '' && came !== '0') fail(`${row.id}: ${column} was made up: ${came}`)
            continue
        }
        cells++
        if (came !== cell) found.set([name(file), row.id, column].join('\t'), `${cell.slice(0, 80)} became ${came.slice(0, 80)}`)
    }
}

// The other file has columns of its own; each row is a dataset with its title, tags and dates.
const other = corpus('culture').find(f => f.endsWith('catalog_datasets_univers-culture.csv'))
const lines = ours('csv2dcatap', '-lq', other).out.trim().split('\n').map(l => JSON.parse(l))
const rows = JSON.parse(run('python3', ['-c', READ.replace("';'", "','"), other]).out)
if (lines.length !== rows.length) fail(`${rows.length} rows, and ${lines.length} records`)
rows.forEach((row, i) => {
    const tags = row['tags.dataset'].split(';').map(t => t.trim()).filter(Boolean)
    const said = [lines[i]?.title?.[0]['@value'], ...(lines[i]?.keyword ?? []).map(k => k['@value'])]
    if (said.join() !== [row['title.dataset'], ...new Set(tags)].join()) fail(`${row['id.dataset']}: ${said}`)
})
fs.rmSync(work, {recursive: true})
settle('spreadsheet.tsv', found, readList('spreadsheet.tsv'))
console.log(`${want.length} rows, ${cells} cells, ${found.size} differ; ${rows.length} rows of another make`)
finish()
