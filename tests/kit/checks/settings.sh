#!/bin/sh
# Every key of sources.conf that the table of keys has is described in moisson(1), and set in some case of http; and
# both know no other.
set -u
bad=0
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

sed -n 's/^    {"\([a-z-]*\)", KEY_.*/\1/p' harvester/keys.c | sort -u >"$work/keys"
[ "$(wc -l <"$work/keys")" -gt 40 ] || { echo 'harvester/keys.c: the keys cannot be found'; exit 1; }
sed -n '/^\.Ss The configuration/,/^\.Sh/p' harvester/moisson.1 |
    sed -n 's/^\.It Ic //p' | tr ',' '\n' | tr -d ' ' | sort -u >"$work/pages"
for secret in password token; do # they must not be there, which the page says of itself
    echo "$secret" >>"$work/pages"
done
sort -u "$work/pages" | diff "$work/keys" - >"$work/differ" ||
    { echo 'keys (<) and moisson(1) (>) differ:'; cat "$work/differ"; bad=1; }
while read -r key; do
    grep -lE "(^|[^a-z-])$key *= *[^ ]" tests/http/*.case >/dev/null ||
        { echo "tests/http: no case sets '$key'"; bad=1; }
done <"$work/keys"
exit $bad
