#!/bin/sh
# run.sh [PREFIX]: run the conformance tests, or those whose name begins with PREFIX, two at a time, and count.
# README.md says what they are.
set -u
prefix=${1-}
# The slow ones first.
tests='corpus-robust round-trip round-trip-jsonld w3c-rdfxml w3c-jsonld kept-rdf clean clean-order shapes
    corpus-union corpus-rapper corpus-jsonld corpus-turtle contexts two-routes two-conversions datagouv-round-trip
    payload platforms spreadsheet canonical-hash shuffle expected site'

if [ ! -d ../shared/corpus ]; then
    printf '\nCONFORMANCE WAS NOT RUN: ../shared IS NOT HERE\n\n0 passed, 0 failed\n'
    exit 0
fi
sh tests/conformance/judges.sh || exit 2
# The scripts run where they find the judges' packages.
SCRIPTS=$(mktemp -d build/judges/tools/moisson.XXXXXX) && cp tests/conformance/*.mjs "$SCRIPTS" || exit 2
OUT=$(mktemp -d) || exit 2
trap 'rm -rf "$OUT" "$SCRIPTS"' EXIT
SHARED=$(cd ../shared && pwd)
BIN=$(pwd)/$BUILD/bin
HERE=$(pwd)/tests/conformance
PATH=$BIN:$PATH
LC_ALL=C
TZ=UTC
export OUT SCRIPTS SHARED BIN HERE PATH LC_ALL TZ

for test in $tests; do echo "$test"; done | awk -v p="$prefix" 'index($0, p) == 1' |
    xargs -r -n 1 -P 2 sh tests/conformance/one.sh

passed=$(cat "$OUT"/passed.* 2>/dev/null | wc -l)
failed=$(cat "$OUT"/failed.* 2>/dev/null | wc -l)
[ $((passed + failed)) -gt 0 ] || { echo "no test begins with '$prefix'" >&2; exit 2; }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
