#!/bin/sh
# http.sh CASE: start the server with "== serve" of the case, write "== sources" to sources.conf (@PORT@ becomes the
# port), run the shell lines of "== do" in an empty folder, and compare: "== requests" with what the server was asked,
# "== stdout", "== stderr", "== status" with what came. Sections that are not there are not compared. @RDF@ in the case
# is the start tag of rdf:RDF with the usual prefixes. With BLESS set, what came replaces what was expected.
# For "== do" there are the functions below.
case=$(pwd)/$1
KIT=$(pwd)/tests/kit
export KIT
original=$case
kit=$(pwd)/$BUILD/tests/kit
bin=$(pwd)/$BUILD/bin
work=$(mktemp -d) || exit 2
mkdir "$work/run"
cd "$work/run" || exit 2

cat >"$work/do" <<'END'
await() { # LINE [N]: until the server has logged it N times
    tries=0
    until [ "$(grep -cxF "$1" ../requests)" -ge "${2:-1}" ]; do
        tries=$((tries + 1))
        [ $tries -le 600 ] || { echo "never asked: $1" >&2; exit 2; }
        sleep 0.05
    done
}
titles() { # of the datasets in the store
    moisson "$@" export -f datagouv -l | jq -r .title
}
view() { # COLUMNS of VIEW: what the store tells everyone
    sqlite3 -separator ' | ' harvest.db "SELECT $1"
}
END
ns=http://www.w3.org/1999/02/22-rdf-syntax-ns#
sed -e "s|@RDF@|<rdf:RDF xmlns:rdf=\"$ns\" xmlns:dcat=\"http://www.w3.org/ns/dcat#\" @RDF@|" \
    -e 's|@RDF@|xmlns:dct="http://purl.org/dc/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/" @RDF@|' \
    -e 's|@RDF@|xmlns:hydra="http://www.w3.org/ns/hydra/core#">|' "$case" >"$work/case"
case=$work/case

section() {
    awk -v s="== $1" '/^== / { on = $0 == s; next } on' "$case"
}
has() {
    grep -q "^== $1\$" "$case"
}

"$kit/httpd" "$work/port" "$work/requests" "$case" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
: >"$work/requests"
tries=0
until [ -s "$work/port" ]; do
    tries=$((tries + 1))
    [ $tries -le 100 ] || { echo 'the server did not start'; exit 2; }
    sleep 0.1
done
PORT=$(cat "$work/port")
export PORT
PATH=$bin:$PATH
section sources | sed "s/@PORT@/$PORT/g" >sources.conf
# Tests do not wait, ask once and clean nothing, unless they say so.
grep -q '^defaults' sources.conf ||
    echo 'defaults { min-delay = 0 retries = 0 retry-delay = 0.05 filter = "" }' >>sources.conf
section do >>"$work/do"

# Sanitizers are to be heard in programs, too, whose standard error goes nowhere. They set the limit of core dumps as
# they start, and end with 66 if moisson has lowered it by then.
ulimit -c 0
report=log_path=$work/report
ASAN_OPTIONS=$report UBSAN_OPTIONS=$report TSAN_OPTIONS=$report sh "$work/do" >"$work/stdout" 2>"$work/stderr"
echo $? >"$work/status"
# Ports, times and versions are not the same twice.
sed -i -e "s/:$PORT/:@PORT@/g" -e 's/20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9:]*Z/@TIME@/g' \
    -e 's/ after [0-9]* ms/ after @MS@ ms/' \
    -e 's|moisson/[0-9][0-9.]*|moisson/@VERSION@|g' "$work/requests" "$work/stdout" "$work/stderr"

bad=0
for name in requests stdout stderr status; do
    has $name || continue
    section $name >"$work/want"
    cmp -s "$work/want" "$work/$name" && continue
    if [ -n "${BLESS-}" ]; then
        awk -v s="== $name" -v file="$work/$name" '
            /^== / { on = $0 == s; print; if (on) while ((getline line <file) > 0) print line; next }
            !on' "$original" >"$work/blessed" && cat "$work/blessed" >"$original"
        echo "$name is what came now"
        continue
    fi
    bad=1
    echo "$name differs:"
    diff "$work/want" "$work/$name" | cut -c1-400 | head -n 40
done
for report in "$work"/report.*; do
    [ -f "$report" ] || continue
    bad=1
    head -n 60 "$report"
done
[ $bad = 0 ] || { echo '-- stderr:'; head -n 20 "$work/stderr"; }
exit $bad
