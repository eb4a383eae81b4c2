#!/bin/sh
# deps.sh [--install] build|check|bench|fuzz|conformance ...
# Says which Debian packages are missing for these, or installs them (as root, and only those). Each line below is a
# package, and how to tell that it is there: a command, a file, the pkg-config name of a library, a part of clang.

list() {
    case $1 in
    build)
        echo 'gcc command cc
make command make
libc6-dev file /usr/include/stdio.h
pkg-config command pkg-config
libxml2-dev library libxml-2.0
libcjson-dev library libcjson
nettle-dev library nettle
libserd-dev library serd-0
libmd4c-dev library md4c
libcsv-dev file /usr/include/csv.h
libcurl4-openssl-dev library libcurl
libsqlite3-dev library sqlite3
libconfuse-dev library libconfuse' ;;
    check)
        list build
        echo 'libcunit1-dev library cunit
g++ command g++
clang command clang
clang-format command clang-format
cppcheck command cppcheck
mandoc command mandoc
strace command strace
libxml2-utils command xmllint
raptor2-utils command rapper
python3-jsonschema file /usr/lib/python3/dist-packages/jsonschema/__init__.py
jq command jq
curl command curl
sqlite3 command sqlite3
openssl command openssl
nginx-light file /usr/sbin/nginx
procps command pgrep' ;;
    bench)
        list build
        echo 'libxml2-utils command xmllint
raptor2-utils command rapper
serdi command serdi
jq command jq
python3 file /usr/bin/python3
sqlite3 command sqlite3
procps command pgrep' ;;
    fuzz)
        list check
        echo 'libclang-rt-dev runtime fuzzer' ;;
    conformance)
        list build
        echo 'nginx-light command nginx
chromium command chromium
raptor2-utils command rapper
jq command jq
nodejs command node
npm command npm
python3-rdflib file /usr/lib/python3/dist-packages/rdflib/__init__.py
ca-certificates file /etc/ssl/certs/ca-certificates.crt' ;;
    *) echo "deps.sh: what is '$1'?" >&2; exit 2 ;;
    esac
}

is_there() {
    case $1 in
    command) command -v "$2" >/dev/null 2>&1 ;;
    file) test -f "$2" ;;
    runtime)
        set -- "$1" "$(clang -print-resource-dir 2>/dev/null)/lib/linux/libclang_rt.$2"-*.a
        test -f "$2" ;;
    library) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$2" ;;
    esac
}

install=
[ "$1" = --install ] && { install=1; shift; }
missing=$(for what in "$@"; do list "$what"; done | sort -u | while read -r package kind name; do
    is_there "$kind" "$name" || printf ' %s' "$package"
done)
[ -z "$missing" ] && exit 0

command="apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$missing"
if [ -n "$install" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "$command"
    sh -c "$command" >&2 || exit 1
    exit 0
fi
echo 'Packages are missing. Type this, then try again:'
echo "sudo sh -c '$command'"
exit 2
