#!/usr/bin/env python3
"""sklearn_cases.py FOLDER: fits the cases in FOLDER with scikit-learn, writes sklearn.md here and the table in docs/numerics.md.

Needs Debian's python3-sklearn and python3-mpmath. How the cases are written is said in docs/numerics.md, "Beside scikit-learn".
"""
import json
import re
import sys
import warnings
from pathlib import Path

import numpy
import scipy
import sklearn
from mpmath import mpf
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

import exact_step

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parent / "numerics.md"
MEASURES = {"weights": "weights", "means": "means", "covariances": "covariances", "logLikelihood": "log-likelihood",
            "responsibilities": "responsibilities"}
TYPES = ("full", "tied", "diag", "spherical")


def read(path):
    """The cases of a file. A double may be written without a point, 70916182345451530000: the shortest text of it, and not that integer."""
    cases = json.loads(path.read_text(), parse_int=float)
    return [dict(case, **{size: int(case[size]) for size in "ndk"}) for case in cases]


def rows(flat, columns):
    return [flat[i:i + columns] for i in range(0, len(flat), columns)]


def expand(case, compact):
    """Compact covariances (or precisions) to K full matrices."""
    kind, k, d = case["type"], case["k"], case["d"]
    if kind not in TYPES:
        raise ValueError(f"scikit-learn has no covariance type '{kind}'")
    if kind == "full":
        return [rows(matrix, d) for matrix in rows(compact, d * d)]
    if kind == "tied":
        return [rows(compact, d)] * k
    diagonals = rows(compact, d) if kind == "diag" else [[v] * d for v in compact]
    return [[[v if i == j else 0.0 for j in range(d)] for i, v in enumerate(diagonal)] for diagonal in diagonals]


def exact(case, weights, means, covariances, truncates):
    return exact_step.step(rows(case["data"], case["d"]), case["type"], weights, means, covariances, case["regularization"], truncates)


def worst(errors):
    return {name: max(e.get(name, 0.0) for e in errors) for name in MEASURES}


# Gmm.Fast: its errors come with the cases. They are computed here again, and nothing is written unless both agree.
def engine(case):
    weights, means, covariances = case["weights"], case["means"], case["covariances"]
    errors = []
    for told in case["iterations"]:
        mine = exact(case, weights, rows(means, case["d"]), expand(case, covariances), truncates=True)
        flat = {"weights": mine.weights, "means": sum(mine.means, []), "covariances": [v for s in mine.covariances for row in s for v in row],
                "logLikelihood": [mine.log_likelihood]}
        for name, numbers in flat.items():
            pairs = told["exact"][name] if name != "logLikelihood" else [told["exact"][name]]
            for number, (high, low) in zip(numbers, pairs, strict=True):
                agree(case, name, number, mpf(high) + mpf(low), 1e-30, 1e-65)
        if not errors:
            responsibility = exact_step.responsibility_error(mine, rows(case["responsibilities"], case["k"]))
            agree(case, "responsibilities", responsibility, case["responsibilityError"], 1e-12, 1e-30)
        weights, means, covariances = told["weights"], told["means"], told["covariances"]
        found = exact_step.errors(mine, weights, rows(means, case["d"]), expand(case, covariances))
        found["logLikelihood"] = exact_step.log_likelihood_error(mine, told["logLikelihood"])
        for name, error in found.items():
            agree(case, name, error, told["errors"][name], 1e-12, 1e-30)
        errors.append(dict(found, responsibilities=responsibility))
    return worst(errors) if errors else None


def agree(case, name, mine, theirs, relative, absolute):
    if abs(mine - theirs) > relative * abs(theirs) + absolute:
        sys.exit(f'{case["situation"]}, {case["type"]}: {name} is {mine} here and {theirs} in the file')


def precisions(case):
    """The inverse of the start's covariances in 77 digits, rounded once, in scikit-learn's shape."""
    kind, compact = case["type"], case["covariances"]
    if kind in ("diag", "spherical"):
        inverse = numpy.array([exact_step.nearest(1 / mpf(v)) for v in compact])
        return inverse.reshape(case["k"], -1) if kind == "diag" else inverse
    inverses = numpy.array([[[exact_step.nearest(v) for v in row] for row in exact_step.inverse(s)] for s in expand(case, compact)])
    return inverses if kind == "full" else inverses[0]


def quote(kind, message):
    return f'"{kind.__name__}: {message}"'


