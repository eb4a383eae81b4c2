#!/bin/sh
# run.sh: harvest many sources that fail in many ways, kill moisson and its converters at random moments, and compare
# what is kept in the end with a harvest that nobody disturbed. `make chaos` runs it: SEEDS=N so many times (20), four
# at once, SEED=N from that seed on. The seed of a run that failed is printed; SEEDS=1 SEED=N runs it again.
set -u
LC_ALL=C
export LC_ALL
unset SOURCE_DATE_EPOCH
sources=${SOURCES-200}
seeds=${SEEDS-20}
seed=${SEED-$(date +%s)}
most_seconds=${MOST_SECONDS-150} # of a run that is not killed
export CHAOS_TREE="${CHAOS_TREE-$(pwd)}"
bin=$CHAOS_TREE/$BUILD/bin
kit=$CHAOS_TREE/$BUILD/tests/kit
[ -n "${WORK-}" ] || { WORK=$(mktemp -d) || exit 2; top=$WORK; }
one=${1-} # a seed: run it, and nothing else
mkdir -p "$WORK/$one"
server=
trap 'kill $server 2>/dev/null; rm -rf "${top-$WORK/$one}"' EXIT
trap 'exit 1' HUP INT TERM
script=$CHAOS_TREE/tests/chaos/run.sh
cd "$WORK/$one" || exit 2
export WORK

serve() { # seed: start the servers, and write sources.conf
    rm -f port port.count
    "$kit/chaosd" port "$sources" "$1" &
    server=$!
    tries=0
    until [ -s port ]; do
        tries=$((tries + 1))
        [ $tries -le 200 ] || { echo 'the servers did not start'; exit 2; }
        sleep 0.05
    done
    port=$(cat port)
    configure 1 2 1
}

# How long sources may be silent, take, and take where they never end: little while servers stall, more once they are
# calm, so that a machine with much to do is no fault.
configure() {
    {
        echo 'defaults { allow-addresses = {"127.30.0.0/16"} min-delay = 0 retries = 3 retry-delay = 0.02'
        echo "idle-timeout = $1 total-timeout = $2 connect-timeout = $2"
        echo 'max-wait = 5 max-body = "64M" filter = "" }'
        i=0
        while [ $i -lt "$sources" ]; do
            more=
            [ $((i % 8)) != 3 ] || more='filter = "dcatapclean"'
            [ $((i % 40)) != 5 ] || more="retries = 0 total-timeout = $3"
            echo "source \"s$i\" { url = \"http://127.30.$((i / 250)).$((i % 250 + 1)):$port/0\" $more }"
            i=$((i + 1))
        done
    } >sources.conf
}

calm() {
    kill -USR1 $server
    configure 20 60 5
}

# The next number of those that the seed begins.
draw() {
    drawn=$(((drawn * 1103515245 + 12345) % 2147483648))
}

# Run moisson, kill some of its converters, then itself.
disturb() {
    "$bin/moisson" run >/dev/null 2>log &
    harvester=$!
    draw
    kills=$((drawn / 65536 % 6 + 1))
    while [ $kills -gt 0 ] && kill -0 $harvester 2>/dev/null; do
        draw
        sleep 0.$((drawn / 65536 % 4))$((drawn / 65536 % 10))
        child=$(pgrep -P $harvester | head -n 1)
        [ -z "$child" ] || kill -KILL "$child" 2>/dev/null
        kills=$((kills - 1))
    done
    kill -KILL $harvester 2>/dev/null
    wait $harvester 2>/dev/null
}

settle() { # run until the end, within a bound
    timeout -s KILL "$most_seconds" "$bin/moisson" run >/dev/null 2>log
    status=$?
    [ $status -le 1 ] || fault "moisson ended with status $status: $(tail -n 1 log)"
}

fault() {
    echo "seed $seed: $*"
    bad=1
}

export_all() {
    "$bin/moisson" export -f dcatap -l >"$1" 2>/dev/null
}

check() {
    [ "$(sqlite3 harvest.db 'PRAGMA integrity_check')" = ok ] || fault 'the store is damaged'
    twice=$(sqlite3 harvest.db 'SELECT count(*) FROM (SELECT 1 FROM v_item GROUP BY source, kind, identity
        HAVING count(*) > 1)')
    [ "$twice" = 0 ] || fault "$twice records are there twice"
    export_all got
    diff ../want got >differences || {
        fault "the export differs: $(grep -c '^<' differences) missing, $(grep -c '^>' differences) too many"
        grep '^[<>]' differences | cut -c 1-200 | head -n 3
    }
    kill -USR2 $server
    tries=0
    until [ -s port.count ] || [ $tries -gt 100 ]; do
        tries=$((tries + 1))
        sleep 0.02
    done
    read -r requests beside <port.count
    # Each page up to five times in each of five runs, robots.txt too, and a page broken by a kill.
    [ "$requests" -le $((sources * 5 * 5 * 6)) ] || fault "$requests requests are too many"
}

run_one() {
    seed=$one
    bad=0
    drawn=$((seed % 2147483648))
    began=$(date +%s)
    serve "$seed"
    for round in 1 2 3; do disturb; done
    settle
    calm
    settle
    check
    echo "seed $seed: $requests requests, $(($(date +%s) - began)) s"
    [ $bad = 1 ] || echo "$seed" >>../passed
    exit $bad
}
[ -z "$one" ] || run_one

serve 0
calm
settle
export_all want
datasets=$(grep -c '"@type":\["Dataset"\]' want)
kill $server
server=
[ "$datasets" -ge "$sources" ] || { echo "only $datasets datasets came undisturbed"; exit 1; }
echo "$sources sources, $datasets datasets; seeds from $seed"
: >passed
i=0
while [ $i -lt "$seeds" ]; do
    echo $((seed + i))
    i=$((i + 1))
done | xargs -n 1 -P 4 sh "$script"
passed=$(wc -l <passed)
echo "$passed passed, $((seeds - passed)) failed"
[ "$passed" = "$seeds" ]
