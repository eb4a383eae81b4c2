#!/bin/sh
# An agent that is described again and again, otherwise each time, between the records that name it: less than 64 MiB
# resident, and nothing of it is lost. The same where one dataset that waits is described again each time. Measured
# without sanitizers, which keep what was freed.
set -u
. tests/kit/plain.sh
plain_make "$plain/tests/kit/peak" || exit 1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0
limit=65536

catalogue() { # descriptions, and how the dataset behind each is called: a format of printf
    awk -v n="$1" -v name="$2" 'BEGIN {
        print "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
        print " xmlns:dcat=\"http://www.w3.org/ns/dcat#\""
        print " xmlns:dct=\"http://purl.org/dc/terms/\" xmlns:foaf=\"http://xmlns.com/foaf/0.1/\">"
        for (i = 0; i < n; ++i) {
            printf "<foaf:Agent rdf:about=\"http://a.example/a\"><foaf:name>Name %d</foaf:name></foaf:Agent>\n", i
            printf "<dcat:Dataset rdf:about=\"http://a.example/" name "\"><dct:title>Title %d</dct:title>", i, i
            print "<dct:creator rdf:resource=\"http://a.example/a\"/>"
            print "<dct:publisher rdf:resource=\"http://a.example/nobody\"/></dcat:Dataset>"
        }
        print "</rdf:RDF>"
    }'
}
check() { # descriptions, name of the datasets, --join
    rm -f "$work/peak"
    catalogue "$1" "$2" >"$work/rdf"
    "$plain/tests/kit/peak" "$work/peak" "$plain/bin/rdfxml2dcatap" -q -l --join "$3" "$work/rdf" >"$work/lines" ||
        { echo "$*: status $?"; bad=1; }
    read -r kilobytes seconds wall <"$work/peak" || exit 1
    echo "$*: $kilobytes kB, $seconds s"
    [ "$kilobytes" -gt 1000 ] && [ "$kilobytes" -lt $limit ] || { echo "that is not below $limit kB"; bad=1; }
    "$plain/bin/dcatap2nt" -q "$work/lines" | sort -u >"$work/is"
    "$plain/bin/rdfxml2nt" -q "$work/rdf" | sort -u | cmp -s - "$work/is" ||
        { echo "$*: not the same statements"; bad=1; }
}
for join in never auto always; do
    check 5000 'd%d' $join
    check 300 'd%.0s' $join
done
exit $bad
