#!/bin/sh
# one.sh NAME: run one test; what it says is shown when it fails.
name=$1
log=$OUT/$(echo "$name" | tr / _).log
case $name in
unit/*) "$BUILD/tests/unit/test_${name#unit/}" >"$log" 2>&1 ;;
http/*) sh tests/kit/http.sh "tests/http/${name#http/}.case" >"$log" 2>&1 ;;
fuzz/*) "$BUILD/tests/fuzz/fuzz_${name#fuzz/}" tests/fuzz/seeds/"${name#fuzz/}"/* >"$log" 2>&1 ;;
chain/*) sh tests/kit/cli.sh "tests/$name" >"$log" 2>&1 ;;
*/*) sh tests/kit/cli.sh "tests/cli/$name" >"$log" 2>&1 ;;
*) sh "tests/kit/checks/$name.sh" >"$log" 2>&1 ;;
esac
if [ $? = 0 ]; then
    echo "$name" >>"$OUT/passed.$$"
    [ -n "${BLESS-}" ] && cat "$log"
else
    echo "$name" >>"$OUT/failed.$$"
    { echo "---- $name"; tail -n 60 "$log"; } >&2
fi
exit 0
