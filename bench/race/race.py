#!/usr/bin/env python3
"""Runs the races of one or more sets and writes RESULTS/SET.csv, a line for each run, and RESULTS/SET-gaps.csv, points of the curves. See README.md."""
import argparse
import csv
import dataclasses
import json
import os
import tempfile
import time
from pathlib import Path

os.environ.pop("OPENBLAS_CORETYPE", None)
os.environ.pop("OPENBLAS_L2_SIZE", None)
if " avx512f " in open("/proc/cpuinfo").read():
    os.environ["OPENBLAS_CORETYPE"] = "SKYLAKEX"

import numpy as np

import sets
import systems
from driver import Driver, Unfit
from score import Scorer

HERE = Path(__file__).resolve().parent
ROUNDS, STARTS = 3, 5
MOST_THREADS = 2
NEAR_CONVERGED = 1e-6
MORE_ITERATIONS = 2  # and a tenth: other systems round otherwise
POLISHED = 2  # models of which the best known one is looked for
FIELDS = (
    "set n d k kind race system threads start round end iterations passes seconds share megabytes log_likelihood held_out best converged degenerate "
    "to_1e-2 to_1e-3 to_noise to_converged to_given passes_1e-2 passes_1e-3 passes_noise passes_converged passes_given").split()
TARGETS = [field[3:] for field in FIELDS if field.startswith("to_")]


