#!/bin/sh
# demo.sh: serve the samples on this machine, harvest them, export what was found in both formats, and say where it is.
# Run by `make demo`. Everything that it starts is stopped, whatever happens.
set -eu
demo=$BUILD/demo
rm -rf "$demo"
mkdir -p "$demo"

"$BUILD/tests/kit/httpd" "$demo/port" "$demo/requests" --files samples &
server=$!
trap 'kill $server' EXIT
trap 'exit 1' HUP INT TERM
tries=0
until [ -s "$demo/port" ]; do
    tries=$((tries + 1))
    [ $tries -le 50 ] || { echo 'the server of the samples did not start' >&2; exit 1; }
    sleep 0.1
done
sed "s/@PORT@/$(cat "$demo/port")/" samples/sources.conf >"$demo/sources.conf"

moisson() {
    echo "\$ moisson $*"
    "$BUILD/bin/moisson" -c "$demo/sources.conf" -D "$demo/harvest.db" "$@" || [ $? = 1 ]
}
moisson run
moisson export -f datagouv -o "$demo/datagouv.json"
moisson export -f dcatap -o "$demo/dcatap.json"
moisson status

count() { # pattern, file
    grep -c "$1" "$2" || true
}
services=$(count '^{.*"base_api_url":' "$demo/datagouv.json")
objects=$(count '^{"title":' "$demo/datagouv.json")
printf '\n%-28s %9s %9s\n' FILE DATASETS SERVICES
printf '%-28s %9d %9d\n' "$demo/datagouv.json" $((objects - services)) "$services"
printf '%-28s %9d %9d\n' "$demo/dcatap.json" "$(count '"@type":\["Dataset"' "$demo/dcatap.json")" \
    "$(count '^{"@id":"[^"]*","@type":\["DataService"\]' "$demo/dcatap.json")"
