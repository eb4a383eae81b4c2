#!/bin/sh
# An output that is a link goes where the link leads; one that is another name of an open file is written, not replaced.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
input=$(pwd)/samples/library/catalogue.rdf
cd "$work"
echo old >real.json
ln -s real.json link.json
rdfxml2dcatap -q -l -o link.json "$input" || test $? = 1
test -L link.json
grep -q '"@id"' real.json
rdfxml2dcatap -q -l -o new.json --summary /dev/stderr "$input" 2>said || test $? = 1
grep -q '"program"' said
cmp real.json new.json
test "$(ls)" = "$(printf '%s\n' link.json new.json real.json said)"
