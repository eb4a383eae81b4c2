#!/bin/sh
# The outputs of two conversions, one behind the other, are one input: all records, whatever the shape of each output.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
library=samples/library/catalogue.rdf
region=samples/region/catalogue.rdf

# Services come last, and so later when both files are one input.
for file in $library $region; do
    rdfxml2datagouv -l $file || [ $? = 1 ]
done 2>/dev/null | sort >"$work/want"
[ -s "$work/want" ]

for first in -l -p -q; do # lines, an indented document, a document
    for second in -l -p -q; do
        for file in "$first $library" "$second $region"; do
            rdfxml2dcatap $file || [ $? = 1 ]
        done >"$work/both" 2>/dev/null
        dcatap2datagouv -l <"$work/both" 2>"$work/err" | sort >"$work/have"
        diff "$work/want" "$work/have" && continue
        echo "shapes $first and $second"
        cat "$work/err"
        exit 1
    done
done
