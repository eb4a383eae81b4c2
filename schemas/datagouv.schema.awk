# The JSON schema (draft 2020-12) of data.gouv.fr JSON as we write it, made from the tables:
#     awk -f datagouv.schema.awk access-categories.tsv access-rights.tsv contact-roles.tsv frequencies.tsv licences.tsv datagouv.tsv
# What the functions of the table (column `how`) make, and what the API has in the fields that are kept, stands here.

function column(name) {
    if (!((table, name) in place)) {
        print FILENAME ": no column " name > "/dev/stderr"
        failed = 1
        exit 1
    }
    return $place[table, name]
}

# Names that a table knows, in the order in which they come.
function know(kind, id) {
    if ((kind, id) in known)
        return
    known[kind, id] = 1
    names[kind] = names[kind] (names[kind] == "" ? "" : ", ") "\"" id "\""
}

function one_of(kind) {
    return "{\"enum\": [" names[kind] "]}"
}

function array(of) {
    return "{\"type\": \"array\", \"items\": " of "}"
}

function nullable(schema) {
    return "{\"anyOf\": [{\"type\": \"null\"}, " schema "]}"
}

# What `how` makes.
function made(how, field) {
    if (how == "kept" || how == "constant")
        return kept[field]
    if (how in enums)
        return one_of(enums[how])
    return kinds[how]
}

# Put the field into the tree of its object: `tree[path]` lists what stands in it.
function plant(path, schema, required,    n, part, i, above, here) {
    n = split(path, part, ".")
    above = object_
    for (i = 1; i <= n; ++i) {
        here = above "." part[i]
        if (!(here in planted)) {
            planted[here] = 1
            branches[above] = branches[above] " " part[i]
        }
        above = here
    }
    leaf[above] = schema
    if (required)
        needed[above] = 1
}

# The schema of what grows at `path`, indented.
function grown(path, indent,    n, part, i, here, members, required, open) {
    if (path in leaf)
        return leaf[path]
    n = split(branches[path], part, " ")
    for (i = 1; i <= n; ++i) {
        here = path "." part[i]
        if (part[i] == "*") {
            open = 1
            continue
        }
        members = members (members == "" ? "" : ",") "\n" indent "    \"" part[i] "\": " grown(here, indent "    ")
        if (here in needed || !(here in leaf))
            if (part[i] != "dcat" && !(part[i] == "extras"))
                required = required (required == "" ? "" : ", ") "\"" part[i] "\""
    }
    return "{\n" indent "  \"type\": \"object\"," \
        (required == "" ? "" : "\n" indent "  \"required\": [" required "],") \
        "\n" indent "  \"properties\": {" members "\n" indent "  }," \
        (open ? "\n" indent "  \"patternProperties\": {\"^moisson:\": {\"type\": \"string\"}}" : \
            "\n" indent "  \"additionalProperties\": false") "\n" indent "}"
}

BEGIN {
    FS = "\t"
    text = "{\"type\": \"string\"}"
    url = "{\"type\": \"string\", \"pattern\": \":\"}"
    split("text acronym markdown plain_text iri page identity resource_title date past_date format media_type resolution " \
        "contact_name contact_email", simple, " ")
    for (i in simple)
        kinds[simple[i]] = text
    kinds["url"] = kinds["resource_url"] = kinds["contact_form"] = url
    kinds["tags"] = array("{\"type\": \"string\", \"minLength\": 2, \"maxLength\": 96}")
    kinds["list"] = kinds["shared_list"] = "{\"type\": \"array\", \"minItems\": 1, \"items\": " text "}"
    kinds["served"] = array("{\"anyOf\": [" text ", {\"type\": \"object\", \"required\": [\"id\"]}]}")
    kinds["resources"] = array("{\"$ref\": \"#/$defs/resource\"}")
    kinds["contacts"] = array("{\"$ref\": \"#/$defs/contact\"}")
    kinds["size"] = "{\"type\": \"integer\", \"minimum\": 0}"
    kinds["resource_type"] = "{\"enum\": [\"main\", \"documentation\", \"update\", \"api\", \"code\", \"other\"]}"
    split("period area schema owner checksum", shapes, " ")
    for (i in shapes)
        kinds[shapes[i]] = "{\"$ref\": \"#/$defs/" shapes[i] "\"}"
    enums["licence"] = enums["own_licence"] = "licence"
    enums["frequency"] = "frequency"
    enums["access_type"] = "access_type"
    enums["access_reason"] = "access_reason"
    enums["contact_role"] = "role"
    know("licence", "notspecified")

    split("id description_short frequency_date access_type_reason deleted archived rate_limiting format access_type", simple, " ")
    for (i in simple)
        kept[simple[i]] = text
    kept["authorization_request_url"] = kept["technical_documentation_url"] = kept["business_documentation_url"] = url
    kept["access_audiences"] = array("{\"type\": \"object\"}")
    kept["private"] = "{\"type\": \"boolean\"}"
    kept["filetype"] = "{\"enum\": [\"file\", \"remote\"]}"
    kept["organization"] = kinds["owner"]
    kept["availability"] = "{\"type\": \"number\"}"
}

