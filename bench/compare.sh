#!/usr/bin/env bash
# compare.sh [-o FOLDER] OTHER_CHECKOUT [RUNS] [COMMAND [ARGUMENT ...]]: runs a command of Gmm.Bench, best or targets, of this checkout and of another
# one in turns, RUNS times each (3), and prints for every row the best figures of both and their ratio: above 1 this checkout is faster.
# ARGUMENTs are those of the command: "targets --quick 8x8" measures one shape. Both benches run from copies, so that neither checkout's bench/results
# changes; -o keeps the tables of all runs in FOLDER. Needs dotnet and awk.
set -euo pipefail

usage() {
    sed -n '2,5s/^# //p' "$0" >&2
    exit 2
}

folder=
while getopts o: option; do
    case $option in
        o) folder=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -ge 1 ] || usage

this=$(cd "$(dirname "$0")/.." && pwd)
[ -f "$1/bench/Gmm.Bench/Gmm.Bench.csproj" ] || { echo "compare: there is no bench/Gmm.Bench in $1" >&2; exit 2; }
other=$(cd "$1" && pwd)
runs=${2:-3}
command=${3:-best}
shift $(($# < 3 ? $# : 3))
[[ $runs =~ ^[1-9][0-9]*$ ]] || { echo "compare: RUNS is '$runs'; a whole number of at least 1 is required" >&2; exit 2; }
[[ $command == best || $command == targets ]] || { echo "compare: there is no command '$command'; there are best and targets" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tables=${folder:-$work/tables}
mkdir -p "$tables"
tables=$(cd "$tables" && pwd)

# A bench writes its results below the nearest folder above it that holds the solution: below its copy there is an empty one.
build() {
    echo "compare: building $1" >&2
    mkdir -p "$work/$1"
    touch "$work/$1/Gmm.Fast.sln"
    dotnet build -c Release -v quiet -nologo -clp:NoSummary -o "$work/$1/bin" "$2/bench/Gmm.Bench" >&2
}

run() {
    echo "compare: run $2 of $runs, $1" >&2
    dotnet "$work/$1/bin/Gmm.Bench.dll" "$command" "${@:3}" > "$tables/$command-$1-$2.md"
}

files=()
build other "$other"
build this "$this"
for ((i = 1; i <= runs; i++)); do
    # Who comes first changes: a machine that gets slower or faster favors neither.
    if ((i % 2)); then order=(other this); else order=(this other); fi
    for which in "${order[@]}"; do
        run "$which" "$i" "$@"
        files+=("$tables/$command-$which-$i.md")
    done
done

# Tables by their headers. best: nanoseconds are in the last of two columns of one name. targets: iterations have "best ms", other figures "best";
# medians stand for them where there are none.
awk -v command="$command" -v runs="$runs" '
    function trim(text) { gsub(/^[ \t]+|[ \t\r]+$/, "", text); return text }

    function note(row, figure, cell,    id, value) {
        if (cell !~ /^[0-9]/ || cell ~ /%$/) return
        value = cell + 0
        id = row SUBSEP figure
        if (!(id in seen)) { seen[id] = 1; rows[++count] = row; figures[count] = figure; ids[count] = id }
        if (!((id, which) in least) || value < least[id, which]) least[id, which] = value
    }

    FNR == 1 { which = FILENAME ~ /-this-[0-9]+\.md$/ ? "this" : "other"; inside = 0 }

    !/^\|/ {
        inside = 0
        if (/^Exponentials alone/ && match($0, /: [0-9.]+ ns/)) note("exponential", "ns", substr($0, RSTART + 2, RLENGTH - 2))
        next
    }

    {
        columns = split(substr($0, 2), cells, "|") - 1
        for (c = 1; c <= columns; c++) cells[c] = trim(cells[c])
        if (!inside) {
            inside = 1
            for (c in at) delete at[c]
            for (c = 1; c <= columns; c++) { header[c] = cells[c]; at[cells[c]] = c }
            next
        }
        if (cells[1] ~ /^-+$/) next
        if ("ms per iteration" in at) {
            element = "element" in at ? cells[at["element"]] : "double"
            best = "best ms" in at ? cells[at["best ms"]] : cells[at["ms per iteration"]]
            note(cells[1] " " cells[2] " " element ", " cells[at["threads"]] " thread(s)", "ms", best)
        } else if ("measured" in at) {
            sub(/: [0-9.]+ ns.*/, "", cells[1])
            best = "best" in at && cells[at["best"]] != "" ? cells[at["best"]] : cells[at["measured"]]
            unit = best
            sub(/^[^ ]* */, "", unit)
            note(cells[1] ", " cells[2], unit, best)
        } else {
            for (c = 2; c <= columns; c++) if (at[header[c]] == c) note(cells[1], header[c] ", ns", cells[c])
        }
    }

    END {
        printf "# This checkout beside another: %s, the best of %d run(s) each\n\n", command, runs
        printf "| row | figure | other | this | other / this |\n| --- | --- | --- | --- | --- |\n"
        for (i = 1; i <= count; i++) {
            id = ids[i]
            if (!((id, "this") in least) || !((id, "other") in least) || least[id, "this"] <= 0 || least[id, "other"] <= 0) continue
            ratio = least[id, "other"] / least[id, "this"]
            printf "| %s | %s | %s | %s | %.2f |\n", rows[i], figures[i], least[id, "other"], least[id, "this"], ratio
            compared++
            if (figures[i] ~ /^(assignment|moments),/) continue
            logs += log(ratio)
            measured++
        }
        if (compared == 0) { print "compare: the runs have no row in common" > "/dev/stderr"; exit 1 }
        printf "\nGeometric mean of the ratios of what was measured itself: %.3f.\n", exp(logs / measured)
    }' "${files[@]}" | { if [ -n "$folder" ]; then tee "$tables/$command.md"; else cat; fi; }
