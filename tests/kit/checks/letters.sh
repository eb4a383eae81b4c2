#!/bin/sh
# An option letter means one thing in all programs, by what their --help says. A letter with no long name beside it is
# known by its argument: "-o FILE" is "-o, --output FILE".
set -u
bad=0
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

for source in converters/*.c harvester/moisson.c; do
    program=$(basename "$source" .c)
    "$BUILD/bin/$program" --help >"$work/help" || { echo "$program --help: status $?"; exit 1; }
    # letter, long name or nothing, argument or nothing
    awk -v program="$program" '
    /^ +-[A-Za-z], --/ {
        print substr($1, 2, 1), substr($2, 3), $0 ~ /^ +-., --[a-z-]+ [^ ]/ ? $3 : "-", program
        next
    }
    {
        # Synopses: "[-l] [-o FILE]", "-f datagouv|dcatap"; the explanation stands two spaces behind.
        line = $0
        sub(/^ +/, "", line)
        sub(/   *.*/, "", line)
        gsub(/[][]/, " ", line)
        n = split(line, word, " ")
        for (i = 1; i <= n; ++i) {
            alone = i == n || word[i + 1] ~ /^-/ || line ~ (word[i] "  ")
            if (word[i] ~ /^-[A-Za-z]$/)
                print substr(word[i], 2), "-", alone ? "-" : word[i + 1], program
        }
    }' "$work/help"
done >"$work/letters"

[ "$(awk '$1 == "o"' "$work/letters" | wc -l)" -ge 5 ] || { echo 'the help is not understood'; exit 1; }
awk '
$2 != "-" {
    if ($1 in name && name[$1] != $2) {
        print "-" $1 ": --" name[$1] " in " who[$1] ", --" $2 " in " $4
        bad = 1
    }
    if ($2 in letter && letter[$2] != $1) {
        print "--" $2 ": -" letter[$2] " in one program, -" $1 " in " $4
        bad = 1
    }
    letter[$2] = $1
    name[$1] = $2
    who[$1] = $4
}
{
    if ($1 in takes && takes[$1] != $3) {
        print "-" $1 ": takes " takes[$1] " in " first[$1] ", " $3 " in " $4
        bad = 1
    }
    takes[$1] = $3
    first[$1] = $4
}
END { exit bad }' "$work/letters" || bad=1
exit $bad
