"""Fits every number of components and covariance type of a grid with scikit-learn, one after the other, and prints the seconds of the loop and the
model of the smallest BIC as JSON: DATA.csv LARGEST_K TYPE,TYPE,..."""
import json
import sys
import time
import warnings

import numpy as np
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")
x = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
GaussianMixture(2).fit(x[:100])
begin = time.perf_counter()
rows = []
for kind in sys.argv[3].split(","):
    for k in range(1, int(sys.argv[2]) + 1):
        model = GaussianMixture(k, covariance_type=kind, random_state=0).fit(x)
        rows.append((model.bic(x), k, kind))
seconds = time.perf_counter() - begin
bic, k, kind = min(rows)
print(json.dumps({"seconds": seconds, "bic": bic, "components": k, "covariance": kind}))
