#!/usr/bin/env bash
# From nothing to a scoring service and to Python, in one script: installs the tool from a folder of packages, fits, writes a program against the library,
# serves the model, scores with curl, exports to ONNX and scikit-learn, and scores in Python.
#   samples/ten-minutes.sh [PACKAGES]
# PACKAGES is a folder that pack.sh made; without it the script packs first. A step whose prerequisite is missing says which, and is left out.
# What it makes is in a temporary folder, which is removed in the end. PORT is that of the service, 5080 unless set.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
service=
finish() {
    if [ -n "$service" ]; then kill "$service" 2>/dev/null && wait "$service" 2>/dev/null; fi || true
    rm -rf "$work"
}
trap finish EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
left_out=()

step() { printf '\n== %s  (%d s)\n' "$1" "$SECONDS"; }
leave_out() {
    echo "left out: $1"
    left_out+=("$1")
}

if [ $# -gt 0 ]; then packages=$(realpath "$1"); else
    step "Pack"
    packages=$work/packages
    # The tool for this platform alone.
    "$repository/pack.sh" "$packages" "-p:ToolPackageRuntimeIdentifiers=$(dotnet --info | awk '$1 == "RID:" { print $2 }')"
fi
version=$(basename "$packages"/Gmm.Fast.[0-9]*.nupkg .nupkg)
version=${version#Gmm.Fast.}

# Everything restores from the packages and, for what they depend on, from where this machine does; nothing of it stays in the cache of the user.
mkdir "$work/program" "$work/models"
cd "$work"
cat >nuget.config <<XML
<configuration>
  <config><add key="globalPackagesFolder" value="$work/cache" /></config>
  <fallbackPackageFolders><add key="user" value="${NUGET_PACKAGES:-$HOME/.nuget/packages}" /></fallbackPackageFolders>
  <packageSources><add key="packed" value="$packages" /></packageSources>
</configuration>
XML

step "Install the tool, version $version"
dotnet tool install Gmm.Fast.Tool --version "$version" --tool-path "$work/bin"
gmm=$work/bin/gmm
$gmm --version

step "Fit"
cp "$repository/data/old-faithful.csv" data.csv
$gmm fit data.csv -k 2 --quiet -o models/geyser.json
$gmm info models/geyser.json
$gmm predict models/geyser.json data.csv -o scored.csv
head -n 3 scored.csv

step "Score in a program of ten lines"
cat >program/program.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Gmm.Fast" Version="[$version]" />
  </ItemGroup>
</Project>
XML
cat >program/Program.cs <<'CS'
using Gmm.Fast;

var model = GaussianMixture.FromJson(File.ReadAllText(args[0]));
Console.WriteLine($"component {model.Label([2.0, 60])}, log-density {model.LogDensity([2.0, 60])}");
CS
dotnet run -c Release --project program -- models/geyser.json

step "Serve, and score with curl"
url=http://127.0.0.1:${PORT:-5080}
if ! command -v curl >/dev/null; then
    leave_out "the service: curl is not installed"
else
    dotnet build -c Release -v quiet "$repository/samples/ScoringService" -o "$work/service"
    dotnet "$work/service/ScoringService.dll" --models "$work/models" --urls "$url" >service.log 2>&1 &
    service=$!
    request() { curl --silent --show-error --fail-with-body "$@" || { echo "the service does not answer; it wrote:" >&2; cat service.log >&2; exit 1; }; }
    request --retry 30 --retry-delay 1 --retry-all-errors --output /dev/null "$url/health/ready"
    # The first row of the data: its log-density is that of the tool.
    answer=$(request -H 'Content-Type: application/json' -d "{\"rows\": [[$(sed -n 2p data.csv)]]}" "$url/v1/models/geyser/score")
    echo "$answer"
    expected=$(sed -n 2p scored.csv | cut -d, -f2)
    case $answer in *"$expected"*) ;; *)
        echo "the tool gives the log-density $expected" >&2
        exit 1
        ;;
    esac
fi

# The system's Python may have what another one on the path has not.
python_with() {
    for python in python3 /usr/bin/python3; do
        if "$python" -c "import $1" 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    return 1
}
step "Export to ONNX"
$gmm export models/geyser.json -o geyser.onnx
ls -l geyser.onnx

step "Score in Python with scikit-learn"
if ! python=$(python_with sklearn); then
    leave_out "scikit-learn: Python has no sklearn (apt-get install python3-sklearn)"
else
    $gmm export models/geyser.json --format sklearn -o geyser.npz
    "$python" - <<'PY'
import csv
import numpy as np
from sklearn.mixture import GaussianMixture

arrays = np.load("geyser.npz")
model = GaussianMixture(n_components=len(arrays["weights_"]), covariance_type="full")
for name in arrays.files:
    setattr(model, name, arrays[name])

rows = np.loadtxt("data.csv", delimiter=",", skiprows=1)
ours = np.array([float(row["log_density"]) for row in csv.DictReader(open("scored.csv"))])
difference = np.abs(model.score_samples(rows) - ours).max()
print(f"{len(rows)} log-densities, largest difference {difference:.1e}")
assert difference < 1e-10
PY
fi

step "Done"
if [ ${#left_out[@]} -gt 0 ]; then printf 'left out: %s\n' "${left_out[@]}"; fi
