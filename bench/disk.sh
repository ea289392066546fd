#!/usr/bin/env bash
# disk.sh [GIGABYTES [FOLDER]]: fits 16 full components to a file of floats of that many gigabytes (32), 8 columns, in FOLDER (the current one), with a
# budget of 2 GB. The points are drawn from a mixture by gmm sample. Prints how fast dd reads the file, cold, through the page cache and beside it, and
# how long an iteration takes: from the file, from a file of a tenth that is in the page cache, and from memory. Needs dotnet and awk, and room for 1.1
# times the file. Dropping the page cache needs root; without it the cold figures say so.
set -euo pipefail

gigabytes=${1:-32}
folder=${2:-.}
[[ $gigabytes =~ ^[1-9][0-9]*$ ]] || { echo "disk: GIGABYTES is '$gigabytes'; a whole number of at least 1 is required" >&2; exit 2; }
[ -d "$folder" ] || { echo "disk: there is no folder $folder" >&2; exit 2; }
K=16 D=8
this=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "$folder/disk.XXXXXX")
trap 'rm -rf "$work"' EXIT
dotnet build "$this/src/Gmm.Cli" -c Release -v quiet >&2
gmm() { "$this/src/Gmm.Cli/bin/Release/net10.0/gmm" "$@"; }

awk -v K=$K -v D=$D 'BEGIN {
    srand(1)
    printf "{\"covarianceType\":\"full\",\"weights\":["
    for (k = 0; k < K; k++) printf "%s%.17g", k ? "," : "", 1 / K
    printf "],\"means\":["
    for (k = 0; k < K; k++) {
        printf "%s[", k ? "," : ""
        for (i = 0; i < D; i++) printf "%s%.3f", i ? "," : "", 6 * rand()
        printf "]"
    }
    printf "],\"covariances\":["
    for (k = 0; k < K; k++) {
        printf "%s[", k ? "," : ""
        for (i = 0; i < D; i++) {
            printf "%s[", i ? "," : ""
            for (j = 0; j < D; j++) printf "%s%.1f", j ? "," : "", i == j ? 1 : (i - j) ^ 2 == 1 ? 0.4 : 0
            printf "]"
        }
        printf "]"
    }
    print "]}"
}' > "$work/model.json"

rows=$((gigabytes * 1000000000 / (4 * D)))
few=$((rows / 10))
seconds() { local TIMEFORMAT=%R; { time "$@" > /dev/null 2> "$work/error"; } 2>&1 || { cat "$work/error" >&2; exit 1; }; }
drop() { sync; { echo 3 > /proc/sys/vm/drop_caches; } 2> /dev/null || echo "disk: the page cache could not be dropped" >&2; }
per() { awk -v a="$1" -v b="$2" -v scale="$3" 'BEGIN { printf "%.3g", a / b * scale }'; }

# An iteration is what five more of them take longer; reading for the start and at the end is in both.
iteration() {
    local short long
    short=$(seconds gmm fit "$1" -k $K --init "$work/model.json" --stop fixed --quiet --max-iter 1 "${@:2}")
    long=$(seconds gmm fit "$1" -k $K --init "$work/model.json" --stop fixed --quiet --max-iter 6 "${@:2}")
    per "$(awk -v a="$long" -v b="$short" 'BEGIN { print a - b }')" 5 1
}

row() { printf '| %-44s | %10s s | %8s GB/s | %8s ns per point |\n' "$1" "$2" "$(per $((4 * D * $3)) "$2" 1e-9)" "$(per "$2" "$3" 1e9)"; }

time_to_sample=$(seconds gmm sample "$work/model.json" -n $rows --dtype f4 -o "$work/points.npy")
row "gmm sample, to the file" "$time_to_sample" $rows
drop
row "dd, cold" "$(seconds dd if="$work/points.npy" of=/dev/null bs=4M)" $rows
drop
row "dd beside the page cache" "$(seconds dd if="$work/points.npy" of=/dev/null bs=4M iflag=direct)" $rows
drop
row "iteration, 2 GB of memory" "$(iteration "$work/points.npy" --memory 2GB)" $rows
gmm sample "$work/model.json" -n $few --dtype f4 -o "$work/few.npy"
dd if="$work/few.npy" of=/dev/null bs=4M 2> /dev/null
row "iteration, a tenth, from the page cache" "$(iteration "$work/few.npy" --memory 200MB)" $few
row "iteration, a tenth, in memory" "$(iteration "$work/few.npy" --memory 1TB)" $few
