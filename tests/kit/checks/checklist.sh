#!/bin/sh
# Each number of the checklist is a case, or has a reason in tests/cli/checklist.tsv for not being one; and a case
# that says why it differs says something.
set -u
bad=0
number=49
while [ $number -le 94 ]; do
    cases=$(ls -d tests/cli/*/checklist-$number-*/args 2>/dev/null | wc -l)
    listed=$(awk -F '\t' -v n=$number '$1 == n && $2 != ""' tests/cli/checklist.tsv | wc -l)
    [ $((cases > 0)) != "$listed" ] || { echo "$number: $cases cases, and $listed reasons for none"; bad=1; }
    number=$((number + 1))
done
for why in tests/cli/*/*/why tests/chain/*/why; do
    [ -f "$why" ] || continue
    grep -q '[a-z]' "$why" || { echo "$why says nothing"; bad=1; }
done
exit $bad
