#!/usr/bin/env bash
# readme-table.sh CPU: copies the first table of bench/results/CPU/targets.md, and of peers.md where there is one, into README.md. Needs awk.
set -euo pipefail
cd "$(dirname "$0")/.."
cpu=${1:?usage: readme-table.sh CPU, a folder of bench/results}
results=bench/results/$cpu

first_table() { awk '/^\|/ { print; found = 1; next } found { exit }' "$1"; }

block=$(mktemp)
trap 'rm -f "$block"' EXIT
{
    echo "<!-- performance: $cpu -->"
    echo "Per EM iteration, from [targets]($results/targets.md):"
    echo
    first_table "$results/targets.md"
    if [ -f "$results/peers.md" ]; then
        echo
        echo "Beside other systems, milliseconds per EM iteration, from [peers]($results/peers.md):"
        echo
        first_table "$results/peers.md"
    fi
    echo
} > "$block"

awk -v block="$block" '
    /^<!-- performance.* -->$/ { while ((getline line < block) > 0) print line; inside = 1 }
    /^<!-- \/performance -->$/ { inside = 0 }
    !inside { print }' README.md > "$block.readme"
mv "$block.readme" README.md
