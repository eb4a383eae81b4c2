// Every file of the corpus and of the W3C's RDF/XML suite, whatever its format, through every filter: none crashes or
// hangs, and the status is 0 or 1, since each file is there and can be read. SANITIZE=1 builds the filters with the
// sanitizers, whose reports are crashes too.
import fs from 'fs'
import os from 'os'
import path from 'path'
import {BASE, BIN, SHARED, corpus, fail, finish, name, ours, walk} from './lib.mjs'

const programs = fs.readdirSync(BIN).filter(program => program !== 'moisson').sort()
const files = [...corpus('.'), ...walk(path.join(SHARED, 'w3c/rdf-xml'))]
const count = [0, 0]
// What a program needs besides its input.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'robust-'))
const more = {dcatap2site: [path.join(folder, 'site'), '--base-url', BASE, '--title', 't', '--description', 'd', '--publisher', 'p']}

for (const file of files) {
    for (const program of programs) {
        const r = ours(program, ...more[program] ?? [], '-q', '-b', BASE, file)
        if (r.dead || r.status > 1) fail(`${program} ${name(file)}: ${r.dead || 'status 2: ' + r.err.split('\n')[0]}`)
        else count[r.status]++
    }
}
fs.rmSync(folder, {recursive: true})
console.log(`${files.length} files through ${programs.join(', ')}: status 0 ${count[0]} times, 1 ${count[1]} times`)
if (!files.length || !programs.length) fail('nothing to run')
finish()
