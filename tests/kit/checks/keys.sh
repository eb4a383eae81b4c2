#!/bin/sh
# DCAT-AP JSON with the keys of either version, in every shape, says what the catalogue does, whichever reader reads it;
# so do lines of both versions, mixed. Each key of the one and of the other is among them.
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0

for sample in samples/*/*.rdf; do cp "$sample" "$work/$(echo "$sample" | tr / -)"; done
# A distribution, a place and a service with all the properties whose keys differ.
cat >"$work/keys.rdf" <<'END'
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
    xmlns:dct="http://purl.org/dc/terms/" xmlns:owl="http://www.w3.org/2002/07/owl#">
  <dcat:Dataset rdf:about="http://x.example/1">
    <dcat:version>1</dcat:version>
    <owl:versionInfo>2</owl:versionInfo>
    <dcat:hasVersion rdf:resource="http://x.example/2"/>
    <dct:hasVersion rdf:resource="http://x.example/3"/>
    <dct:spatial>
      <dct:Location>
        <dcat:bbox rdf:datatype="http://www.opengis.net/ont/geosparql#wktLiteral">POINT(0 0)</dcat:bbox>
      </dct:Location>
    </dct:spatial>
    <dcat:distribution>
      <dcat:Distribution>
        <dcat:accessURL rdf:resource="http://x.example/a"/>
        <dcat:downloadURL rdf:resource="http://x.example/b"/>
        <dcat:byteSize rdf:datatype="http://www.w3.org/2001/XMLSchema#nonNegativeInteger">1</dcat:byteSize>
      </dcat:Distribution>
    </dcat:distribution>
    <dcat:distribution>
      <dcat:Distribution>
        <dcat:byteSize rdf:datatype="http://www.w3.org/2001/XMLSchema#decimal">1.0</dcat:byteSize>
      </dcat:Distribution>
    </dcat:distribution>
  </dcat:Dataset>
  <dcat:DataService rdf:about="http://x.example/4">
    <dcat:endpointURL rdf:resource="http://x.example/c"/>
  </dcat:DataService>
</rdf:RDF>
END

# A node that several records share comes with each; its label is the same. Those of other blank nodes are not the same
# on another way, so a graph is compared without them.
graph() { sort -u | sed 's/_:m[0-9a-f]*/_:/g' | sort; }
same() { # what, input
    dcatap2nt -q $3 "$2" | graph | cmp -s "$work/want" - || { echo "$1: another graph"; bad=1; }
}
for source in "$work"/*.rdf; do
    rdfxml2nt -q "$source" | graph >"$work/want"
    name=$(basename "$source")
    for keys in 3.0.1 2.1.1; do
        for shape in '' '--context none' '-l' '-l --context inline'; do
            rdfxml2dcatap -q --keys $keys $shape "$source" >"$work/json"
            same "$name $keys $shape" "$work/json"
            [ "$name" != keys.rdf ] || same "$name $keys $shape, strict" "$work/json" -s
            dcatap2rdfxml -q "$work/json" | rdfxml2nt -q | graph | cmp -s "$work/want" - ||
                { echo "$name $keys $shape: another graph by way of RDF/XML"; bad=1; }
        done
    done
    { rdfxml2dcatap -q -l --keys 2.1.1 "$source"; rdfxml2dcatap -q -l "$source"; } >"$work/json"
    dcatap2nt -q "$work/json" | graph | uniq >"$work/both"
    uniq "$work/want" | cmp -s - "$work/both" || { echo "$name: another graph from lines of both"; bad=1; }
done

keys() { rdfxml2dcatap -q -l --keys $1 "$work/keys.rdf" | grep -o '"[^"]*":' | sort -u; }
keys 3.0.1 >"$work/new"
keys 2.1.1 >"$work/old"
comm -23 "$work/new" "$work/old" | diff - /dev/fd/3 3<<'END' || { echo 'these keys are only of 3.0.1'; bad=1; }
"accessUrl":
"bbox":
"downloadUrl":
"endpointUrl":
"hasVersion":
"http://www.w3.org/ns/dcat#byteSize":
"version":
END
comm -13 "$work/new" "$work/old" | diff - /dev/fd/3 3<<'END' || { echo 'these keys are only of 2.1.1'; bad=1; }
"accessURL":
"boundingBox":
"downloadURL":
"endpointURL":
"http://www.w3.org/ns/dcat#hasVersion":
"http://www.w3.org/ns/dcat#version":
END
rdfxml2dcatap -q -l --keys 2.1.1 "$work/keys.rdf" | grep -o '"byteSize":[^}]*}' >"$work/sizes"
diff - "$work/sizes" <<'END' || { echo 'sizes name their datatypes'; bad=1; }
"byteSize":{"@value":"1","@type":"http://www.w3.org/2001/XMLSchema#nonNegativeInteger"}
"byteSize":{"@value":"1.0","@type":"http://www.w3.org/2001/XMLSchema#decimal"}
END
exit $bad
