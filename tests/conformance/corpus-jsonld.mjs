// Every JSON-LD file of the corpus that jsonld.js reads with no context from the network: the graph of dcatap2nt is that
// of jsonld.js, strict or not.
import fs from 'fs'
import jsonld from 'jsonld'
import {BASE, canonical, corpus, fail, finish, name, ours, parse} from './lib.mjs'

const noLoader = async url => { throw new Error('a context from the network: ' + url) }
const files = corpus('dcat/jsonld')
let read = 0

async function theirs(file) {
    try {
        const document = JSON.parse(fs.readFileSync(file, 'utf8'))
        return await jsonld.toRDF(document, {base: BASE, format: 'application/n-quads', documentLoader: noLoader})
    } catch {
        return null
    }
}

for (const file of files) {
    const want = await theirs(file)
    for (const strict of want === null ? [] : [['-s'], []]) {
        const we = ours('dcatap2nt', '-q', '--quads', '-b', BASE, ...strict, file)
        if (we.dead) fail(`${name(file)}: ${strict}: ${we.dead}`)
        else if (await canonical(parse(we.out)) !== await canonical(parse(want))) {
            fail(`${name(file)}: ${strict}: another graph`)
        }
    }
    read += want !== null
}
console.log(`${read} of ${files.length} files read by jsonld.js`)
if (!read) fail('nothing to compare')
finish()
