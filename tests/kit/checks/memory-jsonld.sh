#!/bin/sh
# JSON-LD of 100,000 datasets, in a graph and nested in its catalogue, with the context, the name and the type before
# them, behind them or not at all: at most 16 MiB resident. Measured without sanitizers, which keep what was freed.
set -u
. tests/kit/plain.sh
plain_make "$plain/tests/kit/peak" || exit 1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0
datasets=100000
limit=16384

# catalogue HEAD LIST TAIL: an object with HEAD, the datasets under the key LIST, and TAIL
catalogue() {
    awk -v n=$datasets -v head="$1" -v list="$2" -v tail="$3" 'BEGIN {
        printf "{%s\"%s\":[", head, list
        for (i = 1; i <= n; ++i) {
            printf "%s{\"@id\":\"http://musee.example.org/%d\",", (i > 1 ? ",\n" : "\n"), i
            printf "\"@type\":\"dcat:Dataset\","
            printf "\"dct:title\":\"Jeu %d\",\"dct:description\":\"%0300d\",\"dcat:distribution\":", i, i
            printf "[{\"@type\":\"dcat:Distribution\","
            printf "\"dcat:accessURL\":{\"@id\":\"http://musee.example.org/%d.csv\"}}]}", i
        }
        print "]" tail "}"
    }'
}
context='"@context":{"dcat":"http://www.w3.org/ns/dcat#","dct":"http://purl.org/dc/terms/"}'
name='"@id":"http://musee.example.org/","@type":"dcat:Catalog"'

measure() { # NAME HEAD LIST TAIL
    catalogue "$2" "$3" "$4" | "$plain/tests/kit/peak" "$work/peak" "$plain/bin/jsonld2dcatap" -q -l 2>"$work/err" |
        grep -c '"Dataset"' >"$work/count"
    read -r kilobytes seconds wall <"$work/peak" || exit 1
    echo "$1: $kilobytes kB, $seconds s"
    [ "$kilobytes" -gt 1000 ] && [ "$kilobytes" -lt $limit ] || { echo "that is not below $limit kB"; bad=1; }
    [ "$(cat "$work/count")" = $datasets ] || { echo "$(cat "$work/count") of $datasets came"; cat "$work/err"; bad=1; }
    rm "$work/peak"
}
measure 'graph' "$context," '@graph' ''
measure 'graph, context behind' '' '@graph' ",$context"
measure 'nested' "$context,$name," 'dcat:dataset' ''
measure 'nested, without a name' "$context," 'dcat:dataset' ''
measure 'nested, all behind' '' 'dcat:dataset' ",$name,$context"
exit $bad
