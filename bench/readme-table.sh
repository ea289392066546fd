#!/usr/bin/env bash
# readme-table.sh CPU: copies the first table of bench/results/CPU/peers.md into README.md, between its performance markers. Needs awk.
# The line below the table names the machine and links to its file: change it by hand when CPU changes.
set -euo pipefail
cd "$(dirname "$0")/.."
cpu=${1:?usage: readme-table.sh CPU, a folder of bench/results}

block=$(mktemp)
trap 'rm -f "$block" "$block.readme"' EXIT
{
    echo "<!-- performance: $cpu -->"
    awk '/^\|/ { print; found = 1; next } found { exit }' "bench/results/$cpu/peers.md"
} > "$block"

awk -v block="$block" '
    /^<!-- performance.* -->$/ { while ((getline line < block) > 0) print line; inside = 1 }
    /^<!-- \/performance -->$/ { inside = 0 }
    !inside { print }' README.md > "$block.readme"
cat "$block.readme" > README.md
