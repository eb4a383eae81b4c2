#!/bin/sh
# XML that no case holds: 200,000 attributes or namespaces on one element, before, at and inside of a record. One
# diagnostic, in a moment, and the records around it come out; as many "=" in a text are nothing.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

many() { # N FORMAT
    awk -v n="$1" -v format="$2" 'BEGIN { while (n-- > 0) printf format, n }'
}
catalogue() { # ATTRIBUTES CONTENT
    echo '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"'
    echo 'xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset rdf:about="http://musee.example.org/1"/>'
    echo "<dcat:Dataset rdf:about='http://musee.example.org/2' $1>$2</dcat:Dataset>"
    echo '<dcat:Dataset rdf:about="http://musee.example.org/3"/></rdf:RDF>'
}
check() { # NAME STATUS RECORDS CODE ATTRIBUTES CONTENT
    catalogue "$5" "$6" >"$work/in"
    for strict in '' -s; do
        status=0
        timeout 10 rdfxml2dcatap -l $strict --diagnostics "$work/said" "$work/in" >"$work/out" 2>/dev/null || status=$?
        codes=$(sed 's/.*"code":"\([^"]*\)".*/\1/' "$work/said" | tr '\n' ' ')
        records=$3
        [ -z "$strict" ] || [ "$2" = 0 ] || records=1
        [ "$status $(wc -l <"$work/out") $codes" = "$2 $records $4${4:+ }" ] ||
            { echo "$1 $strict: status $status, $(wc -l <"$work/out") records, $codes"; exit 1; }
    done
}
check '200,000 attributes on a record' 1 2 R106 "$(many 200000 'dct:a%d="x" ')" ''
check '200,000 namespaces on a record' 1 2 R106 "$(many 200000 'xmlns:a%d="x:" ')" ''
check '200,000 attributes in a record' 1 2 R106 '' "<dct:publisher $(many 200000 'dct:a%d="x" ')/>"
check 'attributes in quotes' 0 3 '' "dct:title='$(many 20000 'a%d=\"x\" ')'" ''
check 'a text' 0 3 '' '' "<dct:title>$(many 20000 'a%d = x ')</dct:title>"
check 'a section' 0 3 '' '' "<dct:title><![CDATA[$(many 20000 'a%d = x ')]]></dct:title>"
