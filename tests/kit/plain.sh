# plain.sh, to be read with "." by a check that looks at the programs or the library as they are delivered: builds them
# without sanitizers, and leaves where they are in $plain. MAKE, CC and CXX come from the Makefile.
plain=build/plain
mkdir -p build
exec 9>build/plain.lock
flock 9 || exit 2
case $BUILD in
*sanitize*) ;;
*) plain=$BUILD ;;
esac
plain_make() {
    $MAKE --no-print-directory -s BUILD="$plain" SANITIZE= CC="$CC" CXX="$CXX" "$@"
}
plain_make programs || exit 1
flock -u 9
