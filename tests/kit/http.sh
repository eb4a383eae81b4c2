#!/bin/sh
# http.sh CASE: start the server with "== serve" of the case, write "== sources" to sources.conf (@PORT@ becomes the
# port), run the shell lines of "== do" in an empty folder, and compare: "== requests" with what the server was asked,
# "== stdout", "== stderr", "== status" with what came. Sections that are not there are not compared.
case=$(pwd)/$1
kit=$(pwd)/$BUILD/tests/kit
bin=$(pwd)/$BUILD/bin
work=$(mktemp -d) || exit 2
mkdir "$work/run"
cd "$work/run" || exit 2

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
for i in 1 2 3 4 5 6 7 8 9 10; do [ -s "$work/port" ] && break; sleep 0.1; done
PORT=$(cat "$work/port")
export PORT
PATH=$bin:$PATH
section sources | sed "s/@PORT@/$PORT/g" >sources.conf
section do >"$work/do"

sh "$work/do" >"$work/stdout" 2>"$work/stderr"
echo $? >"$work/status"
# Ports, times and process numbers are not the same twice.
sed -i -e "s/:$PORT/:@PORT@/g" -e 's/20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9:]*Z/@TIME@/g' "$work/stdout" "$work/stderr"

bad=0
for name in requests stdout stderr status; do
    has $name || continue
    section $name >"$work/want"
    cmp -s "$work/want" "$work/$name" && continue
    bad=1
    echo "$name differs:"
    diff "$work/want" "$work/$name" | cut -c1-400 | head -n 40
done
[ $bad = 0 ] || { echo '-- stderr:'; head -n 20 "$work/stderr"; }
exit $bad
