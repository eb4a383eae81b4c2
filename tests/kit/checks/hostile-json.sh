#!/bin/sh
# JSON that no case holds: 100,000 levels, a number of 10,000 digits, a key of a megabyte. One diagnostic
# each, and the records before and behind it come out.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
context='"@context":{"dcat":"http://www.w3.org/ns/dcat#","dct":"http://purl.org/dc/terms/"}'

dataset() { # NAME MEMBERS
    echo "{$context,\"@id\":\"http://musee.example.org/$1\",\"@type\":\"dcat:Dataset\"${2:+,$2}}"
}
many() { # N TEXT
    awk -v n="$1" -v text="$2" 'BEGIN { while (n-- > 0) printf "%s", text }'
}
check() { # NAME STATUS RECORDS CODE MEMBERS...
    {
        dataset 1 ''
        dataset 2 "$5"
        dataset 3 ''
    } >"$work/in"
    status=0
    jsonld2dcatap -l --diagnostics "$work/said" "$work/in" >"$work/out" 2>/dev/null || status=$?
    codes=$(sed 's/.*"code":"\([^"]*\)".*/\1/' "$work/said" | tr '\n' ' ')
    [ "$status $(wc -l <"$work/out") $codes" = "$2 $3 $4${4:+ }" ] ||
        { echo "$1: status $status, $(wc -l <"$work/out") records, $codes"; exit 1; }
}
check '100,000 levels' 1 2 R102 "\"dct:title\":$(many 100000 '[')$(many 100000 ']')"
check '100,000 levels that never end' 1 2 R102 "\"dct:title\":$(many 100000 '{"a":')"
check '10,000 digits' 0 3 J114 "\"dct:title\":$(many 10000 9)"
grep -q "$(many 10000 9)\"" "$work/out" || { echo 'not all digits came'; exit 1; }
check '10,000 digits behind the point' 0 3 '' "\"dct:title\":0.$(many 10000 9)"
# What might be lists of datasets, and is none; and lists without end: neither is looked at again and again.
for list in '"x:dataset":[1],' '"dcat:dataset":[],' '"dcat:dataset":[1],"a":1,'; do
    {
        echo "{$context,$(many 100000 "$list")\"@id\":\"http://musee.example.org/1\",\"@type\":\"dcat:Dataset\"}"
        dataset 2 ''
    } >"$work/in"
    timeout 60 jsonld2dcatap -lq "$work/in" >"$work/out" || { echo "$list: status $?"; exit 1; }
    grep -q 'org/2"' "$work/out" || { echo "$list: the record behind it is not there"; exit 1; }
done
check 'a long key' 0 3 J103 "\"$(many 1000000 k)\":1"
