#!/bin/sh
# Compares `thistle create` with mktorrent, turn by turn: scripts/bench create [TURNS [MIB]]
# One file of random bytes on /dev/shm, pieces of 1 MiB, two threads each. Prints a line a turn, then
# medians: seconds by the clock, seconds of processors, and openssl's SHA-1 rate for one of them.
set -eu
cd "$(dirname "$0")/.."
turns=${1:-5}
mib=${2:-3072}
command -v mktorrent > /dev/null || { echo "needs mktorrent" >&2; exit 1; }
folder=$(mktemp -d /dev/shm/thistle-create.XXXXXX)
trap 'rm -rf "$folder"' EXIT
head -c "${mib}M" /dev/urandom > "$folder/payload"

timed() { # NAME COMMAND...: appends "wall cpu" to NAME's file
    name=$1
    shift
    /usr/bin/env bash -c 'TIMEFORMAT="%R %U %S"; time "$@" > /dev/null 2>&1' - "$@" 2> "$folder/time"
    awk -v name="$name" '{ printf "%s %.2f %.2f\n", name, $1, $2 + $3 }' "$folder/time" |
        tee -a "$folder/turns"
    rm -f "$folder"/*.torrent
}

./thistle create "$folder/payload" -o "$folder/warm.torrent" --piece-size 1048576 > /dev/null
echo "program wall-s cpu-s"
for _ in $(seq "$turns"); do
    timed mktorrent mktorrent -l 20 -t 2 -o "$folder/m.torrent" "$folder/payload"
    timed thistle ./thistle create "$folder/payload" -o "$folder/t.torrent" --piece-size 1048576
    timed thistle-v2 ./thistle create "$folder/payload" -o "$folder/t.torrent" --piece-size 1048576 --v2
done
echo "median of $turns, $mib MiB:"
for name in mktorrent thistle thistle-v2; do
    wall=$(awk -v n=$name '$1 == n { print $2 }' "$folder/turns" | sort -n | sed -n "$(((turns + 1) / 2))p")
    cpu=$(awk -v n=$name '$1 == n { print $3 }' "$folder/turns" | sort -n | sed -n "$(((turns + 1) / 2))p")
    awk -v n=$name -v w="$wall" -v c="$cpu" -v m="$mib" \
        'BEGIN { printf "%-10s %6.2f s  %6.0f MB/s  %6.2f s of processors\n", n, w, m * 1.048576 / w, c }'
done
openssl speed -seconds 2 -bytes 16384 sha1 2> /dev/null | awk '/^sha1/ { print "openssl sha1, one processor:", $2 }'
