#!/bin/sh
# run.sh: measure speed and memory on catalogues of our own, and print a table with the goals beside. `make bench`
# runs it.
. tests/bench/measure.sh
generate=$BUILD/tests/bench/catalogue

"$generate" nested "$n" >"$work/nested.rdf" && "$generate" flat "$n" >"$work/flat.rdf" || exit 2
"$bin/rdfxml2dcatap" -q -l "$work/nested.rdf" >"$work/lines" || exit 2
[ "$(grep -c '"@type":\["Dataset"\]' "$work/lines")" = "$n" ] || { echo 'not all datasets came' >&2; exit 2; }
"$bin/dcatap2datagouv" -q -l "$work/lines" >"$work/objects" || exit 2
"$bin/dcatap2datagouv" -q -l --extras known "$work/lines" >"$work/known" || exit 2
"$bin/rdfxml2dcatap" -q "$work/nested.rdf" >"$work/document" || exit 2
"$bin/dcatap2datagouv" -q --extras known "$work/lines" >"$work/page" || exit 2
"$generate" nested 1 >"$work/one.rdf"
"$bin/rdfxml2dcatap" -q -l "$work/one.rdf" 2>/dev/null | head -n 1 >"$work/one"
head -n 1 "$work/objects" >"$work/object"
size=$(wc -c <"$work/nested.rdf")
rapper -q -i rdfxml -o turtle "$work/nested.rdf" >"$work/nested.ttl"

for turn in 1 2 3 4 5; do
    measure dcatap "$bin/rdfxml2dcatap" -q -l <"$work/nested.rdf"
    measure xmllint xmllint --sax --noout - <"$work/nested.rdf"
    measure flat "$bin/rdfxml2dcatap" -q -l <"$work/flat.rdf"
    measure turtle "$bin/ttl2dcatap" -q -l <"$work/nested.ttl"
    measure serdi serdi -q -i turtle -o ntriples - <"$work/nested.ttl"
    measure rapper-turtle rapper -q -i turtle -o ntriples - https://donnees.culture.example/ <"$work/nested.ttl"
    measure datagouv "$bin/dcatap2datagouv" -q -l <"$work/lines"
    measure datagouv-known "$bin/dcatap2datagouv" -q -l --extras known <"$work/lines"
    measure rdfxml "$bin/dcatap2rdfxml" -q <"$work/lines"
    measure clean "$bin/dcatapclean" -q -l <"$work/lines"
    measure jq jq -c . <"$work/lines"
    measure from-datagouv "$bin/datagouv2dcatap" -q -l <"$work/objects"
    measure jq-datagouv jq -c . <"$work/objects"
    measure from-known "$bin/datagouv2dcatap" -q -l <"$work/known"
    measure jq-known jq -c . <"$work/known"
    measure document-datagouv "$bin/dcatap2datagouv" -q <"$work/document"
    measure document-rdfxml "$bin/dcatap2rdfxml" -q <"$work/document"
    measure jq-document jq -c . <"$work/document"
    measure from-page "$bin/datagouv2dcatap" -q <"$work/page"
    measure jq-page jq -c . <"$work/page"
    measure both "$bin/rdfxml2datagouv" -q -l <"$work/nested.rdf"
    measure nt "$bin/rdfxml2nt" -q <"$work/nested.rdf"
    measure rapper rapper -q -i rdfxml -o ntriples - https://donnees.culture.example/ <"$work/nested.rdf"
done

cat >"$work/one.jsonld" <<'END'
{"@context":"https://semiceu.github.io/DCAT-AP/releases/3.0.1/context/dcat-ap.jsonld","@type":"Dataset",
"@id":"https://musee.example.org/1","title":["Affiches"],"description":["Affiches de 1900"],
"datasetDistribution":[{"@type":"Distribution","accessUrl":["https://musee.example.org/1.csv"]}]}
END

