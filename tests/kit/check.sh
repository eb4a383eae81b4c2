#!/bin/sh
# check.sh [PREFIX]: run every test, or those whose name begins with PREFIX, three at a time, and count. Names are
# unit/MODULE, PROGRAM/CASE, chain/CASE, http/CASE, fuzz/TARGET, and the names of the scripts in tests/kit/checks.
set -u
prefix=${1-}
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
export BUILD LC_ALL=C TZ=UTC OUT="$out"
unset SOURCE_DATE_EPOCH LANG LC_MESSAGES
export SOURCE_DATE_EPOCH=1767225600
PATH=$(pwd)/$BUILD/bin:$PATH
export PATH

# The longest first.
names() {
    for test in tests/kit/checks/*.sh; do basename "$test" .sh; done
    for test in tests/http/*.case; do echo "http/$(basename "$test" .case)"; done
    for test in tests/fuzz/fuzz_*.c; do echo "fuzz/$(basename "$test" .c | sed s/fuzz_//)"; done
    for test in tests/unit/test_*.c; do echo "unit/$(basename "$test" .c | sed s/test_//)"; done
    for test in tests/cli/*/*/args; do dirname "${test#tests/cli/}"; done
    for test in tests/chain/*/cmd; do dirname "${test#tests/}"; done
}

names | grep -v '\*' | awk -v p="$prefix" 'index($0, p) == 1' |
    xargs -r -n 1 -P 3 sh tests/kit/one.sh

passed=$(cat "$out"/passed.* 2>/dev/null | wc -l)
failed=$(cat "$out"/failed.* 2>/dev/null | wc -l)
[ $((passed + failed)) -gt 0 ] || { echo "no test begins with '$prefix'" >&2; exit 2; }
cat "$out"/failed.* 2>/dev/null | sed 's/^/failed: /'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
