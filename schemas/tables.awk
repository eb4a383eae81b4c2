# Turns the tables named on the command line into one C file: awk -f tables.awk *.tsv
# Cells are places in one text, each text in it once: pointers would have to be set when a program is loaded.
# A table has comments ("# key: COLUMN…" names the columns that identify a row), a line of column names, then rows.

# As a text of C: with a backslash before each backslash and quote. What gsub makes of backslashes is not the same everywhere.
function quoted(s,    out, at) {
    while ((at = match(s, /[\\"]/)) > 0) {
        out = out substr(s, 1, at - 1) "\\" substr(s, at, 1)
        s = substr(s, at + 1)
    }
    return "\"" out s "\""
}

# The place of a cell. Lengths are in bytes: to be run with LC_ALL=C.
function place(cell) {
    if (!(cell in places)) {
        places[cell] = size
        texts[++n_texts] = cell
        size += length(cell) + 1
    }
    return places[cell]
}

function finish() {
    if (name == "")
        return
    print "};"
    index_ = index_ sprintf("    {%s, %s, %d, %d, cells_%d},\n", quoted(name), quoted(key), columns, rows, tables)
}

BEGIN {
    size = 0
    FS = "\t"
    print "/* Made from the tables in schemas; edit those. */"
    print "#include \"base/table.h\"\n"
}

FNR == 1 {
    finish()
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.tsv$/, "", name)
    key = ""
    columns = 0
    ++tables
    printf "static const uint32_t cells_%d[] = {\n", tables
}

/^# key: / { key = substr($0, 8) }
/^#/ || /^$/ { next }

columns == 0 { columns = NF; rows = -1 }

NF != columns {
    printf "%s:%d: %d cells, where the first line has %d\n", FILENAME, FNR, NF, columns > "/dev/stderr"
    failed = 1
    exit 1
}

{
    line = "   "
    for (i = 1; i <= NF; ++i)
        line = line " " place($i) ","
    print line
    ++rows
}

END {
    if (failed)
        exit 1
    finish()
    print "\nconst struct mo_table_source mo_builtin_tables[] = {"
    printf "%s", index_
    print "    {NULL, NULL, 0, 0, NULL},\n};"
    print "\nconst char mo_builtin_text[] ="
    for (i = 1; i <= n_texts; ++i) {
        text = quoted(texts[i])
        print "    " substr(text, 1, length(text) - 1) "\\0\""
    }
    print "    ;"
}
