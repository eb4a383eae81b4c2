#!/bin/sh
# site.sh: what dcatap2site writes is one catalogue in all its forms, harms nobody, and is replaced as a whole.
set -u
. tests/kit/plain.sh
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0
complain() {
    bad=1
    echo "$*"
}
site() { # folder, then input and options
    folder=$1
    shift
    dcatap2site "$folder" -q --base-url https://donnees.example.org/cat "$@"
}
own="--title Catalogue --description Tout --publisher Ormeau"

{
    rdfxml2dcatap -lq samples/museum/catalogue.rdf
    rdfxml2dcatap -lq samples/library/catalogue.rdf
    rdfxml2dcatap -lq samples/region/catalogue*.rdf
    csv2dcatap -lq -b https://archives.example.org/jeux/ samples/archive/inventaire.csv
    # Two hundred more, of which one cannot stand on data.gouv.fr, nor here.
    awk 'BEGIN { for (i = 1; i <= 200; ++i)
        printf "{\"@id\":\"https://n.example/%d\",\"@type\":[\"Dataset\"],%s\"keyword\":[{\"@value\":\"série\"}]}\n",
        i, i == 77 ? "" : "\"title\":[{\"@value\":\"Jeu " i "\"}]," }'
} | jq -c 'select(.partOfRecord | not)' >"$work/in"

# shellcheck disable=SC2086
site "$work/out" $own "$work/in" 2>"$work/said"
[ $? = 1 ] || complain "a record without a title does not count as rejected"
grep -q '\[M101\] in <https://n.example/77>' "$work/said" || complain "the record without a title is not told"

# Each page in both formats is the same graph, as far as lines can tell; each record is a file of its own.
lines() {
    sed 's/_:[^ ]*/_:/g; s/\(catalog[-0-9]*\)\.jsonld>/\1.rdf>/g' | LC_ALL=C sort -u
}
pages=$(ls "$work/out"/catalog*.rdf | wc -l)
[ "$pages" = 3 ] || complain "$pages pages"
for rdf in "$work/out"/catalog*.rdf "$work/out"/datasets/*.rdf; do
    rapper -q -i rdfxml -o ntriples "$rdf" >"$work/a" 2>"$work/err" ||
        complain "rapper refuses $rdf: $(head -n 1 "$work/err")"
    dcatap2nt -q "${rdf%.rdf}.jsonld" | lines >"$work/b"
    rdfxml2nt -q "$rdf" | lines | cmp -s - "$work/b" || complain "${rdf#"$work/"}: RDF/XML and JSON-LD differ"
done
cat "$work/out"/catalog*.rdf >"$work/all.rdf"
rdfxml2nt -q "$work"/out/catalog*.rdf >"$work/all.nt"
records=$(grep -c 'dcat#dataset>\|dcat#service>' "$work/all.nt")
exposed=$(ls "$work"/out/datasets/*.html | wc -l)
[ "$records" = "$exposed" ] || complain "$records records in the pages, $exposed pages of their own"
grep -q "\"$records\"^^<http://www.w3.org/2001/XMLSchema#integer>" "$work/all.nt" ||
    complain "hydra:totalItems is not $records"
awk '/#type> <http:\/\/www.w3.org\/ns\/dcat#(Dataset|DataService|DatasetSeries)>/ { kind[$1] = 1 }
    / <http:\/\/purl.org\/dc\/terms\/identifier> / { has[$1] = 1 }
    / <http:\/\/www.w3.org\/ns\/dcat#(dataset|service)> / { listed[$3] = 1 }
    END { for (s in listed) if (!(s in has)) print s }' "$work/all.nt" >"$work/without"
[ ! -s "$work/without" ] || complain "no identifier: $(head -n 2 "$work/without")"

# From page to page, as a harvester goes, by names old and new.
page=https://donnees.example.org/cat/catalog.rdf
n=0
while [ -n "$page" ] && [ $n -lt 9 ]; do
    n=$((n + 1))
    file=$work/out/${page##*/}
    next=$(rdfxml2nt -q "$file" | sed -n 's/.*hydra\/core#next> <\(.*\)> \.$/\1/p')
    [ "$next" = "$(rdfxml2nt -q "$file" | sed -n 's/.*hydra\/core#nextPage> <\(.*\)> \.$/\1/p')" ] ||
        complain "two next pages"
    page=$next
done
[ $n = 3 ] || complain "$n pages on the way"

# What machines read besides.
xmllint --noout "$work/out/feed.atom" "$work/out/sitemap.xml" 2>&1 || complain "XML"
[ "$(grep -c '<loc>' "$work/out/sitemap.xml")" = $((exposed + 1)) ] || complain "the site map lacks pages"
[ "$(jq .total "$work/out/datagouv.json")" = "$(jq '.data | length' "$work/out/datagouv.json")" ] ||
    complain "datagouv.json"
