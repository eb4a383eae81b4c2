#!/bin/sh
# A source of 20,000 records is promoted, changed and moved in time: no step of it looks through all for each.
set -u
work=$(mktemp -d) || exit 2
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
"$BUILD/tests/kit/httpd" "$work/port" "$work/requests" --files "$work" &
server=$!
tries=0
until [ -s "$work/port" ]; do
    tries=$((tries + 1))
    [ $tries -le 50 ] || { echo 'the server did not start'; exit 2; }
    sleep 0.1
done
catalogue() { # IRI TITLE
    awk -v iri="$1" -v title="$2" 'BEGIN {
        print "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
        print "  xmlns:dcat=\"http://www.w3.org/ns/dcat#\" xmlns:dct=\"http://purl.org/dc/terms/\">"
        for (i = 0; i < 20000; ++i)
            printf "<dcat:Dataset rdf:about=\"%s%d\"><dct:title>%s %d</dct:title></dcat:Dataset>\n", iri, i, title, i
        print "</rdf:RDF>"
    }' >"$work/catalogue.rdf"
}
cat >"$work/sources.conf" <<END
source "big" {
    url = "http://127.0.0.1:$(cat "$work/port")/catalogue.rdf"
    allow-addresses = {"127.0.0.1"}
    filter = ""
}
END
cd "$work" || exit 2
for step in 'https://a.example/ Fonds' 'https://a.example/ Archive' 'https://b.example/ Archive'; do
    # shellcheck disable=SC2086
    catalogue $step
    timeout 100 moisson run || { echo "$step: status $?"; exit 1; }
done 2>said
sed -i 's/filter = ""/&\n    only-titles = {"*[02468]"}/' sources.conf
timeout 100 moisson run 2>>said || { echo "filtered: status $?"; exit 1; }
cat >want <<'END'
moisson: big: 20000 new (1 page)
moisson: big: 20000 changed (1 page)
moisson: big: 20000 moved (1 page)
moisson: big: 10000 unchanged, 10000 filtered (1 page)
END
diff want said || exit 1
for state in filtered unchanged; do
    timeout 20 moisson items --state "$state" | awk -v state="$state" '$2 == state { ++n } END { exit n != 10000 }' ||
        { echo "items that are $state"; exit 1; }
done
