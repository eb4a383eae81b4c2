// The official contexts in ../shared/standards, for jsonld.js: what the network would give.
import fs from 'fs'
import path from 'path'
import {SHARED} from './lib.mjs'

/** A name of `context-terms.tsv`, where the official file is, and a URL of it. */
export const OFFICIAL = [
    ['dcat-ap-2', 'dcat-ap-2.1.1/dcat-ap_2.1.1.jsonld',
        'https://raw.githubusercontent.com/SEMICeu/DCAT-AP/master/releases/2.1.1/dcat-ap_2.1.1.jsonld'],
    ['dcat-ap-2-lang', 'dcat-ap-2.1.1/dcat-ap_lang_2.1.1.jsonld',
        'https://raw.githubusercontent.com/SEMICeu/DCAT-AP/master/releases/2.1.1/dcat-ap_lang_2.1.1.jsonld'],
    ['dcat-ap-3.0.1', 'dcat-ap-3.0.1/dcat-ap.jsonld',
        'https://semiceu.github.io/DCAT-AP/releases/3.0.1/context/dcat-ap.jsonld'],
    ['dcat-ap-3.0-examples', 'dcat-ap-3.0.1/examples/context.jsonld',
        'https://semiceu.github.io/uri.semic.eu-generated/DCAT-AP/releases/3.0.0/html/examples/context.jsonld'],
    ['dcat-ap-hvd-2.2.0', 'dcat-ap-hvd-2.2.0/hvd.jsonld',
        'https://semiceu.github.io/DCAT-AP/releases/2.2.0-hvd/context/hvd.jsonld'],
    ['dcat-ap-hvd-3.0.0', 'dcat-ap-hvd-3.0.0/hvd.jsonld',
        'https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/context/hvd.jsonld'],
    ['dcat-us-1.1', 'contexts/pod-v1.1-catalog.jsonld',
        'https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld'],
    ['dido', 'contexts/dido-dcatcontext.json', 'https://dido.geoapi.fr/v1/dcatcontext.jsonld'],
]

/** The official file; without the terms for which a processor refuses all of it, and which those are. */
export function official(file) {
    const context = JSON.parse(fs.readFileSync(path.join(SHARED, 'standards', file), 'utf8'))['@context']
    const invalid = Object.keys(context).filter(t => /.:./.test(t) && !(t.split(':')[0] in context))
    return {context, invalid, valid: Object.fromEntries(Object.entries(context).filter(([t]) => !invalid.includes(t)))}
}

/** A documentLoader: the official files, wherever a document says that they are, and nothing else. */
export async function loader(url) {
    const row = OFFICIAL.find(([, , at]) => at === url)
    if (!row) throw new Error('a context from the network: ' + url)
    return {documentUrl: url, contextUrl: null, document: {'@context': official(row[1]).valid}}
}
