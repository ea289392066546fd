#!/bin/sh
# Prints the table of starts-quality. Argument: a folder for data and models, which may be there from an earlier run.
set -e
work=$1
here=$(dirname "$0")
bench="dotnet run -c Release --project $here/../../Gmm.Bench --"
export OPENBLAS_NUM_THREADS=1
mkdir -p "$work"
[ -f "$work/data/sets.tsv" ] || python3 "$here/make_data.py" "$work/data"
$bench starts-quality "$work/data" KMeansPlusPlus 20 > "$work/before.jsonl"
$bench starts-quality "$work/data" SmallEm 20 > "$work/after.jsonl"
$bench starts-quality "$work/data" RandomPoints 100 "" 1000 search > "$work/search.jsonl"
python3 "$here/run_sklearn.py" "$work/data" 20 > "$work/sklearn.jsonl"
Rscript "$here/run_mclust.R" "$work/data" > "$work/mclust.jsonl"
python3 "$here/table.py" "$work/data" "$work"/before.jsonl "$work"/after.jsonl "$work"/sklearn.jsonl "$work"/mclust.jsonl "$work"/search.jsonl
