// data.gouv.fr JSON in one step is what it is in two, by way of DCAT-AP JSON, as lines and as a document: the same
// objects, for every RDF/XML file of the corpus. Their order may differ where records wait for each other.
import {corpus, fail, finish, name, run} from './lib.mjs'

const one = 'rdfxml2datagouv -q -l --extras known --now 2026-01-01 "$1"'
const ways = {
    lines: 'rdfxml2dcatap -q -l "$1" | dcatap2datagouv -q -l --extras known --now 2026-01-01',
    document: 'rdfxml2dcatap -q "$1" | dcatap2datagouv -q -l --extras known --now 2026-01-01',
}
const objects = (command, file) => {
    const r = run('sh', ['-c', command, 'sh', file])
    if (r.dead) fail(`${name(file)}: ${r.dead}`)
    return r.out.split('\n').sort()
}
const files = corpus('dcat/rdfxml')
let count = 0

for (const file of files) {
    const want = objects(one, file)
    count += want.length - 1
    for (const [way, command] of Object.entries(ways)) {
        const got = objects(command, file)
        const lost = want.filter(o => !got.includes(o)).length
        if (lost || got.length !== want.length) fail(`${name(file)}: ${lost} of ${want.length - 1} differ by way of ${way}`)
    }
}
console.log(`${files.length} files, ${count} objects`)
if (!count) fail('nothing was converted')
finish()
