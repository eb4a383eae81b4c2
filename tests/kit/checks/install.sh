#!/bin/sh
# What `make install` puts into a stage works from there: programs, pages, pkg-config file, headers, both libraries.
set -u
. tests/kit/plain.sh
work=$(pwd)/$BUILD/stage
bad=0
fail() {
    echo "$*"
    bad=1
}
rm -rf "$work"
mkdir -p "$work"

# On a copy of the build, as the prefix is compiled in. Another prefix first: nothing of it may stay in the second.
mkdir "$work/build"
for part in gen converters harvester bin libmoisson.a libmoisson.so.0; do cp -pR "$plain/$part" "$work/build"; done
plain=$work/build
for prefix in /opt/elsewhere /usr; do
    stage=$work/root$prefix
    plain_make install DESTDIR="$work/root" PREFIX=$prefix >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    grep -qx "prefix=$prefix" "$stage/lib/pkgconfig/moisson.pc" || fail "$prefix: moisson.pc has another"
    grep -aq "$prefix/bin" "$stage/bin/moisson" || fail "$prefix: moisson looks for the converters elsewhere"
done
stage=$work/root/usr

# Without the build directory on the path, and in another folder.
mkdir "$work/empty"
PATH=/usr/bin:/bin
catalogue=$(pwd)/samples/museum/catalogue.rdf
version=$(cat VERSION)
for source in converters/*.c harvester/moisson.c; do
    program=$(basename "$source" .c)
    said=$(cd "$work/empty" && "$stage/bin/$program" --version) || fail "$program --version: status $?"
    [ "$said" = "$program (moisson) $version" ] || fail "$program --version says '$said'"
    if [ -f "${source%.c}.1" ]; then
        cmp "${source%.c}.1" "$stage/share/man/man1/$program.1" || bad=1
    fi
done
grep -q '^ExecStart=/usr/bin/moisson ' "$stage/lib/systemd/system/moisson.service" || fail 'the service is not there'
grep -q ' /usr/bin/moisson status' "$stage/share/moisson/moisson.cron" || fail 'the cron line is not there'
# What stops a run as a whole is mailed as well.
job=$(sed -n -e "s,/usr/bin/,$stage/bin/,g" -e "s,/etc/moisson,$work/none,g" \
    -e 's/^23 .* moisson  cd [^ ]* && //p' "$stage/share/moisson/moisson.cron")
(cd "$work/empty" && sh -c "$job") 2>/dev/null | grep -q 'none: fatal: cannot read' || fail 'cron would mail nothing'
! command -v systemd-analyze >/dev/null ||
    units=$stage/lib/systemd/system
    SYSTEMD_UNIT_PATH="$units:" systemd-analyze verify --man=no "$units/moisson.timer" >"$work/log" 2>&1 ||
        ! grep moisson "$work/log" | grep -v 'is not executable' ||
        fail 'systemd has something to say'
for schema in dcatap-3.0.1 dcatap-2.1.1 datagouv; do
    jq -e '."$schema" | endswith("draft/2020-12/schema")' "$stage/share/moisson/$schema.schema.json" >/dev/null ||
        fail "no schema $schema"
done
"$stage/bin/rdfxml2dcatap" -l <"$catalogue" 2>/dev/null >"$work/want" || fail "rdfxml2dcatap: status $?"
[ "$(grep -c '"@type":\["Dataset"' "$work/want")" = 5 ] || fail 'rdfxml2dcatap: the museum has five datasets'
"$stage/bin/dcatap2datagouv" -l "$work/want" 2>/dev/null | grep -q '"title":"Fréquentation du musée"' ||
    fail 'dcatap2datagouv: a title is missing'

# moisson finds the converters beside it.
kit=$(pwd)/$BUILD/tests/kit
"$kit/httpd" "$work/port" "$work/requests" --files samples &
server=$!
trap 'kill $server' EXIT
tries=0
until [ -s "$work/port" ] || [ $tries = 50 ]; do tries=$((tries + 1)); sleep 0.1; done
sed "s/@PORT@/$(cat "$work/port")/" samples/sources.conf >"$work/empty/sources.conf"
(cd "$work/empty" && "$stage/bin/moisson" -c sources.conf fetch museum) >"$work/fetched" 2>"$work/log" ||
    { fail "moisson fetch: status $?"; cat "$work/log"; }
[ "$(grep -c '"@type":\["Dataset"' "$work/fetched")" = 5 ] || fail 'moisson fetch: the museum has five datasets'

# The library, as pkg-config finds it: shared, then static; in C, then in C++.
PKG_CONFIG_PATH=$stage/lib/pkgconfig
PKG_CONFIG_SYSROOT_DIR=$work/root
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
[ "$(pkg-config --modversion moisson)" = "$version" ] || fail 'moisson.pc: another version'
flags=$(pkg-config --cflags moisson) && libs=$(pkg-config --libs moisson) || fail 'pkg-config: status 1'
# The libraries that ours needs are in the system, not in the stage.
needs=$(sed -n 's/^Requires.private: //p' "$PKG_CONFIG_PATH/moisson.pc")
needs=$(unset PKG_CONFIG_SYSROOT_DIR; pkg-config --libs $needs)
strict='-Wall -Wextra -Wpedantic -Werror'
build() { # name, compiler and its flags, libraries
    $2 $strict $flags samples/embed.c -o "$work/$1" $3 || { fail "embed.c does not build: $1"; return; }
    "$work/$1" <"$catalogue" >"$work/got" || fail "$1: status $?"
    cmp "$work/want" "$work/got" || fail "$1: not what rdfxml2dcatap writes"
}
LD_LIBRARY_PATH=$stage/lib
export LD_LIBRARY_PATH
build c-shared "$CC -std=c11" "$libs"
build cpp-shared "$CXX -x c++ -std=c++17" "-x none $libs"
unset LD_LIBRARY_PATH
build c-static "$CC -std=c11" "$stage/lib/libmoisson.a $needs"
build cpp-static "$CXX -x c++ -std=c++17" "-x none $stage/lib/libmoisson.a $needs"
readelf -d "$work/c-shared" | grep -q 'NEEDED.*\[libmoisson\.so\.0\]' || fail 'c-shared: not linked with our library'
readelf -d "$work/c-static" | grep -q 'NEEDED.*libmoisson' && fail 'c-static is linked with the shared library'
exit $bad
