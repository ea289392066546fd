#!/usr/bin/env bash
# race.sh [--quick] [SET or GROUP ...]: builds what is needed, races on these sets, all where none is given, and writes the tables anew. See README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bench=$here/../Gmm.Bench
export RACE_BUILD=${RACE_BUILD:-$here/.build}
mkdir -p "$RACE_BUILD"
dotnet build -c Release --nologo -v quiet "$bench"
driver=$here/drivers/armadillo_race.cpp
if [ "$driver" -nt "$RACE_BUILD/armadillo_race" ]; then
  g++ -std=c++17 -O3 -march=native -fopenmp -DARMA_NO_DEBUG "$driver" -o "$RACE_BUILD/armadillo_race" -larmadillo ||
    { rm -f "$RACE_BUILD/armadillo_race"; echo "race: Armadillo's driver was not built, left out" >&2; }
fi
"${RACE_PYTHON:-/usr/bin/python3}" "$here/race.py" "$@"
case " $* " in
  *" --quick "*) dotnet "$bench/bin/Release/net10.0/Gmm.Bench.dll" race-report "$here/.data/quick/results" --print ;;
  *) dotnet "$bench/bin/Release/net10.0/Gmm.Bench.dll" race-report "$here/.data/results" ;;
esac
