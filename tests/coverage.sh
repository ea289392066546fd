#!/usr/bin/env bash
# Line and branch coverage of Gmm.Fast under its tests, and every place that is not covered. Needs the .NET SDK, and the network for coverlet.
# docs/coverage.md says what is to be read from it.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
out=$PWD/artifacts/coverage

# Release, as the engine is shipped: in Debug its kernels are many times slower, and every assertion is a branch that is never taken.
dotnet build tests/Gmm.Fast.Tests -c Release
rm -rf "$out"
mkdir -p "$out"
cp -r tests/Gmm.Fast.Tests/bin/Release/net10.0 "$out/tests"

# InliningTests read the machine code of the kernels, and counting is calls.
dotnet build -restore tests/coverage.proj -t:Cover -p:Tests="$out/tests/Gmm.Fast.Tests.dll" -p:Report="$out/" \
    -p:Arguments="-noColor -class- Gmm.Fast.Tests.InliningTests"

echo "Not covered, with the part of the branches that is:"
awk -F'"' '
    /<class / { for (i = 1; i < NF; i++) if ($i ~ / filename=$/) file = $(i + 1) }
    /<line / && $4 == 0 { print file ":" $2 " never" }
    /<line / && $4 > 0 && / branch="True"/ && $8 !~ /^100%/ { print file ":" $2 " " $8 }
' "$out/coverage.cobertura.xml" | sort -u -t: -k1,1 -k2,2n
