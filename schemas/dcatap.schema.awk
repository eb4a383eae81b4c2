# The JSON schema (draft 2020-12) of DCAT-AP JSON as we write it, made from the tables:
#     awk -v keys=3.0.1 -f dcatap.schema.awk classes.tsv properties.tsv
# `keys` is the DCAT-AP whose keys it is for: 3.0.1 or 2.1.1.

function column(name) {
    if (!((FILENAME, name) in place)) {
        print FILENAME ": no column " name > "/dev/stderr"
        exit 1
    }
    return $place[FILENAME, name]
}

function quoted(s) {
    return "\"" s "\""
}

# What a value is, by the kind of its key.
function reference(kind) {
    return "{\"$ref\": \"#/$defs/" kind "\"}"
}

BEGIN { FS = "\t" }

/^#/ || /^$/ { next }

!(FILENAME in header) {
    header[FILENAME] = 1
    for (i = 1; i <= NF; ++i)
        place[FILENAME, $i] = i
    next
}

FILENAME ~ /classes\.tsv$/ {
    if (column("key") != "")
        classes = classes (classes == "" ? "" : ", ") quoted(column("key"))
    next
}

{
    name = column("key")
    kind = column("kind")
    if (keys == "2.1.1" && column("key_2_1_1") != "")
        name = column("key_2_1_1")
    if (name == "-" || (name in seen))
        next
    seen[name] = 1
    if (kind != "id" && kind != "text")
        kind = keys == "2.1.1" && column("kind_2_1_1") != "" ? "text" : "coerced"
    value = reference(kind)
    if (column("number") == "many")
        value = "{\"type\": \"array\", \"minItems\": 1, \"items\": " value "}"
    properties = properties ",\n        " quoted(name) ": " value
}

END {
    print "{"
    print "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\","
    print "  \"title\": \"DCAT-AP JSON with the keys of DCAT-AP " keys "\","
    print "  \"description\": \"A document, or a record of lines, as the filters of Moisson write it.\","
    print "  \"if\": {\"required\": [\"@graph\"]},"
    print "  \"then\": {\"$ref\": \"#/$defs/document\"},"
    print "  \"else\": {\"$ref\": \"#/$defs/record\"},"
    print "  \"$defs\": {"
    print "    \"document\": {"
    print "      \"type\": \"object\","
    print "      \"required\": [\"@graph\"],"
    print "      \"properties\": {"
    print "        \"@context\": {\"$ref\": \"#/$defs/context\"},"
    print "        \"@graph\": {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/record\"}},"
    print "        \"incomplete\": {\"const\": true}"
    print "      },"
    print "      \"additionalProperties\": false"
    print "    },"
    print "    \"context\": {\"type\": [\"object\", \"string\"]},"
    print "    \"record\": {\"$ref\": \"#/$defs/statements\"},"
    print "    \"node\": {"
    print "      \"$ref\": \"#/$defs/statements\","
    print "      \"not\": {\"anyOf\": [{\"required\": [\"@context\"]}, {\"required\": [\"partOfRecord\"]}]}"
    print "    },"
    print "    \"iri\": {\"type\": \"string\"},"
    print "    \"id\": {"
    print "      \"description\": \"An IRI or blank node, or the node itself\","
    print "      \"if\": {\"type\": \"string\"}, \"then\": true, \"else\": {\"$ref\": \"#/$defs/node\"}"
    print "    },"
    print "    \"coerced\": {\"description\": \"The lexical form\", \"type\": \"string\"},"
    print "    \"text\": {"
    print "      \"type\": \"object\","
    print "      \"required\": [\"@value\"],"
    print "      \"properties\": {"
    print "        \"@value\": {\"type\": \"string\"},"
    print "        \"@language\": {\"type\": \"string\", \"minLength\": 1},"
    print "        \"@type\": {\"$ref\": \"#/$defs/iri\"}"
    print "      },"
    print "      \"not\": {\"required\": [\"@language\", \"@type\"]},"
    print "      \"additionalProperties\": false"
    print "    },"
    print "    \"list\": {"
    print "      \"type\": \"object\","
    print "      \"properties\": {\"@list\": {\"$ref\": \"#/$defs/expanded\"}},"
    print "      \"additionalProperties\": false"
    print "    },"
    print "    \"expanded\": {"
    print "      \"description\": \"Values of a property without a key: what each is, it says itself\","
    print "      \"type\": \"array\","
    print "      \"minItems\": 1,"
    print "      \"items\": {"
    print "        \"if\": {\"required\": [\"@value\"]}, \"then\": {\"$ref\": \"#/$defs/text\"},"
    print "        \"else\": {"
    print "          \"if\": {\"required\": [\"@list\"]}, \"then\": {\"$ref\": \"#/$defs/list\"},"
    print "          \"else\": {\"$ref\": \"#/$defs/node\"}"
    print "        }"
    print "      }"
    print "    },"
    print "    \"class\": {"
    print "      \"anyOf\": ["
    print "        {\"enum\": [" classes "]},"
    print "        {\"type\": \"string\", \"pattern\": \":\"}"
    print "      ]"
    print "    },"
    print "    \"statements\": {"
    print "      \"type\": \"object\","
    print "      \"properties\": {"
    print "        \"@context\": {\"$ref\": \"#/$defs/context\"},"
    print "        \"@id\": {\"$ref\": \"#/$defs/iri\"},"
    print "        \"partOfRecord\": {\"const\": true},"
    printf "        \"@type\": {\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/$defs/class\"}}"
    print properties
    print "      },"
    print "      \"patternProperties\": {\"^[A-Za-z][A-Za-z0-9+.-]*:\": {\"$ref\": \"#/$defs/expanded\"}},"
    print "      \"additionalProperties\": false"
    print "    }"
    print "  }"
    print "}"
}
