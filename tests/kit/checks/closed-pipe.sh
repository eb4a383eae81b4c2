#!/bin/sh
# A reader that has had enough ends the program, and it says nothing.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk 'BEGIN {
    print "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
    print "    xmlns:dcat=\"http://www.w3.org/ns/dcat#\" xmlns:dct=\"http://purl.org/dc/terms/\">"
    for (i = 1; i <= 5000; ++i) {
        printf "<dcat:Dataset rdf:about=\"http://musee.example.org/%d\">", i
        printf "<dct:title>Jeu %d</dct:title></dcat:Dataset>\n", i
    }
    print "</rdf:RDF>"
}' >"$work/catalogue.rdf"
for program in rdfxml2nt rdfxml2dcatap rdfxml2datagouv; do
    { $program "$work/catalogue.rdf" 2>"$work/err" || echo $? >"$work/status"; } | head -n 1 >/dev/null
    [ "$(cat "$work/status")" = 141 ]
    [ ! -s "$work/err" ]
done
