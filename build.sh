#!/usr/bin/env bash
# Restore, check the format, build everything, run all tests. What passes here may be committed.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet restore Gmm.Fast.sln
dotnet format whitespace Gmm.Fast.sln --no-restore --verify-no-changes
dotnet build Gmm.Fast.sln -c Release --no-restore
dotnet test --solution Gmm.Fast.sln -c Release --no-build
