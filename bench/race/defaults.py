#!/usr/bin/env python3
"""defaults.py [--seconds S] SET ...: runs the default fits of this engine and of scikit-learn on sets of the race to their own ends, in turns, with two
threads and the same seed, and prints a table. In the race itself most of scikit-learn's fits meet their limit. Needs what race.sh builds."""
import argparse
import os
import tempfile
from pathlib import Path

os.environ.pop("OPENBLAS_CORETYPE", None)

import numpy as np

import sets
import systems
from driver import Driver
from score import Scorer

THREADS = 2


def fit(system, one, data, points, seconds, seed):
    """Gives the seconds of a fit, its iterations, how it ended, and its mean log-likelihood by the scorer of the race."""
    scorer = Scorer(points, one.k, one.kind)
    length = one.k * (1 + one.d + (one.d**2 if one.kind == "full" else one.d))
    driver = Driver(system.command, data, one.kind, one.k, THREADS)
    with tempfile.TemporaryDirectory() as folder:
        # Code is compiled as it is met, and again where it is met often.
        if system is not systems.SKLEARN:
            driver.run("default", Path(folder) / "warm.f8", seconds, 0, seed + 1, system.words)
        file = Path(folder) / "models.f8"
        run = driver.run("default", file, seconds, 0, seed, system.words)
        driver.close()
        value = scorer.mean_log_likelihood(np.fromfile(file)[-length:])
    return run.seconds, run.last.get("iteration", ""), run.end, value


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--work", type=Path, default=sets.HERE / ".data")
    parser.add_argument("--seconds", type=float, default=600, help="that one fit may take")
    options = parser.parse_args()
    ours, theirs = systems.BY_DEFAULT[0], systems.SKLEARN
    print("| set | shape | gmm-fast, s | iterations | scikit-learn, s | iterations | end | ratio | log-likelihood, gmm-fast less scikit-learn |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for name in sets.chosen(options.sets):
        one = sets.SETS[name]
        sets.make(name, one, options.work / name)
        points = np.load(options.work / name / "X.npy")
        runs = [fit(ours, one, options.work / name, points, options.seconds, 0)]
        other = fit(theirs, one, options.work / name, points, options.seconds, 0)
        runs.append(fit(ours, one, options.work / name, points, options.seconds, 0))
        seconds, iterations, _, value = min(runs)
        more = "" if other[2] == "converged" else "> "
        print(
            f"| {name} | {one.n} x {one.d}, K = {one.k}, {one.kind} | {seconds:.3g} | {iterations} | {more}{other[0]:.3g} | {other[1]} | {other[2]} "
            f"| {more}{other[0] / seconds:.3g} | {value - other[3]:.5f} |", flush=True)


if __name__ == "__main__":
    main()
