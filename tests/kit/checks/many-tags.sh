#!/bin/sh
# No tag is too many: 900 keywords and themes become as many tags, in the order of the alphabet, and when one of them is
# edited the others come back as they were, with their languages.
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0

{
    printf '{"@id":"http://x.example/1","@type":["Dataset"],"title":[{"@value":"T"}],"keyword":['
    awk 'BEGIN { for (i = 0; i < 900; ++i)
        printf "%s{\"@value\":\"Mot clé %03d\",\"@language\":\"fr\"}", i ? "," : "", i }'
    printf ']}\n'
} >"$work/json"
dcatap2nt -q "$work/json" | sort >"$work/nt"

dcatap2datagouv -lq "$work/json" >"$work/portal" || bad=1
n=$(grep -o '"mot-cle-[0-9]*"' "$work/portal" | sort -u | wc -l)
[ "$n" = 900 ] || { echo "$n tags of 900"; bad=1; }
sed 's/"mot-cle-700"/"nouveau"/' "$work/portal" >"$work/edited"
datagouv2dcatap -lq "$work/edited" >"$work/back" || bad=1
dcatap2nt -q "$work/back" | sort >"$work/nt-back"
diff "$work/nt" "$work/nt-back" >"$work/diff"
grep '^[<>]' "$work/diff" >"$work/differ"
[ "$(wc -l <"$work/differ")" = 2 ] && grep -q '^<.*"Mot clé 700"@fr' "$work/differ" &&
    grep -q '^>.*"nouveau"' "$work/differ" || { echo "more than the edited tag differs:"; head "$work/differ"; bad=1; }
exit $bad