def fit(case, iterations, element=numpy.float64):
    """The model, or None, and what was said, as pairs of a word and a text; that max_iter iterations were made without convergence is no news."""
    model = GaussianMixture(
        case["k"], covariance_type=case["type"], tol=0, reg_covar=case["regularization"], max_iter=iterations, random_state=0,
        init_params="random",  # replaced by the three parameters below; k-means would be run, and say things of its own
        weights_init=numpy.array(case["weights"]), means_init=numpy.array(rows(case["means"], case["d"])), precisions_init=precisions(case))
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            model.fit(numpy.array(rows(case["data"], case["d"]), dtype=element))
            failure = []
        except ValueError as error:
            model, failure = None, [(f"fails in iteration {iterations}", quote(type(error), error))]
    said = [("warns", quote(w.category, w.message)) for w in heard if not issubclass(w.category, ConvergenceWarning)]
    return model, list(dict.fromkeys(said)) + failure


def rounded_to_floats(case):
    """One iteration with data and means that are floats, as tests/Gmm.Fast.Tests/Numerics/Judge.cs rounds them."""
    rounded = {name: numpy.float32(case[name]).astype(numpy.float64).tolist() for name in ("data", "means")}
    return dict(case, iterations=case["iterations"][:1], **rounded)


def peer(case, element=numpy.float64):
    """The worst errors of single iterations of scikit-learn, or None, and what it said."""
    # From the precisions that it was given, exactly: their rounding counts for nothing.
    before = case["weights"], rows(case["means"], case["d"]), [exact_step.inverse(s) for s in expand(case, precisions(case).ravel().tolist())]
    errors, heard = [], []
    for t in range(1, max(1, len(case["iterations"])) + 1):
        model, said = fit(case, t, element)
        heard += [text for text in said if text not in heard]
        if model is None:
            return None, heard
        after = model.weights_.tolist(), model.means_.tolist(), expand(case, model.covariances_.ravel().tolist())
        if case["failure"]:
            least = min(numpy.linalg.eigvalsh(s)[0] for s in after[2])
            return None, heard + [("returns a model", f"the least variance in any direction is {least:.0e}; in exact arithmetic it is 0")]
        # Gmm.Fast's rule for tiny responsibilities is its own: whichever of the two exact steps is nearer.
        at_start = t == 1 and element is numpy.float64
        judged = [judge(case, model, before, after, at_start, truncates) for truncates in (True, False)]
        found, true = min(judged, key=lambda pair: max(pair[0].values()))
        errors.append(found)
        empty = [k for k, weight in enumerate(true.weights) if weight < 1e-300 and after[0][k] > 0]
        for k in empty:
            mean = ", ".join(f"{v:.0e}" if v else "0" for v in after[1][k])
            heard.append(("puts a component without points at 0", f"its weight is {after[0][k]:.1e}, its mean ({mean})"))
        before = after
    return worst(errors), list(dict.fromkeys(heard))


def judge(case, model, before, after, at_start, truncates):
    true = exact(case, *before, truncates)
    found = exact_step.errors(true, *after, least=1)
    found["logLikelihood"] = exact_step.log_likelihood_error(true, mpf(float(model.lower_bound_)) * case["n"])
    if at_start:
        found["responsibilities"] = exact_step.responsibility_error(true, start_responsibilities(case))
    return found, true


def start_responsibilities(case):
    """Under the start, as scikit-learn's own _initialize sets it."""
    data = numpy.array(rows(case["data"], case["d"]))
    model = GaussianMixture(
        case["k"], covariance_type=case["type"], weights_init=numpy.array(case["weights"]), means_init=numpy.array(rows(case["means"], case["d"])),
        precisions_init=precisions(case))
    with numpy.errstate(all="ignore"):
        model._initialize(data, numpy.full((len(data), case["k"]), 1 / case["k"]))
        return model.predict_proba(data).tolist()


def greatest_fall(case):
    """Of the log-likelihood in 20 iterations, relative: what SituationTests.TheLogLikelihoodOfHeavyTailsAndOutliersRises asks of Gmm.Fast."""
    trace = [fit(dict(case, regularization=1e-9), t)[0].lower_bound_ for t in range(1, 21)]
    return max((before - after) / abs(before) for before, after in zip(trace, trace[1:]))


