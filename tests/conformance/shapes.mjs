// The SHACL judge finds in what rdfxml2dcatap writes what it finds in the original, no more and no less, under the
// shapes of DCAT-AP 3.0.1: on the samples, and on the files that were made to break one rule each.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {fileURLToPath} from 'url'
import {BASE, HERE, PATIENCE, SHARED, corpus, fail, finish, ours, run, walk} from './lib.mjs'

const samples = path.join(HERE, '../../samples')
const files = [...walk(samples).filter(file => file.endsWith('.rdf')), path.join(SHARED, 'examples/catalogue.rdf'),
    ...corpus('dcat/rdfxml/SEMICeu+dcat-ap_validator')]
const validator = fileURLToPath(new URL('../validate.mjs', import.meta.url))
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'shapes-'))

/** What the judge says of each file: its findings as sorted texts, or nothing where it cannot read the file. */
function judge(list) {
    const r = run('node', [validator, '-s', 'core,range', '-j', '-b', BASE, ...list], PATIENCE)
    const lines = r.out.split('\n').filter(Boolean)
    const said = new Map()
    lines.forEach((line, i) => {
        const [file, verdict] = line.split('\t')
        if (!/^quads=/.test(verdict ?? '')) return
        // A blank node has another label here and there.
        const masked = v => v === undefined || v.includes(':') ? v : '_'
        said.set(file, JSON.parse(lines[i + 1]).map(f => JSON.stringify([f.sev, masked(f.focus), f.path, f.comp,
            masked(f.val)])).sort())
    })
    return said
}

const copies = files.map((file, i) => {
    const copy = path.join(work, `${i}.jsonld`)
    fs.writeFileSync(copy, ours('rdfxml2dcatap', '-q', '-b', BASE, file).out)
    return copy
})
const originals = judge(files)
const converted = judge(copies)
let compared = 0
let findings = 0
files.forEach((file, i) => {
    const [want, got] = [originals.get(file), converted.get(copies[i])]
    const shown = path.relative(path.join(HERE, '../..'), file)
    if (!got) fail(`${shown}: the judge cannot read the conversion`)
    if (!want || !got) return
    compared++
    findings += want.length
    for (const f of got) if (!want.includes(f)) fail(`${shown}: only in the conversion: ${f}`)
    for (const f of want) if (!got.includes(f)) fail(`${shown}: only in the original: ${f}`)
    if (want.length !== got.length) fail(`${shown}: ${want.length} findings, and ${got.length} in the conversion`)
})
fs.rmSync(work, {recursive: true})
console.log(`${compared} files of ${files.length} (the judge does not read the others), ${findings} findings`)
if (!findings) fail('nothing was found')
finish()
