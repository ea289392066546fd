"""Fits every set of DIR with scikit-learn's default start, one JSON line a run: DIR SEEDS [name part]."""
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")
target, seeds = Path(sys.argv[1]), int(sys.argv[2])
for line in (target / "sets.tsv").read_text().splitlines():
    name, k, kind = line.split("\t")
    if len(sys.argv) > 3 and sys.argv[3] not in name:
        continue
    x = np.loadtxt(target / f"{name}.csv", delimiter=",")
    for seed in range(seeds):
        model = GaussianMixture(int(k), covariance_type=kind, reg_covar=1e-12, tol=1e-7, max_iter=1000, random_state=seed)
        begin = time.perf_counter()
        row = {"system": "scikit-learn", "set": name, "seed": seed}
        try:
            model.fit(x)
            row |= {"weights": model.weights_.tolist(), "means": model.means_.tolist(), "covariances": model.covariances_.tolist()}
        except ValueError as error:
            row["failure"] = str(error)
        row["seconds"] = time.perf_counter() - begin
        print(json.dumps(row), flush=True)
