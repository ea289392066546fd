#!/usr/bin/env bash
# extra.sh FILE.json: writes how a comparison calls this engine, after dotnet build -c Release bench/Gmm.Bench. See README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$here/../Gmm.Bench/bin/Release/net10.0/Gmm.Bench.dll")
cat > "${1:?usage: extra.sh FILE.json}" <<JSON
{"gmm-fast": {"cmd": ["dotnet", "$program", "peer"], "threads": [1, 2], "cov": ["full", "diag"]}}
JSON