/^#/ || /^$/ { next }

{ table = FILENAME; sub(/.*\//, "", table) }

!(table in header) {
    header[table] = 1
    for (i = 1; i <= NF; ++i)
        place[table, $i] = i
    next
}

table == "access-categories.tsv" { know("access_reason", column("id")) }
table == "access-rights.tsv" { know("access_type", column("id")) }
table == "contact-roles.tsv" { know("role", column("role")) }
table == "frequencies.tsv" { know("frequency", column("id")) }
table == "licences.tsv" && column("id") != "" { know("licence", column("id")) }

table == "datagouv.tsv" {
    object_ = column("object")
    field = column("field")
    empty = column("empty")
    if (!(object_ in objects)) {
        objects[object_] = 1
        order[++n_objects] = object_
    }
    schema = made(column("how"), field)
    # What goes into extras may be of any kind; elsewhere each function has its own.
    if (schema == "" && field !~ /^extras\./) {
        print FILENAME ": what does " column("how") " make of " field "?" > "/dev/stderr"
        failed = 1
        exit 1
    }
    plant(field, schema == "" ? "true" : empty == "null" && column("how") != "constant" ? nullable(schema) : schema,
        empty != "omit")
}

END {
    if (failed)
        exit 1
    print "{"
    print "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\","
    print "  \"title\": \"data.gouv.fr JSON\","
    print "  \"description\": \"A document, or a dataset or data service of lines, as the filters of Moisson write it.\","
    print "  \"if\": {\"required\": [\"data\"]},"
    print "  \"then\": {\"$ref\": \"#/$defs/document\"},"
    print "  \"else\": {\"$ref\": \"#/$defs/object\"},"
    print "  \"$defs\": {"
    print "    \"document\": {"
    print "      \"type\": \"object\","
    print "      \"required\": [\"data\", \"total\", \"page\", \"page_size\", \"next_page\", \"previous_page\"],"
    print "      \"properties\": {"
    print "        \"data\": " array("{\"$ref\": \"#/$defs/object\"}") ","
    print "        \"total\": " kinds["size"] ","
    print "        \"page\": {\"const\": 1},"
    print "        \"page_size\": " kinds["size"] ","
    print "        \"next_page\": {\"type\": \"null\"},"
    print "        \"previous_page\": {\"type\": \"null\"},"
    print "        \"moisson:rdf\": " array("{\"type\": \"object\"}") ","
    print "        \"incomplete\": {\"const\": true}"
    print "      },"
    print "      \"additionalProperties\": false"
    print "    },"
    print "    \"object\": {"
    print "      \"if\": {\"required\": [\"base_api_url\"]},"
    print "      \"then\": {\"$ref\": \"#/$defs/service\"},"
    print "      \"else\": {\"$ref\": \"#/$defs/dataset\"}"
    print "    },"
    for (i = 1; i <= n_objects; ++i)
        print "    \"" order[i] "\": " grown(order[i], "    ") ","
    print "    \"period\": {"
    print "      \"type\": \"object\","
    print "      \"required\": [\"start\", \"end\"],"
    print "      \"properties\": {\"start\": " nullable(text) ", \"end\": " nullable(text) "},"
    print "      \"additionalProperties\": false"
    print "    },"
    print "    \"area\": {"
    print "      \"type\": \"object\","
    print "      \"required\": [\"geom\", \"zones\", \"granularity\"],"
    print "      \"properties\": {"
    print "        \"geom\": {"
    print "          \"type\": [\"object\", \"null\"],"
    print "          \"required\": [\"type\", \"coordinates\"],"
    print "          \"properties\": {\"type\": " text ", \"coordinates\": {\"type\": \"array\"}},"
    print "          \"additionalProperties\": false"
    print "        },"
    print "        \"zones\": " array(text) ","
    print "        \"granularity\": " nullable(text)
    print "      },"
    print "      \"additionalProperties\": false"
    print "    },"
    print "    \"schema\": {"
    print "      \"type\": \"object\","
    print "      \"required\": [\"name\", \"url\", \"version\"],"
    print "      \"properties\": {"
    print "        \"name\": " nullable(text) ","
    print "        \"url\": " nullable(url) ","
    print "        \"version\": " nullable(text)
    print "      },"
    print "      \"additionalProperties\": false"
    print "    },"
    print "    \"owner\": {\"type\": \"object\", \"required\": [\"id\"], \"properties\": {\"id\": " text "}},"
    print "    \"checksum\": {"
    print "      \"type\": \"object\","
    print "      \"required\": [\"type\", \"value\"],"
    print "      \"properties\": {\"type\": " text ", \"value\": " text "},"
    print "      \"additionalProperties\": false"
    print "    }"
    print "  }"
    print "}"
}
