#!/bin/sh
# harvest.sh: how fast moisson harvests many paged sources from this machine, from the first request to the live items,
# and how much memory it and its converters have at a time; beside it rdflib, which only parses the same pages.
# SOURCES in the environment changes how many. Run by `make bench`.
set -u
LC_ALL=C
export LC_ALL
sources=${SOURCES-100}
pages=10
each=100
bin=$BUILD/bin
work=$(mktemp -d) || exit 2
server=
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
mkdir "$work/files"

"$BUILD/tests/bench/catalogue" nested $((pages * each)) >"$work/all.rdf" || exit 2
awk -v each=$each -v pages=$pages -v dir="$work/files" '
    function finish() {
        if (page < pages)
            print "<hydra:PartialCollectionView xmlns:hydra=\"http://www.w3.org/ns/hydra/core#\"><hydra:next" \
                " rdf:resource=\"" page + 1 ".rdf\"/></hydra:PartialCollectionView>" >file
        print "</rdf:RDF>" >file
        close(file)
    }
    function begin() {
        file = dir "/" ++page ".rdf"
        printf "%s", head >file
    }
    /<dcat:dataset>/ { if (n++ % each == 0) { if (n > 1) { print foot >file; finish() } begin() } started = 1 }
    !started { head = head $0 "\n"; if (/<dcat:Catalog/) foot = "  </dcat:Catalog>"; next }
    /<\/rdf:RDF>/ { finish(); next }
    { print >file }' "$work/all.rdf"

"$BUILD/tests/kit/httpd" "$work/port" "$work/log" --files "$work/files" &
server=$!
tries=0
until [ -s "$work/port" ]; do
    tries=$((tries + 1))
    [ $tries -le 100 ] || { echo 'the server did not start' >&2; exit 2; }
    sleep 0.05
done
port=$(cat "$work/port")
{
    echo 'defaults { allow-addresses = {"127.0.0.1", "::1"} min-delay = 0 robots = false }'
    i=0
    while [ $i -lt "$sources" ]; do
        echo "source \"s$i\" { url = \"http://s$i.localhost:$port/1.rdf\" }" # names of this machine, each a host
        i=$((i + 1))
    done
} >"$work/sources.conf"

resident() { # kB of moisson and of all that it has started, shared pages once
    for process in $1 $(pgrep -P "$1"); do
        cat "/proc/$process/smaps_rollup" 2>/dev/null
    done | awk '/^Pss:/ { kb += $2 } END { print kb + 0 }'
}
began=$(date +%s%N)
"$BUILD/tests/kit/peak" "$work/peak" "$bin/moisson" -c "$work/sources.conf" -D "$work/harvest.db" run 2>"$work/said" &
measured=$!
most=0
while kill -0 $measured 2>/dev/null; do
    harvester=$(pgrep -P $measured)
    now=$(resident "${harvester:-0}")
    [ "$now" -le $most ] || most=$now
    sleep 0.5 # looking costs them time
done
wait $measured || { echo 'the harvest failed:' >&2; head -n 5 "$work/said" >&2; exit 1; }
ms=$((($(date +%s%N) - began) / 1000000))
items=$(sqlite3 "$work/harvest.db" "SELECT count(*) FROM v_item WHERE kind = 'dataset'")
[ "$items" = $((sources * pages * each)) ] || { echo "only $items datasets came" >&2; exit 1; }
read -r kb cpu wall <"$work/peak"

echo
echo "$sources sources of $pages pages of $each datasets, $(du -k "$work/all.rdf" | cut -f 1) kB each; $(
    getconf _NPROCESSORS_ONLN) cores"
row() {
    reached=
    [ $# = 2 ] || reached=$(awk -v x="$2" "BEGIN { print (x $4) ? \"yes\" : \"NO\" }")
    printf '%-58s %10s   %-22s %s\n' "$1" "$2" "${3-}" "$reached"
}
row 'moisson run: datasets a second' $((items * 1000 / ms)) 'at least 5000' '>= 5000'
row 'moisson run: MiB of all its processes at a time' $((most / 1024)) 'under 100' '< 100'
row 'moisson itself: MiB, and CPU seconds of all' "$((kb / 1024)) $cpu"
if /usr/bin/python3 -c 'import rdflib' 2>/dev/null; then
    seconds=$(/usr/bin/python3 - "$work"/files/*.rdf <<'END'
import sys, time
from rdflib import Graph
began = time.time()
for name in sys.argv[1:]:
    Graph().parse(name, format="xml")
print("%.2f" % (time.time() - began))
END
    )
    row 'rdflib, one source parsed and no more: datasets a second' \
        "$(awk -v s="$seconds" -v n=$((pages * each)) 'BEGIN { printf "%d", n / s }')"
fi
