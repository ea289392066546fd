"""Makes the table of starts-quality from DIR and files of models: DIR RUNS.jsonl ... > starts-quality.md

A model counts as degenerate where a component holds fewer than 2 (D + 1) points (full) or 4 (diag), or is thinner in some direction than a
thousandth of the standard deviation of all points there. The best known log-likelihood of a set is the largest of all models of all systems that
are not degenerate. A run succeeds if its model is not degenerate and is within 1e-3 nats a point of that."""
import json
import sys
from pathlib import Path

import numpy as np

WITHIN = 1e-3


def evaluate(x, root, model, kind):
    """Gives the log-likelihood, and whether the model is degenerate; root whitens all points."""
    weights, means = np.array(model["weights"]), np.array(model["means"])
    covariances = np.array(model["covariances"])
    d = x.shape[1]
    joint, thinnest = [], np.inf
    for weight, mean, covariance in zip(weights, means, covariances):
        if kind == "diag":
            z = (x - mean) / np.sqrt(covariance)
            determinant = 0.5 * np.sum(np.log(covariance))
            thinnest = min(thinnest, np.min(covariance / np.var(x, axis=0)))
            joint.append(np.log(weight) - 0.5 * np.sum(z * z, axis=1) - determinant)
            continue
        white = root @ covariance @ root.T
        values, axes = np.linalg.eigh((white + white.T) / 2)
        thinnest = min(thinnest, values[0])
        if values[0] <= 0:
            return -np.inf, True
        z = ((x - mean) @ root.T @ axes) / np.sqrt(values)
        joint.append(np.log(weight) - 0.5 * np.sum(z * z, axis=1) - 0.5 * np.sum(np.log(values)) + np.linalg.slogdet(root)[1])
    joint = np.array(joint) - 0.5 * d * np.log(2 * np.pi)
    top = joint.max(axis=0)
    shares = np.exp(joint - top)
    total = shares.sum(axis=0)
    counts = (shares / total).sum(axis=1)
    return float(np.sum(top + np.log(total))), bool(counts.min() < (4 if kind == "diag" else 2 * (d + 1)) or thinnest < 1e-6)


def main(target, files):
    runs, systems = {}, []
    for file in files:
        for line in open(file):
            run = json.loads(line)
            runs.setdefault(run["set"], {}).setdefault(run["system"], []).append(run)
            if run["system"] not in systems and run["system"] != "search":
                systems.append(run["system"])
    rows, means = [], {system: [] for system in systems}
    for line in (target / "sets.tsv").read_text().splitlines():
        name, k, kind = line.split("\t")
        if name not in runs:
            continue
        x = np.loadtxt(target / f"{name}.csv", delimiter=",")
        scale = np.std(x, axis=0)
        root = np.linalg.inv(np.linalg.cholesky(np.cov(x / scale, rowvar=False, bias=True))) / scale
        found = {s: [evaluate(x, root, r, kind) if "weights" in r else (-np.inf, True) for r in rs] for s, rs in runs[name].items()}
        best = max((l for results in found.values() for l, degenerate in results if not degenerate), default=np.nan)
        cells = []
        for system in systems:
            results = found.get(system, [])
            share = np.mean([not bad and l >= best - WITHIN * len(x) for l, bad in results]) if results else np.nan
            means[system].append(share)
            cells.append(f"{100 * share:.0f}")
        rows.append([name, f"{len(x)} x {x.shape[1]}", k, f"{best:.3f}", *cells])
    head = ["set", "points", "K", "best known", *systems]
    rows.append(["mean", "", "", "", *(f"{100 * np.nanmean(means[system]):.1f}" for system in systems)])
    for group in ("-unequal", "-equal"):
        picked = [i for i, row in enumerate(rows[:-1]) if row[0].endswith(group)]
        if picked:
            rows.append([f"mean of {group[1:]} scales", "", "", "", *(f"{100 * np.nanmean([means[s][i] for i in picked]):.1f}" for s in systems)])
    widths = [max(len(row[c]) for row in [head, *rows]) for c in range(len(head))]
    for row in [head, ["-" * w for w in widths], *rows]:
        print("| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths)) + " |")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
