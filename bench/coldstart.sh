#!/usr/bin/env bash
# coldstart.sh [ROUNDS [VARIANT ...]]: publishes bench/ColdStart in several ways and measures what the first calls of a process take, all in turns (20
# rounds; all variants). Prints a table, kept as coldstart.md under bench/results. Needs a C compiler for the native variants; what cannot be published is left out and said.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-20}
[[ $rounds =~ ^[1-9][0-9]*$ ]] || { echo "coldstart: ROUNDS is '$rounds'; a whole number of at least 1 is required" >&2; exit 2; }
shift || true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
arch=$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)

# Name, what it is, environment of its runs, arguments of its publishing.
variants=(
    "jit|as dotnet build makes it||--self-contained false"
    "jit-no-pgo|the same with TieredPGO off|DOTNET_TieredPGO=0|--self-contained false"
    "jit-no-tiers|the same with TieredCompilation off|DOTNET_TieredCompilation=0|--self-contained false"
    "r2r|PublishReadyToRun||--self-contained false -p:PublishReadyToRun=true"
    "r2r-no-pgo|the same with TieredPGO off|DOTNET_TieredPGO=0|--self-contained false -p:PublishReadyToRun=true"
    "r2r-v3|PublishReadyToRun with AVX2||--self-contained false -p:PublishReadyToRun=true -p:PublishReadyToRunCrossgen2ExtraArgs=--instruction-set:x86-64-v3"
    "r2r-v4|PublishReadyToRun with AVX-512||--self-contained false -p:PublishReadyToRun=true -p:PublishReadyToRunCrossgen2ExtraArgs=--instruction-set:x86-64-v4"
    "aot|PublishAot||-p:PublishAot=true"
    "aot-v3|PublishAot, IlcInstructionSet x86-64-v3||-p:PublishAot=true -p:IlcInstructionSet=x86-64-v3"
    "aot-v4|PublishAot, IlcInstructionSet x86-64-v4||-p:PublishAot=true -p:IlcInstructionSet=x86-64-v4"
)

made=()
for variant in "${variants[@]}"; do
    IFS='|' read -r name what environment arguments <<< "$variant"
    [ $# = 0 ] || [[ " $* " = *" $name "* ]] || continue
    # Each from its own copy of the sources' outputs: what one publishes must not be taken for another's.
    # shellcheck disable=SC2086
    if dotnet publish "$here/ColdStart" -c Release -r "linux-$arch" -o "$work/$name" --artifacts-path "$work/artifacts-$name" -v quiet $arguments > "$work/$name.log" 2>&1
    then made+=("$variant")
    else echo "coldstart: $name cannot be published here, left out: $(grep -m1 -E 'error|warning' "$work/$name.log" || tail -1 "$work/$name.log")" >&2
    fi
done
for ((round = 0; round < rounds; round++)); do
    for variant in "${made[@]}"; do
        IFS='|' read -r name what environment arguments <<< "$variant"
        env $environment "$work/$name/ColdStart" >> "$work/$name.runs"
    done
done
{
    echo "# First calls of a process"
    echo
    echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) processors; .NET $(dotnet --version) SDK; $(date +%F). Medians of $rounds runs in turns, ms."
    echo "\`bench/coldstart.sh\`. The model has 8 full components in 8 dimensions; the fit 1,000 points, 3 dimensions, 4 components, default options, one thread."
    echo
    echo "| published | | vectors | to Main | load a model | first score | second | first fit | second | MB |"
    echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for variant in "${made[@]}"; do
        IFS='|' read -r name what environment arguments <<< "$variant"
        medians=$(for column in 1 2 3 4 5 6; do cut -d' ' -f$column "$work/$name.runs" | sort -g | sed -n "$(((rounds + 1) / 2))p"; done | paste -sd'|' | sed 's/|/ | /g')
        size=$(find "$work/$name" -type f ! -name '*.pdb' ! -name '*.dbg' ! -name '*.xml' -printf '%s\n' | awk '{ sum += $1 } END { printf "%.1f", sum / 1e6 }')
        echo "| $name | $what | $(env $environment "$work/$name/ColdStart" --vectors) | $medians | $size |"
    done
}
