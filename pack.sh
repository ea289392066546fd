#!/usr/bin/env bash
# Packs the libraries and, for each platform, the tool: ./pack.sh [FOLDER [OPTION ...]], artifacts/packages unless given; options are those of dotnet pack.
# docs/packages.md says where the version is from.
set -euo pipefail
folder=$(realpath -m "${1:-$(dirname "$0")/artifacts/packages}")
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Of an older version nothing stays: whoever installs from the folder gets what is packed now.
rm -f "$folder"/Gmm.Fast*.nupkg "$folder"/Gmm.Fast*.snupkg
dotnet pack Gmm.Fast.sln -c Release -o "$folder" "${@:2}"
(cd "$folder" && du -b -- *.nupkg | sort -k 2)
