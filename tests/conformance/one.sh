#!/bin/sh
# one.sh NAME: run one test; what it says comes in one piece.
verdict=passed
said=$(node "$SCRIPTS/$1.mjs" 2>&1) || verdict=failed
printf '%s\n' "---- $1: $verdict
$said"
echo "$1" >>"$OUT/$verdict.$$"
