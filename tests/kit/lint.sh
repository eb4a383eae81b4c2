#!/bin/sh
# lint.sh: what can be said of the sources without running them. Says all that it finds; run by `make lint`.
set -u
tab=$(printf '\t')
section() {
    echo "-- $1"
}
found() { # lines on standard input are faults
    sed 's/^/    /' | grep . && touch build/lint-failed
}
mkdir -p build
rm -f build/lint-failed
# In a tree without its history, everything but what is made.
files() {
    git ls-files -- "$@" 2>/dev/null | grep . || find "$@" -type f | grep -v '^\(\./\)*build/\|^\(\./\)*\.git/'
}
sources=$(files converters harvester include tests samples | grep '\.[ch]$')
scripts=$(files Makefile tests samples schemas .ci | grep '\.sh$\|^\.ci/')

section 'layout: clang-format -i FILE mends it'
for file in $sources; do
    clang-format "$file" | cmp -s - "$file" || echo "$file"
done | found

section 'cppcheck'
cppcheck -q -j 2 --std=c11 --enable=warning,performance,portability,style --inline-suppr --error-exitcode=1 \
    --template='{file}:{line}: {severity}: {message} [{id}]' \
    --suppress=variableScope --suppress=shadowFunction --suppress=missingIncludeSystem \
    -D_GNU_SOURCE -Iinclude -Iconverters/lib -Iharvester converters harvester samples tests/bench tests/kit tests/fuzz \
    2>&1 | found

compile() { # COMPILER CFLAGS
    section "$1, warnings as errors"
    ${MAKE:-make} --no-print-directory -s -k -j 2 BUILD="build/lint-$1" SANITIZE= CC="$1" CFLAGS="$2" WERROR=1 \
        test-programs >build/lint.log 2>&1 || echo 'the build failed' | cat build/lint.log - | found
}
compile gcc ''
compile clang -O0 # it sees the same however it optimizes

section 'scripts'
for script in $scripts; do
    sh -n "$script" 2>&1
    head -n 1 "$script" | grep -q '^#!/bin/sh$\|to be read with "\."' ||
        echo "$script: no #!/bin/sh"
    grep -n "$tab" "$script" /dev/null | sed 's/$/ (a tab)/'
    awk 'length > 120 { print FILENAME ":" FNR ": longer than 120" }' "$script"
done | found

section 'text'
# Expected outputs and samples are what they are.
files . | grep -v '^\(\./\)*tests/\(cli\|http\|fuzz\|conformance\)/\|^\(\./\)*samples/.*\.rdf$' | while read -r file; do
    [ -s "$file" ] && grep -Iq . "$file" || continue
    # The last cell of a row may be empty.
    [ "${file%.tsv}" = "$file" ] && grep -n "[ $tab]\$" "$file" /dev/null | sed 's/$/ (white space at the end)/'
    grep -n "$(printf '\r')" "$file" /dev/null | sed 's/$/ (a carriage return)/'
    [ -z "$(tail -c 1 "$file")" ] || echo "$file: no newline at the end"
done | found

if [ -e build/lint-failed ]; then
    rm build/lint-failed
    echo 'lint: found something'
    exit 1
fi
echo 'lint: nothing to say'