def table(header, body):
    widths = [max(len(row[c]) for row in [header] + body) for c in range(len(header))]
    lines = [header, ["-" * w for w in widths]] + body
    return "\n".join("| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths)) + " |" for row in lines)


def number(errors):
    if errors is None:
        return "-"
    name = max(errors, key=errors.get)
    return f"{errors[name]:.1e} ({MEASURES[name]})"


def alike(results):
    """The results of a situation in groups: scikit-learn says the same, and its worst errors are less than a factor of 1000 from one to the next."""
    groups, reached = {}, {}
    for result in sorted(results, key=lambda result: max(result[2].values()) if result[2] else 0):
        said, error = tuple(result[3]), max(result[2].values()) if result[2] else 0
        group = groups.setdefault(said, [])
        if not group or error > 1000 * reached[said]:
            group.append([])
        group[-1].append(result)
        reached[said] = error
    runs = [sorted(run, key=lambda result: TYPES.index(result[0]["type"])) for group in groups.values() for run in group]
    return sorted(runs, key=lambda run: TYPES.index(run[0][0]["type"]))


def summary(results, notes):
    """A row for each group of types; texts are numbered in notes."""
    def references(said):
        notes.extend(text for _, text in dict.fromkeys(said) if text not in notes)
        return ", ".join(f"{word} [{notes.index(text) + 1}]" for word, text in dict.fromkeys(said))

    def largest(errors):
        known = [e for e in errors if e is not None]
        return number(max(known, key=lambda e: max(e.values()))) if known else ""

    body = []
    for situation in dict.fromkeys(case["situation"] for case, *_ in results):
        for run in alike([result for result in results if result[0]["situation"] == situation]):
            cases, ours, theirs, said = zip(*run)
            failures = [("collapses", f'"{case["failure"]}"') for case in cases if case["failure"]]
            body.append([
                situation, "all" if len(cases) == len(TYPES) else ", ".join(case["type"] for case in cases),
                largest(ours) or references(failures), ", ".join(filter(None, [largest(theirs), references(said[0])]))])
    return table(["situation", "types", "Gmm.Fast", "scikit-learn"], body)


def details(results):
    def cells(errors):
        return ["-"] * len(MEASURES) if errors is None else [f"{errors[name]:.1e}" for name in MEASURES]

    header = ["situation", "type"] + list(MEASURES.values()) + ["scikit-learn: weights"] + list(MEASURES.values())[1:]
    return table(header, [[case["situation"], case["type"], *cells(ours), *cells(theirs)] for case, ours, theirs, _ in results])


def blas():
    """The file of the linear algebra in use (Linux): scikit-learn's last digits are this one's."""
    loaded = {Path(line.split()[-1]).name for line in open("/proc/self/maps") if re.search(r"/lib(open)?blas[^/]*$", line)}
    return ", ".join(sorted(loaded)) or "unknown BLAS"


def main():
    cases = [case for kind in TYPES for case in read(Path(sys.argv[1]) / f"{kind}.json")]
    situations = list(dict.fromkeys(case["situation"] for case in cases))
    cases.sort(key=lambda case: situations.index(case["situation"]))
    doubles = [(case, engine(case), *peer(case)) for case in cases]
    floats = [(case, case["floatErrors"], *peer(rounded_to_floats(case), numpy.float32)) for case in cases if case["floatErrors"]]
    for _, errors, *_ in floats:
        del errors["largest"]
    fall = max(greatest_fall(case) for case in cases if case["situation"] in ("Cauchy variables", "one outlier at 1e6"))

    versions = f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, scipy {scipy.__version__}, {blas()}"
    (HERE / "sklearn.md").write_text(
        f"# Errors by type\n\nThe worst of single iterations, measured as in [numerics.md](../numerics.md), first for Gmm.Fast, then for {versions}."
        f"\nWritten by `sklearn_cases.py`.\n\n{details(doubles)}\n")
    notes = []
    first, second = summary(doubles, notes), summary(floats, notes)
    listed = "\n".join(f"{n}. {text}" for n, text in enumerate(notes, 1))
    trace = f"falls by {fall:.0e}" if fall > 1e-12 else "never falls"
    shown = (
        f"With {versions}, data in doubles:\n\n{first}\n\nIn 20 iterations on Cauchy variables and on one outlier, with regularization 1e-9, "
        f"scikit-learn's log-likelihood {trace}.\n\n"
        f"<!-- scikit-learn, floats -->\nData and means of the start in floats, the first iteration:\n\n{second}\n\nNotes:\n\n{listed}\n\n")
    before, after = re.split(r"(?s)(?<=<!-- scikit-learn -->\n).*(?=<!-- /scikit-learn -->)", DOCUMENT.read_text())
    DOCUMENT.write_text(before + shown + after)


if __name__ == "__main__":
    main()
