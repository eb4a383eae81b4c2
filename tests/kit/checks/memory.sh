#!/bin/sh
# What a catalogue of a million members takes, listed before they come and after: less than 64 MiB resident. Measured
# without sanitizers, which keep what was freed.
set -u
. tests/kit/plain.sh
plain_make "$plain/tests/bench/catalogue" "$plain/tests/kit/peak" || exit 1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0
members=1000000
limit=65536

for where in before after; do
    "$plain/tests/bench/catalogue" members $members $where |
        "$plain/tests/kit/peak" "$work/peak" "$plain/bin/rdfxml2dcatap" -q -l 2>"$work/err" |
        grep -c '"Dataset"' >"$work/count"
    read -r kilobytes seconds wall <"$work/peak" || exit 1
    echo "members $where: $kilobytes kB, $seconds s"
    [ "$kilobytes" -gt 1000 ] && [ "$kilobytes" -lt $limit ] || { echo "that is not below $limit kB"; bad=1; }
    [ "$(cat "$work/count")" = $members ] || { echo "$(cat "$work/count") of $members came"; cat "$work/err"; bad=1; }
    rm "$work/peak"
done
exit $bad
