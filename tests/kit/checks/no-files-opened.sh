#!/bin/sh
# A document may name files in its entities: none is opened. Compared with the same document without them.
set -u
. tests/kit/plain.sh
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0

echo 'the secret' >"$work/secret"
printf '<!ENTITY leaked "the secret">\n' >"$work/more.dtd"
body='<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
    xmlns:dct="http://purl.org/dc/terms/">
  <dcat:Dataset rdf:about="https://data.example/a"><dct:title>A%s</dct:title></dcat:Dataset>
  <dcat:Dataset rdf:about="https://data.example/b"><dct:title>B</dct:title></dcat:Dataset>
</rdf:RDF>
'
head='<?xml version="1.0" encoding="UTF-8"?>'
document() { # name, document type declaration, reference
    printf "%s\n%s\n$body" "$head" "$2" "$3" >"$work/$1.rdf"
}
document none '' ''
document general "<!DOCTYPE rdf:RDF [<!ENTITY e SYSTEM \"file://$work/secret\">]>" '&e;'
document parameter "<!DOCTYPE rdf:RDF [<!ENTITY % p SYSTEM \"file://$work/more.dtd\"> %p;]>" '&leaked;'
document subset "<!DOCTYPE rdf:RDF SYSTEM \"$work/more.dtd\">" '&leaked;'
document public "<!DOCTYPE rdf:RDF PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"file://$work/more.dtd\">" ''
document xinclude '' "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"$work/secret\"/>"
sed "2a <?xml-stylesheet href=\"$work/secret\"?>" "$work/none.rdf" >"$work/instruction.rdf"

opened() { # what is opened, but for the libraries and the input, whose names do not depend on the document
    sed -n 's/.*open[a-z0-9]*([^"]*"\([^"]*\)".*/\1/p; s/.*\(socket(.*\)/\1/p' "$1" |
        sed "s|^$work/$2\.rdf\$|INPUT|" | sort
}
for program in rdfxml2nt rdfxml2dcatap rdfxml2datagouv; do
    for name in none general parameter subset public xinclude instruction; do
        strace -f -e trace=open,openat,openat2,creat,socket -o "$work/trace" \
            "$plain/bin/$program" "$work/$name.rdf" >"$work/out" 2>"$work/err"
        opened "$work/trace" $name >"$work/opened"
        if [ $name = none ]; then
            grep -q '^INPUT$' "$work/opened" || { echo "$program: strace saw nothing"; cat "$work/trace"; exit 1; }
            mv "$work/opened" "$work/usual"
        elif ! diff "$work/usual" "$work/opened" >"$work/more"; then
            echo "$program, $name.rdf: opened"
            cat "$work/more"
            bad=1
        fi
        grep 'the secret' "$work/out" "$work/err" && bad=1
    done
done
exit $bad
