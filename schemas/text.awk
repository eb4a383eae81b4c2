# Turns a text file into a C string: awk -v name=NAME -f text.awk FILE

BEGIN {
    print "/* Made from a file of the sources; edit that. */"
    printf "extern const char %s[];\nconst char %s[] =\n", name, name
}

{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    printf "    \"%s\\n\"\n", $0
}

END { print "    ;" }
