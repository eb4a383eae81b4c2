#!/bin/sh
# dialects.sh: measure the filters that read other platforms' dialects, beside jq that copies the same file. jq reads no
# spreadsheet: it copies the same rows as JSON, an object a row; the csv of Python copies the spreadsheet itself. `make
# bench` runs it.
. tests/bench/measure.sh
generate=$BUILD/tests/bench/dialects
base=https://donnees.culture.example/

mkdir "$work/in"
for kind in ckan ods datajson csv; do
    "$generate" $kind "$n" >"$work/in/$kind" && "$generate" $kind-lines "$n" >"$work/in/$kind-lines" || exit 2
    "$bin/${kind}2dcatap" -q -l -b $base "$work/in/$kind" >"$work/out" || exit 2
    [ "$(grep -c '"@type":\["Dataset"\]' "$work/out")" = "$n" ] || { echo "$kind: not all datasets came" >&2; exit 2; }
done

for turn in 1 2 3 4 5; do
    for kind in ckan ods datajson; do
        measure $kind "$bin/${kind}2dcatap" -q -b $base <"$work/in/$kind"
        measure jq-$kind jq -c . <"$work/in/$kind"
        measure $kind-lines "$bin/${kind}2dcatap" -q -l -b $base <"$work/in/$kind-lines"
        measure jq-$kind-lines jq -c . <"$work/in/$kind-lines"
    done
    measure csv "$bin/csv2dcatap" -q -l -b $base <"$work/in/csv"
    measure jq-csv jq -c . <"$work/in/csv-lines"
    measure python-csv /usr/bin/python3 -c "import csv, sys
csv.writer(sys.stdout, delimiter=';').writerows(csv.reader(sys.stdin, delimiter=';'))" <"$work/in/csv"
done

for size_of in 1000 "$many"; do
    for kind in ckan ods datajson csv; do
        "$generate" $kind "$size_of" | measure memory-$kind-"$size_of" "$bin/${kind}2dcatap" -q -b $base
        [ $kind = csv ] ||
            "$generate" $kind-lines "$size_of" | measure memory-$kind-l-"$size_of" "$bin/${kind}2dcatap" -q -l -b $base
    done
done

echo "$n datasets: $(for kind in ckan ods datajson csv; do
    printf '%s %d bytes each, ' $kind $(($(wc -c <"$work/in/$kind") / n))
done)$(getconf _NPROCESSORS_ONLN) cores"
heading
for kind in ckan ods datajson; do
    row "${kind}2dcatap, of a document: speed over jq -c ." "$(inverse $kind jq-$kind 2)" 'at least 4' '>= 4'
    row "${kind}2dcatap -l, of lines: speed over jq -c ." "$(inverse $kind-lines jq-$kind-lines 2)" 'at least 4' '>= 4'
done
row 'csv2dcatap -l: speed over jq -c . of its rows as JSON' "$(inverse csv jq-csv 2)" 'at least 4' '>= 4'
row 'csv2dcatap -l: speed over the csv of Python, copying' "$(inverse csv python-csv 2)"
for kind in ckan ods datajson csv; do
    for name in $kind $kind-l; do
        [ $name != csv-l ] || continue
        shape=document
        case $name in csv) shape=spreadsheet ;; *-l) shape=lines ;; esac
        row "${kind}2dcatap, MiB resident: $shape, 1000" "$(mebibytes memory-$name-1000)"
        row "${kind}2dcatap, MiB resident: $shape, $many" "$(mebibytes memory-$name-"$many")" \
            'at most 16 at 100,000' '<= 16'
    done
done
[ ! -e "$work/failed" ]
