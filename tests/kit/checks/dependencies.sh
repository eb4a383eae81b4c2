#!/bin/sh
# Each dependency is met in one place; a room of the library uses only rooms above it; programs use only the public API.
set -u
. tests/kit/plain.sh
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# Headers of the C library and the system; then those of each dependency, and the places that may include them.
cat >"$work/places" <<'END'
assert.h ctype.h errno.h float.h inttypes.h limits.h locale.h math.h signal.h stdarg.h stdbool.h stddef.h stdint.h =
stdalign.h stdio.h stdlib.h string.h time.h =
dirent.h fcntl.h fnmatch.h getopt.h poll.h spawn.h =
sys/ioctl.h sys/mman.h sys/random.h sys/stat.h sys/time.h sys/types.h sys/wait.h unistd.h =
sys/resource.h = harvester/ converters/lib/flow/standby.c
sched.h sys/syscall.h = converters/lib/flow/standby.c
malloc.h = harvester/crawl.c
pthread.h = harvester/worker.c
stdatomic.h = harvester/crawling.h harvester/spool.c
arpa/inet.h netdb.h netinet/in.h = harvester/
sys/socket.h = harvester/ converters/lib/flow/standby.c
libxml/ = converters/lib/rdfxml/
serd/ = converters/lib/turtle/
cjson/ = harvester/
csv.h = converters/lib/csv/rows.c
md4c.h = converters/lib/site/markdown.c
nettle/ = converters/lib/base/hash.c
emmintrin.h = converters/lib/base/block.h
iconv.h = converters/lib/base/charset.c
curl/ = harvester/http.c
sqlite3.h = harvester/store
confuse.h = harvester/config.c
END

# The rooms in their order, each with the public headers that are its own.
cat >"$work/rooms" <<'END'
base arena buf date diag iri json str tables text
rdf reader record term vocab writer
dcat
clean clean
rdfxml
turtle
jsonld
mapping
ckan
ods
datajson
datagouv
csv
site
flow flow output report standby
END

find converters harvester include -name '*.[ch]' | sort | xargs grep -n '^ *# *include' |
    sed 's/:[0-9]*: *# *include */ /' >"$work/includes"

awk -v places="$work/places" -v rooms="$work/rooms" '
function room_of(file) {
    if (split(file, part, "/") == 4 && file ~ /^converters\/lib\//)
        return part[3]
    if (file ~ /^include\/moisson\//)
        return header_room[part[3]]
    return ""
}
BEGIN {
    while ((getline line < places) > 0) {
        n = split(line, word, " ")
        for (i = 1; i <= n && word[i] != "="; ++i)
            where[word[i]] = substr(line, index(line, "=") + 2)
    }
    while ((getline line < rooms) > 0) {
        n = split(line, word, " ")
        order[word[1]] = ++count
        for (i = 2; i <= n; ++i)
            header_room[word[i] ".h"] = word[1]
    }
}
function stands_in(places, file,    place, n) {
    for (n = split(places, place, " "); n && index(file, place[n]) != 1; --n)
        ;
    return n
}
function say(why) { print $1 ": " $2 ": " why; bad = 1 }
{
    name = substr($2, 2, length($2) - 2)
    mine = room_of($1)
    if ($1 ~ /^converters\/lib\// && !(mine in order))
        say("a room that is not in the list")
    if ($2 ~ /^</ && name !~ /^moisson\//) {
        key = name in where ? name : substr(name, 1, index(name, "/"))
        if (!(key in where))
            say("an unknown dependency")
        else if (where[key] != "" && !stands_in(where[key], $1))
            say("to be met in " where[key] " only")
        next
    }
    if (name ~ /^moisson\//) {
        split(name, part, "/")
        theirs = part[2] ~ /\.def$/ ? "base" : header_room[part[2]]
        if (name == "moisson/moisson.h") {
            if ($1 ~ /^converters\/lib\//)
                say("rooms name the headers that they need")
        } else if (theirs == "" && $1 != "include/moisson/moisson.h")
            say("a public header that belongs to no room")
        else if (mine != "" && order[theirs] > order[mine])
            say("of a room further down: " theirs)
        next
    }
    theirs = name ~ /\// ? substr(name, 1, index(name, "/") - 1) : mine
    if ($1 ~ /^converters\/[^\/]*$/)
        say("a program includes only <moisson/...>")
    else if ($1 ~ /^harvester\// && theirs in order)
        say("the harvester includes only <moisson/...>")
    else if (mine != "" && theirs in order && order[theirs] > order[mine])
        say("of a room further down: " theirs)
}
END { exit bad }' "$work/includes" || exit 1

# The same from the symbols: what a room calls is defined in it or above it, or public: rdf declares the interfaces of
# records, readers and writers, and rooms below define them.
bad=0
nm -D --defined-only "$plain/libmoisson.so.0" | awk '{ print $3 }' >"$work/public"
above=
while read -r room rest; do
    above="$above $plain/converters/lib/$room/*.o"
    nm -u "$plain"/converters/lib/$room/*.o | awk '$1 == "U" && $2 ~ /^mo_/ { print $2 }' | sort -u >"$work/used"
    nm --defined-only $above "$plain"/gen/tables.o "$plain"/gen/site_*.o | awk 'NF == 3 { print $3 }' |
        sort -u - "$work/public" >"$work/there"
    comm -23 "$work/used" "$work/there" >"$work/missing"
    [ -s "$work/missing" ] && { bad=1; echo "$room calls what is further down:" $(cat "$work/missing"); }
done <"$work/rooms"

# A filter that reads no XML is not linked with libxml2, nor one that reads no Turtle with Serd, and so on.
for program in dcatapclean dcatap2datagouv dcatap2rdfxml jsonld2dcatap datagouv2dcatap datagouv2rdfxml \
    ckan2dcatap ods2dcatap datajson2dcatap; do
    readelf -d "$plain/bin/$program" >"$work/needed"
    grep -q 'NEEDED.*libc\.' "$work/needed" || { bad=1; echo "readelf did not understand $program"; }
    grep -E 'NEEDED.*lib(xml|serd|csv|md4c)' "$work/needed" && {
        bad=1; echo "$program is linked with what it does not use"; }
done
exit $bad
