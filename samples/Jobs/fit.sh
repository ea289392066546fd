#!/bin/sh
# Fits a mixture by jobs that share nothing but a folder:
#   samples/Jobs/fit.sh DATA K PARTS JOBS FOLDER
# Each round sums PARTS parts of the rows of DATA, JOBS of them at the same time, and makes the next model. Run it again after a crash: it goes on with
# the newest model. FOLDER/model.json holds the fit in the end. GMM is the command that runs the tool, gmm by default.
set -eu
data=$1 components=$2 parts=$3 jobs=$4 folder=$5
gmm=${GMM:-gmm}
mkdir -p "$folder"

# The start, with the variances of the columns, from one machine; a sample of the rows would do.
if [ ! -e "$folder/model.json" ]; then
    $gmm fit "$data" -k "$components" --max-iter 0 --progressive off --quiet -o "$folder/model.json"
fi

while :; do
    rm -f "$folder"/*.stats

    # One job for each part. A job that fails is safe to run again: its file is whole or absent.
    seq "$parts" | xargs -P "$jobs" -I '{}' \
        $gmm expect "$folder/model.json" "$data" --part '{}'/"$parts" --threads 1 -o "$folder/{}.stats"

    # The order of the files does not matter. Missing parts, parts of another round and damaged files are errors.
    line=$($gmm maximize "$folder/model.json" "$folder"/*.stats -o "$folder/model.json")
    echo "$line"
    case $line in
        *': goes on'* | *': repeat'*) ;;
        *) break ;;
    esac
done
