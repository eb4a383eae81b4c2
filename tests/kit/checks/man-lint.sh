#!/bin/sh
# man-lint.sh: mandoc has nothing to say about any page; what --help lists and what the pages describe is the same.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0
complain() {
    bad=1
    echo "$*"
}
# complain of what the file $2 lists, if anything
complain_of() {
    [ ! -s "$2" ] || complain "$1 $(tr '\n' ' ' <"$2")"
}

# Pages of other packages need not be installed here; ours must be there.
for page in converters/*.[17] harvester/*.1; do
    mandoc -T lint -W style "$page" 2>&1 |
        awk '!/outdated mandoc.db lacks/ && !/referenced manual not found/ { print; found = 1 } END { exit found }' ||
        complain "mandoc has something to say about $page"
    sed -n 's/^\.Xr \([a-z0-9-]*\) \([17]\).*/\1.\2/p' "$page" | sort -u >"$work/names"
    while read -r name; do
        case $name in
        dcatap* | rdfxml* | moisson*)
            [ -f "converters/$name" ] || [ -f "harvester/$name" ] || complain "$page: there is no page $name" ;;
        esac
    done <"$work/names"
done

# The options that a page describes: -x and --name, one a line, without their arguments.
described() {
    sed -n 's/^\.It Fl //p' "$@" | tr ',' '\n' |
        awk '{ for (i = 1; i <= NF; ++i) if ($i == "Fl") continue; else { print "-" $i; break } }' |
        awk '/^-$/ { next } { print }' | sort -u
}
# The options that --help lists, except --list-NAME.
listed() {
    "$1" --help | sed -n 's/^ *\(-[-a-zA-Z].*\)$/\1/p' | sed 's/   *.*//' | tr ',' '\n' |
        awk '{ print $1 }' | grep -v '^--list-' | sort -u
}

described converters/moisson-filters.7 | grep -v '^--list-' >"$work/shared"
: >"$work/all"
for source in converters/*.c; do
    program=$(basename "$source" .c)
    page=converters/$program.1
    [ -f "$page" ] || { complain "$program has no page"; continue; }
    listed "$program" >"$work/listed"
    cat "$work/listed" >>"$work/all"
    described "$page" >"$work/own"
    sort -u "$work/own" "$work/shared" | comm -23 "$work/listed" - >"$work/missing"
    complain_of "$program --help lists, and no page describes:" "$work/missing"
    comm -13 "$work/listed" "$work/own" >"$work/extra"
    complain_of "$page describes, and --help does not list:" "$work/extra"
    # What the page itself says of each option: all of them are named once in OPTIONS, with effect or without.
    sed -n '/^\.Sh OPTIONS/,/^\.Sh ENV/p' "$page" | sed -n 's/^\.It Fl //p; s/^\.Fl //p' | awk '{
        if ($1 ~ /^-/) print "-" $1; else for (i = 1; i <= length($1); ++i) print "-" substr($1, i, 1) }' |
        grep -v '^--list-$' | sort -u >"$work/named"
    grep -v '^-[a-zA-Z]$' "$work/listed" | while read -r long; do
        letter=$("$program" --help | sed -n "s/^  \(-[a-zA-Z]\), $long .*/\1/p")
        grep -q -x -e "$long" "$work/named" || { [ -n "$letter" ] && grep -q -x -e "$letter" "$work/named"; } ||
            echo "$long"
    done >"$work/missing"
    complain_of "$page does not name:" "$work/missing"
done
for table in $(rdfxml2dcatap --list-tables); do
    grep -q "^\.It Cm $table\$" converters/moisson-filters.7 || complain "no page describes --list-$table"
done
sort -u "$work/all" | comm -13 - "$work/shared" >"$work/extra"
complain_of "moisson-filters.7 describes, and no program has:" "$work/extra"

# moisson: what its help lists has its place in the page, and what the page describes is taken.
moisson help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | sort >"$work/listed"
sed -n '/^\.Sh DESCRIPTION/,/^\.Ss/s/^\.It Ic \([a-z]*\).*/\1/p' harvester/moisson.1 | sort >"$work/own"
cmp -s "$work/listed" "$work/own" || { complain 'commands of moisson:'; diff "$work/listed" "$work/own"; }
described harvester/moisson.1 >"$work/own"
for option in $(moisson help | grep -o '[[ ]-[a-zA-Z]\>' | cut -c 2-); do
    grep -q -x -e "$option" "$work/own" || complain "moisson.1 does not describe $option"
done
while read -r option; do
    argument=$(sed -n "s/^\.It.*Fl ${option#-} [AC][rm] \([^ ]*\).*/\1/p" harvester/moisson.1)
    case $option in
    --for) argument=3d ;;
    --state) argument=new ;;
    --now) argument=2026-01-01 ;;
    esac
    # shellcheck disable=SC2086
    moisson $option $argument --version >/dev/null 2>&1 || complain "moisson does not take $option"
done <"$work/own"
exit $bad
