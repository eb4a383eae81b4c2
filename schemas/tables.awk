# Turns the tables named on the command line into one C file: awk -f tables.awk *.tsv
# A table has comments ("# key: COLUMN…" names the columns that identify a row), a line of column names, then rows.

# As a text of C: with a backslash before each backslash and quote. What gsub makes of backslashes is not the same everywhere.
function quoted(s,    out, at) {
    while ((at = match(s, /[\\"]/)) > 0) {
        out = out substr(s, 1, at - 1) "\\" substr(s, at, 1)
        s = substr(s, at + 1)
    }
    return "\"" out s "\""
}

function finish() {
    if (name == "")
        return
    print "};"
    index_ = index_ sprintf("    {%s, %s, %d, %d, cells_%d},\n", quoted(name), quoted(key), columns, rows, tables)
}

BEGIN {
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
    printf "static const char *const cells_%d[] = {\n", tables
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
        line = line " " quoted($i) ","
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
}
