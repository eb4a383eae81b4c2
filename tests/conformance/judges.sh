#!/bin/sh
# judges.sh: put the judges of ../shared/tools, with the packages that they need, into build/judges: once, and again
# when their list of packages has changed. Nothing is written to ../shared.
set -eu
judges=build/judges
[ -d ../shared/tools ] || { echo 'NO JUDGES: ../shared IS NOT HERE'; exit 0; }

mkdir -p $judges/tools
for name in standards w3c; do
    ln -sfn "../../../shared/$name" $judges/$name
done
cp -f ../shared/tools/* $judges/tools
chmod -R u+w $judges/tools
mkdir -p $judges/browser
if ! cmp -s tests/conformance/browser/package.json $judges/browser/package.json; then
    cp tests/conformance/browser/package.json $judges/browser
    (cd $judges/browser && npm install --no-package-lock --no-audit --no-fund --loglevel=error >&2) ||
        { rm $judges/browser/package.json; exit 1; }
fi
cmp -s $judges/installed $judges/tools/package-lock.json && exit 0
(cd $judges/tools && npm ci --no-audit --no-fund --loglevel=error >&2)
cp $judges/tools/package-lock.json $judges/installed