class Trail:
    """The models of a run, scored only where they are asked for."""

    def __init__(self, run, file, scorer):
        numbers = np.fromfile(file) if file.exists() else np.empty(0)
        count = min(len(run.steps), len(numbers) // scorer.length)
        self.steps, self.models, self.scorer = run.steps[:count], numbers[: count * scorer.length].reshape(count, scorer.length), scorer

    def score(self, i):
        return self.scorer.mean_log_likelihood(self.models[i])

    @property
    def end(self):
        return self.score(len(self.steps) - 1) if self.steps else -np.inf

    def curve(self):
        """Steps 0, 1, 2, 4, ... and the last, with their scores."""
        places = sorted({i for i in (0, *(2**e for e in range(20)), len(self.steps) - 1) if 0 <= i < len(self.steps)})
        return [(self.steps[i], self.score(i)) for i in places]

    def first(self, target):
        """Finds the first step whose score is the target or more, by halving: scores do not fall along a run."""
        if self.end < target:
            return None
        low, high = -1, len(self.steps) - 1
        while high - low > 1:
            known = [i for i in range(low + 1, high) if self.is_known(i)]
            middle = min(known or [(low + high) // 2], key=lambda i: abs(2 * i - low - high))
            low, high = (low, middle) if self.score(middle) >= target else (middle, high)
        return self.steps[high]

    def is_known(self, i):
        return self.scorer.is_known(self.models[i])


class Race:
    """All runs of one set."""

    def __init__(self, name, one, data, options):
        self.name, self.one, self.data, self.options = name, one, data, options
        self.drivers, self.left_out, self.runs = {}, {}, []
        self.temporary = tempfile.TemporaryDirectory(prefix="race-")
        self.folder = Path(self.temporary.name)

    def run(self):
        try:
            self.find_converged()
            self.run_from_start()
            self.run_by_default()
            self.find_best()
        finally:
            for driver in self.drivers.values():
                driver.close()
        self.write()
        self.temporary.cleanup()

    @property
    def scorer(self):
        if not hasattr(self, "_scorer"):
            self._scorer = Scorer(np.load(self.data / "X.npy"), self.one.k, self.one.kind)
            d = self.one.d
            self._scorer.length = self.one.k * (1 + d + (d * d if self.one.kind == "full" else d))
        return self._scorer

    def driver(self, system, threads):
        """Gives the running driver of a system, or null where it is left out; says why once."""
        if system.name in self.left_out:
            return None
        key = system.command, threads
        if key not in self.drivers or not self.drivers[key].is_running:
            reason = None
            if self.one.n > system.most:
                reason = f"not tried with more than {system.most} points"
            elif system.estimate(self.one) > self.one.seconds:
                reason = f"about {system.estimate(self.one):.0f} s an iteration, by estimate"
            else:
                try:
                    self.drivers[key] = Driver(system.command, self.data, self.one.kind, self.one.k, threads)
                except (Unfit, OSError) as error:
                    reason = str(error)
            if reason:
                return self.leave_out(system, reason)
        return self.drivers[key]

    def leave_out(self, system, reason):
        self.left_out[system.name] = reason = reason.replace(",", ";")
        self.say(f"{system.name} left out: {reason}")

    def say(self, text):
        print(f"{time.strftime('%H:%M:%S')} {self.name}: {text}", flush=True)

    def fit(self, race, system, threads, start, round, seconds, iterations=0, seed=0, models=True):
        """Runs a system once and keeps what it said, with its models where they are wanted."""
        driver = self.driver(system, threads)
        if driver is None:
            return None
        file = self.folder / f"{len(self.runs)}.f8"
        run = driver.run(start, file if models else "-", seconds, iterations, seed, system.words)
        run.last["end"] = run.end.replace(",", ";")  # tables have no quotes
        if run.end.startswith("left out: "):
            return self.leave_out(system, run.end.removeprefix("left out: "))
        kept = dict(race=race, system=system.name, threads=threads, start=seed, round=round, run=run, trail=None)
        if models:
            kept["trail"] = Trail(run, file, self.scorer)
            file.unlink(missing_ok=True)
        self.say(f"{race} {system.name}, {threads} threads, start {seed}, round {round}: {run.seconds:.3f} s, {len(run.steps)} models, {run.end}")
        self.runs.append(kept)
        return kept

    def save_start(self, model):
        """Writes a model as a start and gives its folder."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        for part, numbers in zip(("w0", "mu0", "cov0"), self.scorer.parts(model)):
            np.save(folder / f"{part}.npy", np.ascontiguousarray(numbers))
        return folder

    def find_converged(self):
        """Runs EM from the shared start, and on with acceleration where it takes long: the value that everyone converges to, and in how many iterations."""
        plain = next(system for system in systems.FROM_START if system.name == "gmm-fast skipping")
        polish = next(system for system in systems.FROM_START if system.name == "gmm-fast all")
        long = self.fit("reference", plain, MOST_THREADS, self.data, 1, 2 * self.one.seconds)
        if long is None:
            raise SystemExit(f"race: {self.name}: this engine does not run: {self.left_out[plain.name]}")
        trail = long["trail"]
        self.converged = trail.end
        if long["run"].end == "seconds":
            more = self.fit("reference", polish, MOST_THREADS, self.save_start(trail.models[-1]), 1, self.one.seconds)
            self.converged = max(self.converged, more["trail"].end)  # minus infinity where there is no model
        near = trail.first(self.converged - NEAR_CONVERGED)
        self.iterations = MORE_ITERATIONS + int(1.1 * (near or trail.steps[-1])["iteration"])

    def run_from_start(self):
        """Rounds of all systems in turn; systems whose first run is long have one round, and fewer threads are measured once."""
        took = {}
        for round in range(1, self.options.rounds + 1):
            for threads in self.options.threads:
                for system in systems.FROM_START:
                    counts = [count for count in system.threads if count in self.options.threads]
                    if threads not in counts or (round > 1 and (threads < max(counts) or took.get(system.name, 99) > self.one.seconds / 4)):
                        continue
                    iterations = self.iterations if system.is_plain else 0
                    kept = self.fit("start", system, threads, self.data, round, self.one.seconds, iterations, models=round == 1 and threads == max(counts))
                    if kept and threads == max(counts):
                        took[system.name] = kept["run"].seconds

    def run_by_default(self):
        """Starts of all systems in turn, as many as fit into the limit, which is twice that of a run from a given start."""
        limit = min(2 * self.one.seconds, 60)
        spent = {}
        for seed in range(self.options.starts):
            for system in systems.BY_DEFAULT:
                if spent.get(system.name, 0) > limit / 2 or (seed > 0 and system is systems.MCLUST):
                    continue
                kept = self.fit("default", system, max(system.threads), "default", 1, limit, seed=seed)
                if kept:
                    spent[system.name] = spent.get(system.name, 0) + kept["run"].seconds

    def find_best(self):
        """Runs the leading systems' best models on with acceleration. The largest log-likelihood of all counts, of a degenerate model only where all are or
        where it is also better than every sound one on points that no fit saw, and is kept for later races."""
        file = self.data / "best.json"
        best = json.loads(file.read_text()) if file.exists() else dict(log_likelihood=-np.inf, sound=False, system="")
        tops = {}
        for kept in self.runs:
            if kept["trail"] and kept["trail"].steps:
                top = self.candidate(kept["trail"], kept["system"])
                tops[kept["system"]] = max(tops.get(kept["system"], top), top, key=lambda candidate: candidate[:2])
        polish = next(system for system in systems.FROM_START if system.name == "gmm-fast all")
        candidates = sorted(tops.values(), key=lambda candidate: candidate[:2], reverse=True)
        for _, _, system, model in candidates[:POLISHED]:
            more = self.fit("search", polish, MOST_THREADS, self.save_start(model), 1, self.one.seconds)
            if more["trail"].steps:
                candidates.append(self.candidate(more["trail"], system))
        sound, value, system, model = max(candidates, key=lambda candidate: candidate[:2])
        _, largest, leader, other = max(candidates, key=lambda candidate: candidate[1])
        if largest > value and self.held_out(other) > self.held_out(model):
            sound, value, system = True, largest, leader
        if (sound, value) > (best["sound"], best["log_likelihood"]):
            best = dict(log_likelihood=value, sound=bool(sound), system=system)
        file.write_text(json.dumps(best))
        self.best = best["log_likelihood"]
        self.say(f"best known {self.best:.6f} from {best['system']}; converged {self.converged:.6f}; {self.iterations} iterations of plain EM")

    def held_out(self, model):
        held = np.load(self.data / "held.npy")
        return self.scorer.mean_log_likelihood(model, held) if len(held) else -np.inf

    def candidate(self, trail, system):
        model = trail.models[-1]
        return not self.scorer.is_degenerate(model), trail.end, system, model

    def targets(self):
        """The log-likelihoods that count as arrivals."""
        one = self.one
        parameters = one.k - 1 + one.k * one.d + one.k * (one.d * (one.d + 1) // 2 if one.kind == "full" else one.d)
        values = {"1e-2": self.best - 1e-2, "1e-3": self.best - 1e-3, "noise": self.best - 0.01 * parameters / (2 * one.n),
                  "converged": self.converged - NEAR_CONVERGED}
        return values | {"given": given.log_likelihood for given in one.given if given.log_likelihood is not None}

    def write(self):
        """Writes the lines of all runs. Of runs that only repeat another one, the clock is read at the iterations at which that one arrived."""
        held = np.load(self.data / "held.npy")
        targets, lines, gaps = self.targets(), [], []
        scored = {(kept["race"], kept["system"], kept["start"]): kept for kept in self.runs if kept["trail"]}
        for kept in self.runs:
            if kept["race"] not in ("start", "default"):
                continue
            own = scored.get((kept["race"], kept["system"], kept["start"]))
            trail, run = own["trail"], kept["run"]
            line = dict(set=self.name, n=self.one.n, d=self.one.d, k=self.one.k, kind=self.one.kind, best=self.best, converged=self.converged)
            line |= {field: kept[field] for field in ("race", "system", "threads", "start", "round")}
            line |= dict(end=run.end, seconds=run.seconds, iterations=run.last.get("iteration", ""), passes=run.last.get("passes", ""))
            line |= dict(share=run.last.get("share", ""), megabytes=run.last.get("megabytes", ""))
            if trail.steps:
                line |= dict(log_likelihood=trail.end, degenerate=int(self.scorer.is_degenerate(trail.models[-1])))
                line |= dict(held_out=self.scorer.mean_log_likelihood(trail.models[-1], held) if len(held) else "")
                for target, value in targets.items():
                    step = trail.first(value) if kept["race"] == "start" or target != "converged" else None
                    same = next((s for s in run.steps if step and s["iteration"] == step["iteration"]), None)
                    if same:
                        line |= {f"to_{target}": same["seconds"], f"passes_{target}": same["passes"]}
                if kept is own and kept["race"] == "start":
                    gaps += [(kept["race"], kept["system"], kept["start"], step["seconds"], self.best - score) for step, score in trail.curve() if score > -np.inf]
            lines.append(line)
        shape = dict(set=self.name, n=self.one.n, d=self.one.d, k=self.one.k, kind=self.one.kind, best=self.best)
        for given in self.one.given:
            value = "" if given.log_likelihood is None else given.log_likelihood
            lines.append(shape | dict(race="given", system=given.system, threads=2, seconds=given.seconds_per_iteration, log_likelihood=value, end="given"))
        lines += [shape | dict(race="left out", system=system, end=reason) for system, reason in self.left_out.items()]
        self.options.results.mkdir(parents=True, exist_ok=True)
        with open(self.options.results / f"{self.name}.csv", "w", newline="") as file:
            table = csv.DictWriter(file, FIELDS, lineterminator="\n")
            table.writeheader()
            table.writerows({key: cell(value) for key, value in line.items()} for line in lines)
        with open(self.options.results / f"{self.name}-gaps.csv", "w", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(("race", "system", "start", "seconds", "gap"))
            table.writerows((*row[:3], f"{row[3]:.6g}", f"{row[4]:.6g}") for row in gaps)


def cell(value):
    """Writes a number with the digits that count; nothing where there is none."""
    return value if not isinstance(value, float) else f"{value:.10g}" if np.isfinite(value) else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help="sets or groups of sets; all, where none is given")
    parser.add_argument("--work", type=Path, default=HERE / ".data", help="where the sets are kept from race to race")
    parser.add_argument("--results", type=Path, default=None, help="where the tables go; WORK/results")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--starts", type=int, default=STARTS)
    parser.add_argument("--limits", type=float, default=1, help="times the seconds that a run may take")
    parser.add_argument("--quick", action="store_true", help="few points, one round, two starts: to try the race")
    options = parser.parse_args()
    options.threads = sorted({min(count, len(os.sched_getaffinity(0))) for count in (1, MOST_THREADS)})
    if options.quick:
        options.rounds, options.starts, options.work = 1, min(2, options.starts), options.work / "quick"
    options.results = options.results or options.work / "results"
    for name in sets.chosen(options.sets):
        one = sets.quick(sets.SETS[name]) if options.quick else sets.SETS[name]
        one = dataclasses.replace(one, seconds=options.limits * one.seconds)
        if one.needs and not one.needs.exists():
            print(f"race: {name} left out: {one.needs} is not there; README.md names its package", flush=True)
            continue
        begin = time.monotonic()
        sets.make(name, one, options.work / name)
        made = time.monotonic()
        Race(name, one, options.work / name, options).run()
        print(f"race: {name}: made in {made - begin:.0f} s, raced in {time.monotonic() - made:.0f} s", flush=True)


if __name__ == "__main__":
    main()
