#!/bin/sh
# The library can be embedded: each header stands alone, in C and in C++, and shows no dependency's type; names begin
# with mo_; what is exported is what the headers declare; there is no state that could be written.
set -u
. tests/kit/plain.sh
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
none() { # what it would mean; lines on standard input
    cat >"$work/found"
    [ -s "$work/found" ] || return 0
    echo "$1:"
    sed 's/^/    /' "$work/found"
    touch "$work/bad"
}

strict='-Wall -Wextra -Wpedantic -Werror -fsyntax-only -Iinclude'
for header in include/moisson/*.h; do
    $CC -std=c11 $strict -x c "$header" 2>"$work/log" || none "$header, as C" <"$work/log"
    # Included twice, as a C++ program might.
    printf '#include "%s"\n#include "%s"\n' "$header" "$header" >"$work/twice.cc"
    $CXX -std=c++17 $strict -I. "$work/twice.cc" 2>"$work/log" || none "$header, as C++" <"$work/log"
done

grep -n '#include' include/moisson/*.h | grep -v '<moisson/[a-z]*\.\(h\|def\)>' |
    grep -v '<\(inttypes\|limits\|stdarg\|stdbool\|stddef\|stdint\|stdio\|string\|time\)\.h>' |
    none 'not for a public header'
grep -nw 'FILE' include/moisson/*.h | grep -v '^[^:]*:[0-9]*: \*' | none 'FILE in a public header'

macros() {
    $CC -std=c11 -Iinclude -E -dM "$@" | sed -n 's/^#define \([A-Za-z0-9_]*\).*/\1/p' | sort
}
sed -n 's/.*#include \(<[a-z]*\.h>\).*/#include \1/p' include/moisson/*.h | sort -u >"$work/standard.c"
echo '#include <moisson/moisson.h>' >"$work/ours.c"
macros "$work/standard.c" >"$work/theirs"
macros "$work/ours.c" | comm -23 - "$work/theirs" | grep -v '^MO_\|^MOISSON_' | none 'macros of another name'

nm -g --defined-only "$plain/libmoisson.a" | awk 'NF == 3 && $3 !~ /^mo_/ { print $3 }' |
    none 'global names of libmoisson.a without mo_'
nm -D --defined-only "$plain/libmoisson.so.0" | awk '{ print $3 }' | sort >"$work/exported"
cat include/moisson/*.h | tr '\n' ' ' | sed 's|/\*[^*]*\*\**\([^/*][^*]*\*\**\)*/| |g' | grep -o 'MO_API[^;(]*(' |
    sed 's/ *($//; s/.*[ *]//' | grep '^mo_' | sort >"$work/declared"
comm -23 "$work/exported" "$work/declared" | none 'exported, but in no header'
comm -13 "$work/exported" "$work/declared" | none 'in a header, but not exported'

# Constants with addresses in them lie in .data.rel.ro, which the loader shuts.
objdump -t "$plain/libmoisson.a" | awk '/file format/ { file = $1 }
    $0 ~ / (\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && $0 !~ /\.data\.rel\.ro/ && $(NF - 1) !~ /^0+$/ {
        print file, $NF
    }' |
    none 'state that can be written'
[ ! -e "$work/bad" ]
