#!/bin/sh
# What --rejects keeps is in the dialect of the input: mended, it converts. A title is what data.gouv.fr asks for.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cases=tests/cli

mend() { # program, input, what gives a title
    rm -f "$work/rejects"
    "$1" -l --rejects "$work/rejects" "$2" >"$work/first" 2>/dev/null && return 1
    sed "$3" "$work/rejects" >"$work/mended"
    "$1" -l "$work/mended" >"$work/second"
}

mend rdfxml2datagouv $cases/rdfxml2datagouv/no-title/stdin \
    's|<dct:title> </dct:title>|<dct:title>Trois</dct:title>|;s|<dct:description>|<dct:title>Un</dct:title>&|'
[ "$(jq -r .title "$work/second" | tr '\n' ' ')" = 'Un Trois ' ]
mend dcatap2datagouv $cases/dcatap2datagouv/no-title/stdin 's|"description"|"title":[{"@value":"Un"}],&|'
[ "$(jq -r .title "$work/second")" = Un ]
