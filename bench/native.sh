#!/usr/bin/env bash
# native.sh: compiles gmm just in time and, for x64 processors of levels v2 (128 bits), v3 and v4, ahead of time, and prints a table: what each takes to
# start, to fit 272 rows, and per iteration of 16 full components on 200,000 points of 16 columns, by one thread. The shortest of seven runs in turns.
# A level that this processor does not have is left out.
set -euo pipefail
this=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build "$this/src/Gmm.Cli" -c Release -v quiet >&2
LEVELS="v2 v3 v4" "$this/publish-native.sh" "$work/native" >&2

declare -A tool=([jit]="$this/src/Gmm.Cli/bin/Release/net10.0/gmm")
for level in v2 v3 v4; do
    native=$(echo "$work"/native/gmm-*-"$level")
    if "$native/gmm" --version >/dev/null 2>&1; then tool[$level]=$native/gmm; fi
done

# Points of a model that an awk program makes: means in a box, unit variances.
awk -v K=16 -v D=16 'BEGIN {
    srand(1)
    printf "{\"covarianceType\":\"full\",\"weights\":["
    for (k = 0; k < K; k++) printf "%s%.17g", k ? "," : "", 1 / K
    printf "],\"means\":["
    for (k = 0; k < K; k++) { printf "%s[", k ? "," : ""; for (i = 0; i < D; i++) printf "%s%.3f", i ? "," : "", 3 * rand(); printf "]" }
    printf "],\"covariances\":["
    for (k = 0; k < K; k++) {
        printf "%s[", k ? "," : ""
        for (i = 0; i < D; i++) { printf "%s[", i ? "," : ""; for (j = 0; j < D; j++) printf "%s%d", j ? "," : "", i == j; printf "]" }
        printf "]"
    }
    print "]}"
}' >"$work/model.json"
"${tool[jit]}" sample "$work/model.json" -n 200000 -o "$work/points.npy"

seconds() { local TIMEFORMAT=%R; { time "$@" >/dev/null 2>"$work/error"; } 2>&1 || { cat "$work/error" >&2; exit 1; }; }
fit() { seconds "$1" fit "$work/points.npy" -k 16 --init "$work/model.json" --stop fixed --threads 1 --quiet --max-iter "$2"; }
shorter() { awk -v a="${1:-1e9}" -v b="$2" 'BEGIN { print a < b ? a : b }'; }

declare -A start small short long
for _ in 1 2 3 4 5 6 7; do
    for name in jit v2 v3 v4; do
        [ -n "${tool[$name]:-}" ] || continue
        start[$name]=$(shorter "${start[$name]:-}" "$(seconds "${tool[$name]}" --version)")
        small[$name]=$(shorter "${small[$name]:-}" "$(seconds "${tool[$name]}" fit "$this/data/old-faithful.csv" -k 2 --quiet)")
        short[$name]=$(shorter "${short[$name]:-}" "$(fit "${tool[$name]}" 1)")
        long[$name]=$(shorter "${long[$name]:-}" "$(fit "${tool[$name]}" 11)")
    done
done

echo "| gmm | vectors, bits | start, ms | fit of 272 rows, ms | iteration, ms |"
echo "| --- | ---: | ---: | ---: | ---: |"
for name in jit v2 v3 v4; do
    [ -n "${tool[$name]:-}" ] || continue
    bits=$("${tool[$name]}" --version | sed -n 's/^vectors of \([0-9]*\) bits.*/\1/p')
    awk -v name="$name" -v bits="$bits" -v start="${start[$name]}" -v small="${small[$name]}" -v short="${short[$name]}" -v long="${long[$name]}" \
        'BEGIN { printf "| %s | %s | %.0f | %.0f | %.1f |\n", name, bits, 1000 * start, 1000 * small, 100 * (long - short) }'
done
