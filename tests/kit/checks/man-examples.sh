#!/bin/sh
# man-examples.sh [PAGE ...]: run the examples of the man pages and compare what they print. An example is a display of
# one line (.Dl) that begins with "$ ", the lines behind it that begin with "> ", and what it prints, if that is shown.
# All examples of a page run one after the other in a folder with a copy of samples/, and a sources.conf whose sources
# are served on this machine; https://data.example.org in a page stands for that server.
set -u
kit=$(pwd)/$BUILD/tests/kit
work=$(mktemp -d) || exit 2
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- converters/*.[17] harvester/*.1

"$kit/httpd" "$work/port" "$work/requests" --files samples &
server=$!
tries=0
until [ -s "$work/port" ]; do
    tries=$((tries + 1))
    [ $tries -le 50 ] || { echo 'the server of the samples did not start'; exit 2; }
    sleep 0.1
done
port=$(cat "$work/port")

# N.do, N.want for each example of a page, in the folder $work/cases.
extract() {
    mandoc -T utf8 "$1" | awk -v dir="$work/cases" '
        { line = $0; sub(/^ +/, "", line) }
        /^ +\$ / { n++; sub(/^\$ /, "", line); print line >sprintf("%s/%03d.do", dir, n); on = 1; more = 1; next }
        on && more && line ~ /^> / { print substr(line, 3) >sprintf("%s/%03d.do", dir, n); next }
        on && line != "" { more = 0; print line >sprintf("%s/%03d.want", dir, n); next }
        { on = 0 }'
}

bad=0
count=0
for page in "$@"; do
    rm -rf "$work/cases" "$work/run"
    mkdir "$work/cases" "$work/run"
    cp -r samples "$work/run/samples"
    sed "s/@PORT@/$port/" samples/sources.conf >"$work/run/sources.conf"
    extract "$page"
    for file in "$work"/cases/*.do; do
        [ -f "$file" ] || { echo "$page: there is no example"; bad=1; continue; }
        count=$((count + 1))
        sed "s,https://data\.example\.org,http://127.0.0.1:$port,g" "$file" >"$work/do"
        (cd "$work/run" && bash -euo pipefail "$work/do") >"$work/out" 2>"$work/err" </dev/null
        status=$?
        if [ $status != 0 ]; then
            bad=1
            echo "$page: status $status:"
            cat "$file" "$work/err"
        fi
        [ -f "${file%.do}.want" ] || continue
        sed -e 's/^ *//' -e "s,http://127\.0\.0\.1:$port,https://data.example.org,g" "$work/out" >"$work/got"
        cmp -s "${file%.do}.want" "$work/got" && continue
        bad=1
        echo "$page: prints something else:"
        cat "$file"
        diff "${file%.do}.want" "$work/got"
    done
done
[ $count -gt 0 ] || { echo 'no example was found'; exit 1; }
exit $bad
