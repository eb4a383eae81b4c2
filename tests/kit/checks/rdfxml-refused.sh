#!/bin/sh
# Whatever JSON-LD says, what dcatap2rdfxml makes of it is a document that xmllint and rapper read: odd statements one
# by one, so that each parser meets each, and all together.
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0

# Each line: what stands in a dataset.
cat >"$work/odd" <<'END'
"title":[{"@value":"\u0000\u0001\u0008\u000b\u001f\u007f\u0085\ufffe\uffff ]]> <!-- & \r"}]
"title":[{"@value":"bad language","@language":"en US"}]
"title":[{"@value":"bad language","@language":"fr_FR"}]
"title":[{"@value":"bad language","@language":"\u0001"}]
"title":[{"@value":"a direction","@language":"he","@direction":"rtl"}]
"title":[{"@value":"a datatype","@type":"http://t.example/\u0002 <&\">"}]
"title":[{"@value":"<open>","@type":"http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"}]
"title":[{"@value":"{","@type":"http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"}]
"title":[{"@value":"no language","@type":"http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}]
"http://p.example/123":["digits"]
"http://p.example/":["nothing"]
"http://p.example/a b#c":["a space"]
"http://p.example/\u0001y":["a control character"]
"http://p.example/{x}y":["braces"]
"http://p.example/%20b":["percent"]
"http://p.example/é·\u0301":["letters"]
"http://p.example/\ud83d\ude00":["an emoji"]
"p:":["a scheme"]
"p:y":["a short name"]
"urn:x:y":["a URN"]
":y":["a colon"]
"http://www.w3.org/1999/02/22-rdf-syntax-ns#li":["li"]
"http://www.w3.org/1999/02/22-rdf-syntax-ns#RDF":["RDF"]
"http://www.w3.org/1999/02/22-rdf-syntax-ns#Description":["Description"]
"http://www.w3.org/1999/02/22-rdf-syntax-ns#bagID":["bagID"]
"http://www.w3.org/1999/02/22-rdf-syntax-ns#_1":["a member"]
"http://www.w3.org/1999/02/22-rdf-syntax-ns#type":["a type that is text"]
"http://www.w3.org/1999/02/22-rdf-syntax-ns#other":["another name"]
"http://www.w3.org/XML/1998/namespacelang":["the namespace of XML"]
"http://www.w3.org/2000/xmlns/foo":["that of namespaces"]
"http://p.example/xmlfoo":["a name that begins with xml"]
"http://p.example/p":[{"@id":"http://x.example/a b<>\"{}|\\^`&\u0003"}]
"http://p.example/p":[{"@id":""},{"@id":"#"},{"@id":"relative"},{"@id":"//x"},{"@id":"?"},{"@id":"urn:"},{"@id":":"}]
"http://p.example/p":[{"@id":"_:b 0é/","title":[{"@value":"a label"}]},{"@id":"_:"},{"@id":"_:0"}]
"http://p.example/p":[{"@list":["text",{"@id":"relative"},{"@id":"_:b"},{"@list":[]},{}]}]
"http://p.example/p":[{"@type":["http://p.example/","http://p.example/1","relative","_:b"]}]
"http://p.example/p":[{"@id":"http://x.example/g","@graph":[{"@id":"http://x.example/h","title":[{"@value":"named"}]}]}]
END
# check FILE: lines of JSON
check() {
    dcatap2rdfxml -q --max-bytes 32M -b http://b.example/ -o "$work/rdf" "$1"
    [ $? -lt 2 ] || { echo "status of dcatap2rdfxml: $(head -c 200 "$1")"; bad=1; return; }
    xmllint --noout "$work/rdf" >"$work/said" 2>&1 || { echo "xmllint refuses: $(head -c 200 "$1")"; bad=1; }
    rapper -c -i rdfxml "$work/rdf" http://b.example/ >"$work/said" 2>&1
    grep -q Error "$work/said" || ! grep -q 'returned [1-9][0-9]* triple' "$work/said" || return 0
    echo "rapper refuses: $(head -c 200 "$1")"
    cut -c1-200 "$work/said"
    bad=1
}
n=0
while IFS= read -r line; do
    n=$((n + 1))
    printf '{"@id":"http://x.example/%s","@type":["Dataset"],%s}\n' $n "$line" >"$work/one"
    check "$work/one"
    cat "$work/one" >>"$work/all"
done <"$work/odd"
check "$work/all"

# Too long for parsers: a text, an IRI, a name, a namespace.
long() { head -c "$1" /dev/zero | tr '\0' x; }
odd() { # what stands before and behind so many letters
    { printf '{"@id":"http://x.example/1","@type":["Dataset"],%s' "$2"; long "$1"; printf '%s}\n' "$3"; } >"$work/one"
    check "$work/one"
}
odd 10500000 '"title":[{"@value":"' '"},{"@value":"short"}]'
odd 10500000 '"http://p.example/p":[{"@id":"http://x.example/' '","title":[{"@value":"named at length"}]}]'
odd 10500000 '"http://p.example/' '/y":["a long namespace"]'
odd 50001 '"http://p.example/' '":["a long name"]'
exit $bad
