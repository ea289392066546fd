#!/usr/bin/env bash
# Builds the site of these documents into artifacts/site, with the reference from the comments of the libraries. A broken link, or any other warning of
# the generator, fails. --no-build takes the libraries as they are built.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet tool restore
if [ "${1:-}" != --no-build ]; then
    for project in src/*/*.csproj; do dotnet build "$project" -c Release -v quiet; done
fi
rm -rf artifacts/documents artifacts/site
dotnet docfx docfx.json --warningsAsErrors
echo "artifacts/site/index.html"
