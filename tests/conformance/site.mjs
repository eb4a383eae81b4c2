// A site by dcatap2site, of the samples and of 1,000 real records, served by nginx on this machine with the configuration
// of samples/site: rapper and rdflib read each page to the same graph, the core shapes find no violation, moisson brings
// every record back with the same hash, and in headless Chromium nothing is wrong with the pages.
import fs from 'fs'
import net from 'net'
import os from 'os'
import path from 'path'
import {createRequire} from 'module'
import {fileURLToPath} from 'url'
import {BIN, HERE, SHARED, canonical, fail, finish, judgeByRdflib, ours, parse, PATIENCE, run} from './lib.mjs'

const ROOT = path.join(HERE, '../..')
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'site-'))
const file = name => path.join(work, name)
const shell = command => run('sh', ['-c', command], PATIENCE)

// ---- The records: of the samples, and real ones under other names than those of a portal that is not harvested again ----

const input = file('in.jsonl')
const made = shell(`PATH=${BIN}:$PATH; cd ${ROOT}; {
    for f in samples/museum/catalogue.rdf samples/library/catalogue.rdf; do rdfxml2dcatap -lq $f; done
    csv2dcatap -lq -b https://archives.example.org/jeux/ samples/archive/inventaire.csv
    python3 ${SHARED}/bench/gen.py nested 1000 | sed 's/www\\.data\\.gouv\\.fr/donnees.example.org/g' | rdfxml2dcatap -lq
} | dcatapclean -lq >${input}`)
if (made.dead) fail(made.dead)

// One more, with all that a description can hold, and what means harm in it.
const wide = Array.from({length: 20}, (_, i) => `colonne${i}`).join(' | ')
fs.appendFileSync(input, JSON.stringify({
    '@id': 'https://donnees.example.org/markdown', '@type': ['Dataset'], identifier: [{'@value': 'markdown'}],
    title: [{'@value': 'Démonstration typographique'}],
    description: [{'@value': `### Une partie

* un\n    1. **deux**\n* &lt;script>document.title = 'pris'&lt;/script>\n\n> cité\n\n# Une autre\n
${wide}\n${wide.replace(/\w+/g, '---')}\n${wide}\n
\`\`\`\n${'code '.repeat(60)}\n\`\`\`\n
![une image](http://image.invalid/i.png) ![](http://image.invalid/i.png) [](http://lien.invalid/) [x](javascript:alert(1)) &#x202E;tourné`}],
    datasetDistribution: [{'@type': ['Distribution'], accessUrl: ['https://donnees.example.org/1.csv'],
        description: [{'@value': '## Colonnes\n\n- a\n- b'}]}]}) + '\n')

// ---- Served ----

const port = await new Promise(done => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
        const {port} = probe.address()
        probe.close(() => done(port))
    })
})
const base = `http://127.0.0.1:${port}/`
const folder = file('site')
const site = ours('dcatap2site', folder, '-q', '--base-url', base, '--title', 'Catalogue', '--description', 'Essai.',
    '--publisher', 'Archives', input)
if (site.status !== 0) fail(`dcatap2site: status ${site.status}: ${site.err}`)
const written = () => run('find', [folder, '-printf', '%P %i %T@\\n']).out.split('\n').sort().join('\n')
const before = written()
ours('dcatap2site', folder, '-q', '--base-url', base, '--title', 'Catalogue', '--description', 'Essai.', '--publisher', 'Archives', input)
if (written() !== before) fail('the second run wrote something')
const conf = fs.readFileSync(path.join(ROOT, 'samples/site/nginx.conf'), 'utf8')
    .replace('listen 80;', `listen 127.0.0.1:${port};`).replace('/srv/catalogue', folder)
fs.writeFileSync(file('nginx.conf'), `pid ${file('pid')}; error_log ${file('error.log')};
events { worker_connections 64; }
http { access_log off; client_body_temp_path ${file('t1')}; proxy_temp_path ${file('t2')}; fastcgi_temp_path ${file('t3')};
    uwsgi_temp_path ${file('t4')}; scgi_temp_path ${file('t5')};
${conf}
}
`)
fs.chmodSync(work, 0o755)
const server = run('nginx', ['-c', file('nginx.conf'), '-e', file('error.log')])
if (server.status !== 0) fail(`nginx: ${server.err}`)

try {
    await look()
} finally {
    run('nginx', ['-c', file('nginx.conf'), '-e', file('error.log'), '-s', 'quit'])
}

