"""Writes the data sets of starts-quality: DIR/NAME.csv, numbers alone, and DIR/sets.tsv with name, K and covariance type.

Generated sets have a largest overlap: P(a point of i is likelier from j) + P(a point of j is likelier from i), weights counted, over the pair that
overlaps most (MaxOmega of Melnykov, Chen and Maitra, MixSim, Journal of Statistical Software 51(12), 2012), here by sampling. Covariances have
eigenvalues log-uniform in [0.1, 10] and random axes; weights are at least half of 1 / K. In a set of unequal scales each column has a factor,
log-uniform in [1, 10^6]."""
import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer, load_wine

SHAPES = [(2, 2, 400), (2, 6, 1200), (4, 3, 600), (5, 8, 2400), (8, 16, 4000), (12, 4, 1600), (30, 3, 1800)]
OVERLAPS = [1e-4, 1e-2, 1e-1]
DRAWS = 4000


def log_density(x, mean, covariance):
    root = np.linalg.cholesky(covariance)
    z = np.linalg.solve(root, (x - mean).T)
    return -0.5 * np.sum(z * z, axis=0) - np.sum(np.log(np.diag(root))) - 0.5 * len(mean) * np.log(2 * np.pi)


def largest_overlap(weights, means, covariances, noise):
    k, worst = len(weights), 0
    miss = np.zeros((k, k))
    for i in range(k):
        x = means[i] + noise @ np.linalg.cholesky(covariances[i]).T
        joint = [np.log(weights[j]) + log_density(x, means[j], covariances[j]) for j in range(k)]
        for j in range(k):
            miss[i, j] = 0 if i == j else np.mean(joint[j] > joint[i])
    return max(miss[i, j] + miss[j, i] for i in range(k) for j in range(i))


def mixture(random, d, k, overlap):
    weights = 0.5 / k + 0.5 * random.dirichlet(np.ones(k))
    covariances = []
    for _ in range(k):
        axes, _ = np.linalg.qr(random.standard_normal((d, d)))
        covariances.append(axes @ np.diag(10 ** random.uniform(-1, 1, d)) @ axes.T)
    centers = random.standard_normal((k, d))
    noise = random.standard_normal((DRAWS if overlap > 1e-3 else 10 * DRAWS, d))
    low, high = 0.0, 200.0
    for _ in range(30):
        middle = (low + high) / 2
        if largest_overlap(weights, middle * centers, covariances, noise) > overlap:
            low = middle
        else:
            high = middle
    return weights, high * centers, np.array(covariances)


def draw(random, weights, means, covariances, n):
    labels = random.choice(len(weights), n, p=weights)
    return np.array([means[c] + np.linalg.cholesky(covariances[c]) @ random.standard_normal(len(means[c])) for c in labels])


def main(target, root):
    target.mkdir(parents=True, exist_ok=True)
    rows = []

    def write(name, x, k, kind="full"):
        np.savetxt(target / f"{name}.csv", x, delimiter=",", fmt="%.17g")
        rows.append(f"{name}\t{k}\t{kind}\n")

    def table(path, columns=None):
        return np.loadtxt(root / path, delimiter=",", skiprows=1, usecols=columns)

    bands = table("tests/Gmm.Fast.Tests/Starts/bands.csv")
    write("bands-full", bands, 2)
    write("bands-diag", bands, 2, "diag")
    write("cells-full", table("tests/Gmm.Fast.Tests/Starts/cells.csv"), 2)
    write("iris", table("data/iris.csv", range(4)), 3)
    write("iris-diag", table("data/iris.csv", range(4)), 3, "diag")
    write("old-faithful", table("data/old-faithful.csv"), 2)
    write("wine", load_wine().data, 3)
    write("wine-diag", load_wine().data, 3, "diag")
    write("breast-cancer", load_breast_cancer().data, 2)
    for d, k, n in SHAPES:
        for overlap in OVERLAPS:
            random = np.random.default_rng([d, k, n, int(1e6 * overlap)])
            x = draw(random, *mixture(random, d, k, overlap), n)
            name = f"d{d}-k{k}-n{n}-{overlap:g}"
            write(f"{name}-equal", x, k)
            write(f"{name}-unequal", x * 10 ** random.uniform(0, 6, d), k)
    (target / "sets.tsv").write_text("".join(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).resolve().parents[3])
