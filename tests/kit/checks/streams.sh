#!/bin/sh
# Records leave while the input still comes: the reader of the output has the first ones before the input has ended.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# catalogue FROM TO: datasets, some 600 bytes each
datasets() {
    awk -v i="$1" -v n="$2" 'BEGIN {
        for (; i <= n; ++i) {
            printf "<dcat:Dataset rdf:about=\"http://musee.example.org/jeux/%d\"><dct:title>Jeu %d</dct:title>", i, i
            printf "<dct:description>%0500d</dct:description></dcat:Dataset>\n", i
        }
    }'
}

mkfifo "$work/in"
for program in rdfxml2nt rdfxml2dcatap rdfxml2datagouv; do
    $program <"$work/in" >"$work/out" &
    {
        echo '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        echo '    xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">'
        datasets 1 1000
        for i in 1 2 3 4 5 6 7 8 9 10; do
            grep -q 'jeux/1[>"]' "$work/out" && break
            sleep 0.5
        done
        grep -q 'jeux/1[>"]' "$work/out" || echo "$program: nothing came out before the end" >&2
        grep -q 'jeux/1001[>"]' "$work/out" && echo "$program: the end came out before it went in" >&2
        datasets 1001 1001
        echo '</rdf:RDF>'
    } >"$work/in" 2>"$work/err"
    wait $!
    grep -q 'jeux/1001[>"]' "$work/out" || echo "$program: the last record is missing" >>"$work/err"
    [ ! -s "$work/err" ] || { cat "$work/err"; exit 1; }
done