# One small record is too quick to be measured: forty in a loop.
loop="for i in $(seq 40 | tr '\n' ' ')"
for turn in 1 2 3 4 5; do
    measure one-cat sh -c "$loop; do cat <$work/one >/dev/null; done"
    measure one-datagouv sh -c "$loop; do $bin/dcatap2datagouv -q -l <$work/one >/dev/null; done"
    measure one-object sh -c "$loop; do $bin/datagouv2dcatap -q -l <$work/object >/dev/null; done"
    measure one-jsonld sh -c "$loop; do $bin/jsonld2dcatap -q -l <$work/one.jsonld >/dev/null; done"
    measure one-dcatap sh -c "$loop; do $bin/rdfxml2dcatap -q -l <$work/one.rdf >/dev/null; done"
done

# One process after the other against two at once, in wall time.
once="$bin/rdfxml2dcatap -q -l <$work/nested.rdf >/dev/null"
for turn in 1 2 3 4 5; do
    measure in-turn sh -c "$once; $once"
    measure at-once sh -c "$once & $once; wait"
done

for kind in nested flat; do
    for size_of in 1000 "$many"; do
        "$generate" $kind "$size_of" | measure "memory-$kind-$size_of" "$bin/rdfxml2dcatap" -q -l
        "$generate" $kind "$size_of" | measure "memory2-$kind-$size_of" "$bin/rdfxml2datagouv" -q -l
    done
done
for size_of in 1000 "$many"; do
    for shape in -l ''; do
        "$generate" nested "$size_of" | "$bin/rdfxml2dcatap" -q $shape >"$work/in"
        measure "memory-rdfxml$shape-$size_of" "$bin/dcatap2rdfxml" -q <"$work/in"
        measure "memory-datagouv$shape-$size_of" "$bin/dcatap2datagouv" -q $shape <"$work/in"
        "$bin/dcatap2datagouv" -q $shape --extras known "$work/in" |
            measure "memory-dcatap$shape-$size_of" "$bin/datagouv2dcatap" -q $shape
    done
done
rm "$work/in"

for size_of in 1000 "$many"; do
    "$generate" nested "$size_of" | "$bin/rdfxml2nt" -q | measure "memory-turtle-$size_of" "$bin/ttl2dcatap" -q -l
done

rate() {
    awk -v s="$(median "$1" 2)" -v b="$2" 'BEGIN { printf "%.0f MB/s", b / s / 1e6 }'
}
echo "$n datasets nested in one catalogue, $((size / n)) bytes each; $(getconf _NPROCESSORS_ONLN) cores"
for name in dcatap flat both nt xmllint rapper; do
    bytes=$size
    [ $name = flat ] && bytes=$(wc -c <"$work/flat.rdf")
    printf '    %-10s %8s s   %s\n' $name "$(median $name 2)" "$(rate $name "$bytes")"
done
for name in datagouv rdfxml jq; do
    printf '    %-10s %8s s   %s\n' $name "$(median $name 2)" "$(rate $name "$(wc -c <"$work/lines")")"
done
echo
heading
row 'rdfxml2dcatap -l: speed over xmllint --sax --noout' "$(inverse dcatap xmllint 2)" 'at least 0.6' '>= 0.6'
row 'rdfxml2dcatap -l: speed over rapper to N-Triples' "$(inverse dcatap rapper 2)" 'some 8' '>= 8'
row 'ttl2dcatap -l: speed over rapper to N-Triples' "$(inverse turtle rapper-turtle 2)" 'at least 1' '>= 1'
row 'ttl2dcatap -l: speed over serdi to N-Triples' "$(inverse turtle serdi 2)"
row 'rdfxml2datagouv -l: speed over xmllint --sax --noout' "$(inverse both xmllint 2)"
row 'dcatap2datagouv -l: speed over jq -c .' "$(inverse datagouv jq 2)" 'at least 4' '>= 4'
row 'dcatap2datagouv -l --extras known: speed over jq -c .' "$(inverse datagouv-known jq 2)" 'at least 4' '>= 4'
row 'dcatap2datagouv -l: bytes, over those with --extras known' \
    "$(wc -c "$work/objects" "$work/known" | awk 'NR == 1 { a = $1 } NR == 2 { printf "%.2f", a / $1 }')"
