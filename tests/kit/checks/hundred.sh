#!/bin/sh
# A hundred datasets, three of them broken: ninety-seven come out, each of the three is named where it stands, and what
# --rejects kept converts once it has been mended.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
    echo "$1"
    cat "$work/err"
    exit 1
}

awk 'BEGIN {
    print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    print "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
    print "    xmlns:dcat=\"http://www.w3.org/ns/dcat#\" xmlns:dct=\"http://purl.org/dc/terms/\">"
    print "<dcat:Catalog rdf:about=\"http://musee.example.org/\">"
    for (i = 1; i <= 100; ++i) {
        print "<dcat:dataset>"
        printf "<dcat:Dataset rdf:about=\"http://musee.example.org/jeux/%d\"", i
        print i == 50 ? " rdf:nodeID=\"jeu\">" : ">"
        printf "<dct:title>Jeu %d</dct:%s>\n", i, i == 20 ? "titre" : "title"
        printf "<dct:description>"
        for (k = 0; k < (i == 80 ? 40 : 1); ++k)
            printf "Les entrées du musée, salle par salle et jour par jour. "
        print "</dct:description>\n</dcat:Dataset>\n</dcat:dataset>"
    }
    print "</dcat:Catalog>\n</rdf:RDF>"
}' >"$work/catalogue.rdf"

status=0
rdfxml2dcatap -l --max-bytes 1k --rejects "$work/rejects.rdf" --diagnostics "$work/diagnostics" "$work/catalogue.rdf" \
    >"$work/out" 2>"$work/err" || status=$?
[ $status = 1 ] || fail "status $status, not 1"
[ "$(grep -c '"Dataset"' "$work/out")" = 97 ] || fail "$(grep -c '"Dataset"' "$work/out") records, not 97"
sed -n 's/.*"code":"\([^"]*\)".*"record":"\([^"]*\)".*"line":\([0-9]*\),"column":.*/\1 \2 \3/p' \
    "$work/diagnostics" >"$work/said"
cat >"$work/want" <<'X'
X101 http://musee.example.org/jeux/20 121
X113 http://musee.example.org/jeux/50 300
R101 http://musee.example.org/jeux/80 480
X
diff "$work/want" "$work/said" || fail 'other diagnostics'
[ "$(wc -l <"$work/diagnostics")" = 3 ] || fail 'more diagnostics'

sed -e 's/dct:titre/dct:title/' -e 's/ rdf:nodeID="jeu"//' \
    -e 's/\(<dct:description>.\{100\}\).*\(<.dct:description>\)/\1\2/' "$work/rejects.rdf" >"$work/mended.rdf"
rdfxml2dcatap -l --max-bytes 1k "$work/mended.rdf" >"$work/again" 2>"$work/err" ||
    fail 'the mended rejects do not convert'
[ "$(grep -c '"Dataset"' "$work/again")" = 3 ] || fail 'not three mended records'
for i in 20 50 80; do
    grep -q "\"@id\":\"http://musee.example.org/jeux/$i\".*\"inCatalogue\"" "$work/again" ||
        fail "the mended record $i is not itself"
done
