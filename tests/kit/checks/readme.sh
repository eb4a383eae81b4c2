#!/bin/sh
# readme.sh: run what README.md tells to type. Each block that is fenced as "sh" is a script of its own; all run one
# after the other in a folder with a copy of samples/. Blocks fenced as "console" need root, a network or a build, and
# are not run. Links must lead somewhere.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cp -r samples "$work/samples"
bad=0

awk -v dir="$work" '
    /^```sh$/ { n++; file = sprintf("%s/%02d.do", dir, n); printf "" >file; on = 1; next }
    /^```/ { on = 0; next }
    on { print >file }' README.md
count=0
for file in "$work"/*.do; do
    [ -f "$file" ] || break
    count=$((count + 1))
    (cd "$work" && bash -euo pipefail "$file") >"$work/out" 2>"$work/err" </dev/null
    status=$?
    if [ $status != 0 ] || [ ! -s "$work/out" ]; then
        bad=1
        echo "status $status:"
        cat "$file" "$work/out" "$work/err"
    fi
done
[ $count -gt 0 ] || { echo 'README.md has no block to run'; bad=1; }

# A message that README.md quotes is one that the program still says.
grep '^    [a-z0-9]*: .*\[[A-Z][0-9]*\]' README.md | sed -e 's/^    //' -e 's/ in <.*//' >"$work/quoted"
{ rdfxml2dcatap samples/museum/catalogue.rdf | dcatapclean >/dev/null; } 2>"$work/err"
while read -r line; do
    grep -q -F -e "$line" "$work/err" || { bad=1; echo "no longer said: $line"; }
done <"$work/quoted"

for page in README.md */README.md CHANGELOG.md; do
    grep -o '](\([^)#:]*\))' "$page" | sed 's/](\(.*\))/\1/' >"$work/links"
    while read -r link; do
        [ -e "$(dirname "$page")/$link" ] || { bad=1; echo "$page: $link is not there"; }
    done <"$work/links"
done
exit $bad
