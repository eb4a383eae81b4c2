# measure.sh, to be read with "." by the scripts that measure: what they have in common. CPU seconds are user and
# system together, both commands of a pair through a pipe, one after the other in turn; what is shown is the median of
# five pairs. Ratios hold on any machine; absolute figures are this one's. N and MANY in the environment change the
# sizes.
set -u
LC_ALL=C
export LC_ALL
n=${N-10000}
many=${MANY-100000}
bin=$BUILD/bin
peak=$BUILD/tests/kit/peak
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# measure NAME COMMAND...: run it on standard input, add "kB CPU wall" to the file of this name
measure() {
    into=$work/$1
    shift
    { "$peak" "$into" "$@" 2>"$work/err" || echo "$*: status $?" >>"$work/failed"; } | cat >/dev/null
    [ ! -e "$work/failed" ] || { cat "$work/failed" "$work/err" >&2; exit 1; }
}
median() { # name, column
    cut -d ' ' -f "$2" "$work/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
ratio() { # of two names, column: the median of the ratios of the pairs
    paste -d ' ' "$work/$1" "$work/$2" | awk -v c="$3" '$(c + 3) > 0 { print $c / $(c + 3) }' | sort -n |
        awk '{ v[NR] = $1 } END { printf "%.2f", v[int((NR + 1) / 2)] }'
}
inverse() {
    ratio "$2" "$1" "$3"
}
row() { # what, measured, and where there is one a goal, and whether it is reached: an awk condition on x
    reached=
    [ $# = 2 ] || reached=$(awk -v x="$2" "BEGIN { print (x $4) ? \"yes\" : \"NO\" }")
    printf '%-58s %10s   %-22s %s\n' "$1" "$2" "${3-}" "$reached"
}
mebibytes() {
    awk -v kb="$(median "$1" 1)" 'BEGIN { printf "%.1f", kb / 1024 }'
}
heading() {
    printf '%-58s %10s   %-22s %s\n' WORK MEASURED GOAL REACHED
}