row 'dcatap2datagouv, of a document: speed over jq -c .' \
    "$(inverse document-datagouv jq-document 2)" 'at least 4' '>= 4'
row 'datagouv2dcatap -l: speed over jq -c .' "$(inverse from-known jq-known 2)" 'at least 4' '>= 4'
row 'datagouv2dcatap -l, with kept RDF: speed over jq -c .' \
    "$(inverse from-datagouv jq-datagouv 2)" 'at least 4' '>= 4'
row 'datagouv2dcatap, of a page: speed over jq -c .' "$(inverse from-page jq-page 2)" 'at least 4' '>= 4'
row 'dcatapclean, of lines: speed over jq -c .' "$(inverse clean jq 2)" 'at least 4' '>= 4'
row 'dcatap2rdfxml, of lines: speed over jq -c .' "$(inverse rdfxml jq 2)" 'at least 4' '>= 4'
row 'dcatap2rdfxml, of a document: speed over jq -c .' "$(inverse document-rdfxml jq-document 2)" 'at least 4' '>= 4'
row 'rdfxml2dcatap -l: CPU, flat over nested' "$(ratio flat dcatap 2)" 'at most 2' '<= 2'
row 'one small record, dcatap2datagouv: CPU over cat' "$(ratio one-datagouv one-cat 2)" 'at most 3' '<= 3'
row 'one small record, datagouv2dcatap: CPU over cat' "$(ratio one-object one-cat 2)" 'at most 3' '<= 3'
row 'one small record, rdfxml2dcatap: CPU over cat' "$(ratio one-dcatap one-cat 2)" 'at most 3' '<= 3'
row 'one small record, jsonld2dcatap, known context: over cat' "$(ratio one-jsonld one-cat 2)" 'at most 3' '<= 3'
row 'two processes: wall time, in turn over at once' "$(ratio in-turn at-once 3)" 'at least 1.8' '>= 1.8'
for what in 'memory rdfxml2dcatap' 'memory2 rdfxml2datagouv'; do
    name=${what% *}
    program=${what#* }
    row "$program, MiB resident: nested, 1000" "$(mebibytes "$name-nested-1000")"
    row "$program, MiB resident: nested, $many" "$(mebibytes "$name-nested-$many")" 'at most 16 at 100,000' '<= 16'
    row "$program, MiB resident: flat, 1000" "$(mebibytes "$name-flat-1000")"
    row "$program, MiB resident: flat, $many" "$(mebibytes "$name-flat-$many")" 'at most 64 at 100,000' '<= 64'
done
row 'ttl2dcatap, MiB resident: N-Triples, 1000' "$(mebibytes memory-turtle-1000)"
row "ttl2dcatap, MiB resident: N-Triples, $many" "$(mebibytes "memory-turtle-$many")" 'at most 64 at 100,000' '<= 64'
for what in 'memory-rdfxml dcatap2rdfxml' 'memory-datagouv dcatap2datagouv' 'memory-dcatap datagouv2dcatap'; do
    name=${what% *}
    program=${what#* }
    row "$program, MiB resident: lines, 1000" "$(mebibytes "$name-l-1000")"
    row "$program, MiB resident: lines, $many" "$(mebibytes "$name-l-$many")" 'at most 16 at 100,000' '<= 16'
    row "$program, MiB resident: document, 1000" "$(mebibytes "$name-1000")"
    row "$program, MiB resident: document, $many" "$(mebibytes "$name-$many")" 'at most 16 at 100,000' '<= 16'
done
[ ! -e "$work/failed" ]