async function look() {
    // What the client asks for, and the type that says so.
    const id = fs.readdirSync(path.join(folder, 'datasets')).find(f => f.endsWith('.html')).replace('.html', '')
    for (const [accept, type] of [['text/html', 'text/html'], ['application/rdf+xml', 'application/rdf+xml'],
        ['application/ld+json', 'application/ld+json'], ['*/*', 'text/html']]) {
        const r = await fetch(`${base}datasets/${id}`, {headers: {accept}})
        if (r.status !== 200 || !r.headers.get('content-type').startsWith(type)) {
            fail(`${accept}: ${r.status} ${r.headers.get('content-type')}`)
        }
    }

    // Each page, by others.
    const pages = fs.readdirSync(folder).filter(f => /^catalog.*\.(rdf|jsonld)$/.test(f)).map(f => path.join(folder, f))
    const jobs = []
    for (const page of pages) {
        const rdf = page.endsWith('.rdf')
        const lines = ours(rdf ? 'rdfxml2nt' : 'dcatap2nt', page).out
        jobs.push({where: path.basename(page), format: rdf ? 'xml' : 'json-ld', text: fs.readFileSync(page, 'utf8'), want: lines})
        if (!rdf) continue
        const rapper = run('rapper', ['-q', '-i', 'rdfxml', '-o', 'ntriples', page, base + path.basename(page)], PATIENCE)
        if (await canonical(parse(rapper.out)) !== await canonical(parse(lines))) fail(`${path.basename(page)}: rapper differs`)
    }
    await judgeByRdflib(jobs)
    const validator = fileURLToPath(new URL('../validate.mjs', import.meta.url))
    for (const line of run('node', [validator, '-s', 'core', '-j', ...pages.filter(p => p.endsWith('.rdf'))], PATIENCE).out.split('\n')) {
        // What a source does not say stays unsaid.
        for (const found of line.startsWith('[') ? JSON.parse(line) : []) {
            if (found.sev === 'Violation' && found.comp !== 'MinCountConstraintComponent') fail(`core shapes: ${JSON.stringify(found)}`)
        }
    }

    // Every record back, as it was.
    fs.writeFileSync(file('sources.conf'), `source "site" { url = "${base}catalog.rdf" allow-addresses = {"127.0.0.1"}
        min-delay = 0 filter = "" }\n`)
    const harvest = run(path.join(BIN, 'moisson'), ['-c', file('sources.conf'), '-D', file('harvest.db'), 'run'], PATIENCE)
    run(path.join(BIN, 'moisson'), ['-c', file('sources.conf'), '-D', file('harvest.db'), 'export', '-f', 'dcatap', '-o', file('back.json')])
    const hashes = name => run(path.join(BIN, '../tests/conformance/records'), ['-q', file(name)], PATIENCE).out
        .split('\n').filter(l => l.startsWith('# ')).sort()
    fs.copyFileSync(input, file('in.json'))
    const own = hashes('in.json'), back = new Set(hashes('back.json'))
    // The catalogues of the museum, the library and the real records: the site is one of its own.
    const lost = own.filter(h => !back.has(h)).length
    if (harvest.status !== 0 || lost !== 3 || back.size !== own.length - 3 + 1) {
        fail(`moisson: status ${harvest.status}, ${own.length} records out, ${back.size} back, ${lost} not: ${harvest.err}`)
    }
    await browse()
    console.log(`${own.length} records, ${pages.length} pages`)
}

async function browse() {
    const require = createRequire(path.join(ROOT, 'build/judges/browser/'))
    const {chromium} = require('playwright-core')
    const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
    const browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
        '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']})
    for (const [width, height] of [[1280, 900], [390, 844]]) for (const colorScheme of ['light', 'dark']) {
        const where = `${width} ${colorScheme}`
        const page = await (await browser.newContext({viewport: {width, height}, colorScheme})).newPage()
        page.on('request', r => { if (!r.url().startsWith(base) && !r.url().startsWith('data:')) fail(`${where}: asks for ${r.url()}`) })
        page.on('console', m => { if (m.type() === 'error') fail(`${where}: ${m.text()}`) })
        page.on('pageerror', e => fail(`${where}: ${e}`))
        const check = async name => {
            for (const v of await page.evaluate(source => { eval(source); return axe.run().then(r => r.violations.map(v => v.id)) }, axe)) fail(`${where}: ${name}: axe: ${v}`)
            if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) fail(`${where}: ${name} is too wide`)
        }
        await page.goto(`${base}index.html`)
        await page.fill('#words', 'Cadastre napoléonien Ormeau')
        if (await page.locator('#list li').count() !== 1) fail(`${where}: the search found ${await page.textContent('#count')}`)
        await check('index')
        await page.click('#list li a')
        await page.waitForSelector('h1')
        if (await page.textContent('h1') !== 'Cadastre napoléonien') fail(`${where}: another record: ${await page.textContent('h1')}`)
        await check('record')
        await page.goto(`${base}index.html`)
        await page.fill('#words', 'Démonstration typographique')
        await page.click('#list li a')
        await page.waitForSelector('table')
        await check('description')
        const shown = await page.evaluate(() => [document.title, document.querySelectorAll('script:not([type]), img').length,
            [...document.querySelectorAll('h1, h2, h3, h4')].map(h => h.tagName + h.textContent).join()])
        const want = ['Démonstration typographique – Catalogue', 0,
            'H1Démonstration typographique,H2Une partie,H2Une autre,H2Fichiers et services,H3Colonnes,H2À propos']
        if (JSON.stringify(shown) !== JSON.stringify(want)) fail(`${where}: the description is ${JSON.stringify(shown)}`)
        if (process.env.SHOTS) await page.screenshot({path: `${process.env.SHOTS}/${width}-${colorScheme}.png`, fullPage: true})
    }
    await browser.close()
}

fs.rmSync(work, {recursive: true})
finish()