for page in "$work"/out/datasets/*.html; do
    sed -n 's/.*<script type="application\/ld+json">\(.*\)<\/script>.*/\1/p' "$page" |
        jq -e '.name and .url' >/dev/null ||
        complain "${page##*/}: no schema.org"
done
ls "$work/out/datasets" | tr 'A-Z' 'a-z' | sort | uniq -d | grep . && complain "names that differ in case alone"

# A second run touches nothing; what others put there stays, what is gone goes.
find "$work/out" -printf '%P %i %T@\n' | sort >"$work/before"
# shellcheck disable=SC2086
site "$work/out" $own "$work/in" 2>/dev/null
find "$work/out" -printf '%P %i %T@\n' | sort | cmp -s - "$work/before" ||
    complain "the second run wrote something"
echo 'User-agent: *' >"$work/out/robots.txt"
head -n 3 "$work/in" >"$work/few"
# shellcheck disable=SC2086
site "$work/out" $own "$work/few" || complain "status $?"
[ "$(ls "$work"/out/datasets/*.html | wc -l)" = 3 ] && [ -f "$work/out/robots.txt" ] &&
    [ ! -f "$work/out/catalog-2.rdf" ] ||
    complain "after a change: $(ls "$work/out" | tr '\n' ' ')"

# An input that breaks off, or is empty, leaves it as it was.
find "$work/out" -printf '%P %i %T@\n' | sort >"$work/before"
{ printf '{"@graph":['; head -n 1 "$work/in"; } >"$work/cut"
for input in "$work/cut" /dev/null; do
    # shellcheck disable=SC2086
    site "$work/out" $own "$input" 2>"$work/said" && complain "status 0 for $input"
    grep -q 'W102' "$work/said" || complain "not told: $input"
done
site "$work/out" "$work/few" --catalog "$work/absent" 2>/dev/null && complain "status 0 without a catalogue"
find "$work/out" -printf '%P %i %T@\n' | sort | cmp -s - "$work/before" ||
    complain "a site was touched that should not be"
ls -d "$work"/out.* 2>/dev/null && complain "something is left beside it"

# Texts that mean harm.
tr -d '\n' >"$work/evil" <<'END'
{"@id":"https://e.example/1","@type":["Dataset"],
"title":[{"@value":"</title><script>alert(1)</script>\"'& \u202Eevil\u0007"}],
"description":[{"@value":"<img src=x onerror=alert(2)>\n\njavascript:alert(3)
 https://ok.example/?a=1&b=\"2\"</p></main>"}],
"keyword":[{"@value":"</script><b>"}],
"datasetDistribution":[{"@type":["Distribution"],"accessUrl":["javascript:alert(4)"],
"title":[{"@value":"</script><script>alert(5)</script>"}]},
{"@type":["Distribution"],
"accessUrl":["https://ok.example/\"onmouseover=\"alert(6)"]}],"landingPage":["data:text/html,x"]}
{"@id":"https://e.example/2","@type":["Dataset"],"title":[{"@value":"2"}],
"description":[{"@value":"# Titre\n\n**gras** [a](javascript:alert(7)) [b](data:text/html,x)
 ![c](https://ok.example/c.png) [d](https://ok.example/\"onmouseover=\"alert(8)) &lt;img src=x> &#x202e;"}]}
END
# shellcheck disable=SC2086
site "$work/evil.d" $own "$work/evil" 2>/dev/null
for page in "$work"/evil.d/index.html "$work"/evil.d/datasets/*.html; do
    # Elements and attributes that are not ours.
    tr '<' '\n' <"$page" | grep -i '^script' |
        grep -v '^script src="\(search\|site\).js"\|^script type="application/ld+json"' &&
        complain "a script in $page"
    sed 's/&quot;[^"]*//g' "$page" | tr '<' '\n' |
        grep -i '^img\|^[a-z]* [^>]*\(onmouse\|onerror\|javascript:\|href="data:text\)' &&
        complain "harm in $page"
    LC_ALL=C grep -q "$(printf '\342\200\256')" "$page" && complain "text is turned round in $page"
    LC_ALL=C tr -d '\t\n -~\200-\377' <"$page" | grep -q . && complain "controls in $page"
done
grep -q '<h2 dir="auto">Titre</h2>' "$work"/evil.d/datasets/*.html &&
    grep -q '<strong>gras</strong> a b <a href="https://ok.example/c.png"' "$work"/evil.d/datasets/*.html ||
    complain "a description is not read as Markdown"
xmllint --noout "$work/evil.d/feed.atom" "$work/evil.d/sitemap.xml" || complain "XML of evil"

# English.
# shellcheck disable=SC2086
site "$work/english" $own -L en "$work/few" && grep -q '<html lang="en">' "$work/english/index.html" ||
    complain "not English"
exit $bad
