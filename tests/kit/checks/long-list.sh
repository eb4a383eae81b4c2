#!/bin/sh
# A list of 100,000 items is read and written in no time, whatever stands in it and wherever it ends: no cell is
# looked at again and again. Ten seconds are for slow machines; a walk for each cell takes them. Nothing is missing on
# the way there and back, though a record holds some 5,000 items at most.
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0

list() { # items, and an item: a format of printf
    printf '{"@id":"http://x.example/1","@type":["Dataset"],"http://p.example/l":[{"@list":['
    awk -v n="$1" -v item="$2" 'BEGIN { for (i = 0; i < n; ++i) printf item (i < n - 1 ? "," : ""), i }'
    printf ']}]}\n'
}
for item in '{"@value":"%d"}' '{"@id":"http://x.example/%d"}' '{"@id":"_:b%d"}'; do
    for n in 4000 100000; do
        list $n "$item" >"$work/json"
        timeout 10 dcatap2rdfxml -q "$work/json" >"$work/rdf" || { echo "dcatap2rdfxml, $n $item: status $?"; bad=1; }
        timeout 10 rdfxml2dcatap -q "$work/rdf" >"$work/back" || { echo "rdfxml2dcatap, $n $item: status $?"; bad=1; }
        dcatap2nt -q "$work/back" >"$work/nt" || { echo "dcatap2nt, $n $item: status $?"; bad=1; }
        [ "$(sort -u "$work/nt" | wc -l)" = $((2 * n + 2)) ] || { echo "$n $item: statements are missing"; bad=1; }
    done
done
exit $bad
