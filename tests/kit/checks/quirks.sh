#!/bin/sh
# Each of the 24 kinds of malformation that real catalogues show has a fixture, tests/chain/quirk-NN-… or
# tests/http/quirk-NN-….case, or its reason in tests/chain/quirks.tsv for having none.
set -u
bad=0
for number in $(seq -w 1 24); do
    cases=$(ls -d tests/chain/quirk-"$number"-*/cmd tests/http/quirk-"$number"-*.case 2>/dev/null | wc -l)
    listed=$(awk -F '\t' -v n="$number" '$1 == n && $2 != ""' tests/chain/quirks.tsv | wc -l)
    [ $((cases > 0)) != "$listed" ] || { echo "$number: $cases fixtures, and $listed reasons for none"; bad=1; }
done
exit $bad
