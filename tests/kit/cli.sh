#!/bin/sh
# cli.sh CASE: run the program that the folder above is named for, with the arguments in CASE/args (a line of shell
# words, run in CASE), standard input from CASE/stdin, and compare with CASE/stdout, CASE/stderr and CASE/status; where
# one of them is missing, nothing and 0 are expected. Files that the case writes go to $T, and CASE/files/NAME is what
# they must hold. CASE/env may set variables for the program. With BLESS set, take what comes for right.
#
# Where there is CASE/cmd, run the pipeline in it instead: standard error is that of all its programs one after the
# other, and the status is that of the last one that failed.
case=$1
program=$(basename "$(dirname "$case")")
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
mkdir "$work/T"
bin=$(pwd)/$BUILD/bin
input=/dev/null
[ -f "$case/stdin" ] && input=$(pwd)/$case/stdin

T=$work/T
export T
if [ -f "$case/cmd" ]; then
    stages=$work/stages
    export stages
    mkdir "$stages"
    awk -f tests/kit/pipeline.awk "$case/cmd" >"$work/script" || exit 2
    (cd "$case" && sh "$work/script" <"$input" >"$work/stdout" 2>"$work/stderr")
    cat "$stages"/*.err >>"$work/stderr"
    cat "$stages"/*.status | awk '$0 { failed = $0 } END { print failed + 0 }' >"$work/status"
else
    (cd "$case" && eval "$(cat env 2>/dev/null) \"$bin/$program\" $(cat args)" <"$input") \
        >"$work/stdout" 2>"$work/stderr"
    echo $? >"$work/status"
fi
# The scratch folder has no fixed name, and the version of the program changes.
sed -i "s|$work/T|T|g" "$work/stderr"
for f in "$T"/*; do
    [ -f "$f" ] && sed -i -e "s|$work/T|T|g" -e "s|\"version\":\"$(cat VERSION)\"|\"version\":\"\"|" "$f"
done

same() { # name, what is expected when there is no file
    if [ -f "$case/$1" ]; then cmp -s "$case/$1" "$work/$1"; else [ "$(cat "$work/$1")" = "$2" ]; fi
}
if [ -n "${BLESS-}" ]; then
    for f in stdout stderr; do
        if [ -s "$work/$f" ]; then cp "$work/$f" "$case/$f"; else rm -f "$case/$f"; fi
    done
    if [ "$(cat "$work/status")" = 0 ]; then rm -f "$case/status"; else cp "$work/status" "$case/status"; fi
    rm -rf "$case/files"
    [ -z "$(ls "$work/T")" ] || cp -r "$work/T" "$case/files"
    git --no-pager diff --stat -- "$case" 2>/dev/null
    exit 0
fi
bad=0
for f in 'stdout' 'stderr' 'status 0'; do
    set -- $f
    same "$1" "${2-}" && continue
    bad=1
    echo "$1 differs:"
    [ -f "$case/$1" ] || echo "${2-}" >"$work/none"
    diff "$([ -f "$case/$1" ] && echo "$case/$1" || echo "$work/none")" "$work/$1" | cut -c1-400 | head -n 20
done
if [ -d "$case/files" ] || [ -n "$(ls "$work/T")" ]; then
    diff -r "$case/files" "$work/T" 2>&1 | cut -c1-400 | head -n 20 >"$work/files"
    [ -s "$work/files" ] && { bad=1; echo 'files differ:'; cat "$work/files"; }
fi
exit $bad
