#!/usr/bin/env python3
"""Golden cases of tests/Gmm.TestKit/golden in decimal arithmetic of 65 digits; their format is described in the README there.

golden_cases.py make ROOT       writes the cases c17 to c20, whole folders, under ROOT
golden_cases.py expect FOLDER   writes expected.json of one case, from its case.json and data.csv
golden_cases.py check FOLDER... computes expected.json of cases and compares every number with the file; all bits must agree

Only Python's own library is needed. Equations: Bishop, "Pattern Recognition and Machine Learning", 9.23 to 9.28. The shared variances of tied-diag
and tied-spherical are models [lambda B] and [lambda I] of Celeux and Govaert, "Gaussian parsimonious clustering models", Pattern Recognition 28 (1995).
"""
import json
import math
import random
import sys
from decimal import Decimal, getcontext
from pathlib import Path
from typing import Callable, NamedTuple

DIGITS = 65
PRECISION = "EM in decimal, 50 significant digits, rounded to the nearest double"
CHECKED = PRECISION + "; checked against the same run in binary arithmetic of 77 digits"
TOLERANCE = {"weights": 1e-10, "means": 1e-10, "covariances": 1e-10, "ll": 1e-12, "trace": 1e-12, "resp": 1e-10}
TYPES = ("full", "tied", "diag", "spherical", "tied-diag", "tied-spherical")
IRIS = Path(__file__).resolve().parents[2] / "tests/Gmm.TestKit/golden/c11_iris_k3_tied/data.csv"
getcontext().prec = DIGITS


def pi():
    """By Machin's formula, pi = 16 arctan(1/5) - 4 arctan(1/239), in integers with 10 digits to spare."""
    one = 10 ** (DIGITS + 10)

    def arctan_of_inverse(x):
        power, total, n, sign = one // x, 0, 1, 1
        while power:
            total, power, n, sign = total + sign * (power // n), power // (x * x), n + 2, -sign
        return total

    return Decimal(16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239)) / one


class Arithmetic(NamedTuple):
    """The numbers of a run: decimals give what must come out, doubles what a careful program reaches."""
    number: Callable
    exp: Callable
    log: Callable
    sqrt: Callable
    sum: Callable
    two_pi: object


EXACT = Arithmetic(Decimal, Decimal.exp, Decimal.ln, Decimal.sqrt, lambda terms: sum(terms, Decimal(0)), 2 * pi())
DOUBLE = Arithmetic(float, math.exp, math.log, math.sqrt, math.fsum, 2 * math.pi)


class State(NamedTuple):
    """theta_t, and what the E-step under it finds: N x K responsibilities and the total log-likelihood in nats."""
    weights: list
    means: list
    covariances: list
    responsibilities: list
    log_likelihood: object


def require_type(kind):
    if kind not in TYPES:
        raise ValueError(f"'{kind}' is no covariance type; known are {', '.join(TYPES)}")


def diagonal(values):
    return [[v if i == j else 0 * v for j in range(len(values))] for i, v in enumerate(values)]


def expand(kind, k, d, compact):
    """Compact covariances to K full matrices."""
    require_type(kind)
    if kind == "full":
        return compact
    if kind == "tied":
        return [compact] * k
    if kind == "diag":
        return [diagonal(v) for v in compact]
    if kind == "spherical":
        return [diagonal([v] * d) for v in compact]
    return [diagonal(compact if kind == "tied-diag" else compact * d)] * k


def compact_of(kind, covariances):
    """K full matrices to the compact form of the files."""
    require_type(kind)
    if kind == "full":
        return covariances
    if kind == "tied":
        return covariances[0]
    if kind == "diag":
        return [[row[i] for i, row in enumerate(s)] for s in covariances]
    if kind == "spherical":
        return [s[0][0] for s in covariances]
    return [row[i] for i, row in enumerate(covariances[0])][:None if kind == "tied-diag" else 1]


def factor(a, matrix):
    """The lower Cholesky factor, as rows of growing length."""
    lower = []
    for i, row in enumerate(matrix):
        lower.append([])
        for j in range(i + 1):
            rest = row[j] - a.sum(lower[i][m] * lower[j][m] for m in range(j))
            lower[i].append(a.sqrt(rest) if i == j else rest / lower[j][j])
    return lower


def squared_distance(a, x, mean, lower):
    z = []
    for i, row in enumerate(lower):
        z.append((x[i] - mean[i] - a.sum(row[j] * z[j] for j in range(i) if row[j])) / row[i])
    return a.sum(v * v for v in z)


def e_step(a, rows, weights, means, covariances):
    lowers = [factor(a, s) for s in covariances]
    constants = [a.log(w) - len(s) * a.log(a.two_pi) / 2 - a.sum(a.log(row[-1]) for row in s) for w, s in zip(weights, lowers)]
    responsibilities, densities = [], []
    for x in rows:
        logs = [c - squared_distance(a, x, m, s) / 2 for c, m, s in zip(constants, means, lowers)]
        top = max(logs)
        shares = [a.exp(log - top) for log in logs]
        whole = a.sum(shares)
        responsibilities.append([share / whole for share in shares])
        densities.append(top + a.log(whole))
    return State(weights, means, covariances, responsibilities, a.sum(densities))


def m_step(a, rows, kind, responsibilities, regularization):
    require_type(kind)
    n, d = len(rows), len(rows[0])
    columns = list(zip(*responsibilities))
    counts = [a.sum(r) for r in columns]
    means = [[a.sum(r[i] * x[j] for i, x in enumerate(rows)) / count for j in range(d)] for r, count in zip(columns, counts)]
    has_matrix = kind in ("full", "tied")

    def scatter(k, i, j):
        if i != j and not has_matrix:
            return a.number(0)
        return a.sum(r * (x[i] - means[k][i]) * (x[j] - means[k][j]) for r, x in zip(columns[k], rows))

    scatters = []
    for k in range(len(counts)):
        lower = [[scatter(k, i, j) for j in range(i + 1)] for i in range(d)]
        scatters.append([[lower[max(i, j)][min(i, j)] for j in range(d)] for i in range(d)])
    if kind.startswith("tied"):
        pooled = [[a.sum(s[i][j] for s in scatters) / n for j in range(d)] for i in range(d)]
        covariances = [pooled] * len(counts)
    else:
        covariances = [[[v / count for v in row] for row in s] for s, count in zip(scatters, counts)]
    if kind.endswith("spherical"):
        covariances = [diagonal([a.sum(row[i] for i, row in enumerate(s)) / d] * d) for s in covariances]
    covariances = [[[v + regularization if i == j else v for j, v in enumerate(row)] for i, row in enumerate(s)] for s in covariances]
    return [count / n for count in counts], means, covariances


def iterations_until(run, trace, n):
    """How many iterations the run takes, given the trace so far; None if it takes more than the trace shows."""
    last = len(trace) - 1
    for t in range(1, min(last, run["max_iter"]) + 1):
        if run["stop"] == "total_ll" and trace[t] - trace[t - 1] < run["thresh"]:
            return t
        if run["stop"] == "mean_ll" and t >= 2 and abs(trace[t - 1] - trace[t - 2]) / n < run["tol"]:
            return t
    return run["max_iter"] if last >= run["max_iter"] else None


def fit(a, case, rows, count=None):
    """States 0 to count; without a count, until every run of the case has ended."""
    kind, n = case["covariance_type"], a.number(len(rows))

    def convert(value):
        return [convert(v) for v in value] if isinstance(value, list) else a.number(value)

    rows, regularization = convert(rows), convert(case["reg_covar"])
    init = {name: convert(value) for name, value in case["init"].items()}
    runs = [dict(run, **{limit: convert(run[limit]) for limit in ("thresh", "tol") if limit in run}) for run in case["runs"]]
    states = [e_step(a, rows, init["weights"], init["means"], expand(kind, case["k"], case["d"], init["covariances"]))]
    while len(states) <= count if count is not None else any(
            iterations_until(run, [s.log_likelihood for s in states], n) is None for run in runs):
        states.append(e_step(a, rows, *m_step(a, rows, kind, states[-1].responsibilities, regularization)))
    return states


def rounded(value):
    """To the nearest double."""
    return [rounded(v) for v in value] if isinstance(value, list) else float(value)


def checksums(responsibilities):
    n, columns = len(responsibilities), list(zip(*responsibilities))
    return {
        "sum_k": [sum(r) for r in columns],
        "ramp_k": [sum(r * (i + 1) for i, r in enumerate(column)) / n for column in columns],
        "sum_sq": sum(r * r for row in responsibilities for r in row),
        "first_rows": responsibilities[:3],
    }


def expected_run(kind, run, states, t):
    state, n = states[t], len(states[t].responsibilities)
    mean = state.log_likelihood / n
    result = {
        "iterations": t,
        "converged": run["stop"] != "fixed" and iterations_until(dict(run, max_iter=t + 1), [s.log_likelihood for s in states], n) == t,
        "mean_log_likelihood": float(mean),
        "mean_log_likelihood_30_digits": f"{mean:.29e}",
        "total_log_likelihood": float(state.log_likelihood),
        "loglik_trace": [float(s.log_likelihood) for s in states[:t + 1]],
        "weights": rounded(state.weights),
        "means": rounded(state.means),
        "covariances": rounded(compact_of(kind, state.covariances)),
        "resp_final": {name: rounded(value) for name, value in checksums(state.responsibilities).items()},
        "resp_last_estep": {name: rounded(value) for name, value in checksums(states[t - 1].responsibilities).items()},
    }
    seen = t
    if run["stop"] == "mean_ll":
        seen = t - 1
        result["sklearn_lower_bound"] = float(states[seen].log_likelihood / n)
    if run["stop"] != "fixed":
        result["last_total_increments"] = [
            float(states[i].log_likelihood - states[i - 1].log_likelihood) for i in (seen - 1, seen) if i >= 1]
    return result


def errors(kind, expected, state):
    """The measures of the README between a run of the files and a state in doubles."""
    k, d, n = len(state.weights), len(state.means[0]), len(state.responsibilities)
    exact = expand(kind, k, d, expected["covariances"])
    sums = checksums(state.responsibilities)
    scales = [[math.sqrt(s[i][i]) for i in range(d)] for s in exact]
    flat = [(sums["sum_sq"], expected["resp_final"]["sum_sq"])]
    flat += [pair for name in ("sum_k", "ramp_k") for pair in zip(sums[name], expected["resp_final"][name])]
    mean = state.log_likelihood / n
    return {
        "weights": max(abs(w - e) / max(e, 1e-9) for w, e in zip(state.weights, expected["weights"])),
        "means": max(abs(state.means[c][i] - expected["means"][c][i]) / scales[c][i] for c in range(k) for i in range(d)),
        "covariances": max(abs(state.covariances[c][i][j] - exact[c][i][j]) / (scales[c][i] * scales[c][j])
                           for c in range(k) for i in range(d) for j in range(d)),
        "ll": abs(mean - expected["mean_log_likelihood"]) / max(1, abs(expected["mean_log_likelihood"])),
        "trace": abs(state.log_likelihood - expected["total_log_likelihood"]) / max(1, abs(expected["total_log_likelihood"])),
        "resp": max(abs(v - e) / n for v, e in flat),
    }


def baseline(case, rows, runs):
    """The worst error over all runs of the same iteration in doubles with exactly rounded sums."""
    states = fit(DOUBLE, case, rows, max(run["iterations"] for run in runs))
    found = [errors(case["covariance_type"], run, states[run["iterations"]]) for run in runs]
    return {name: max(e[name] for e in found) for name in found[0]}


def expected_of(case, rows, precision=PRECISION):
    states = fit(EXACT, case, rows)
    trace, n = [s.log_likelihood for s in states], len(rows)
    order = sorted(case["runs"], key=lambda run: iterations_until(run, trace, n))
    runs = {run["id"]: expected_run(case["covariance_type"], run, states, iterations_until(run, trace, n)) for run in order}
    rules = {
        "mean_ll_1e-3": {"stop": "mean_ll", "tol": Decimal("1e-3")},
        "mean_ll_1e-6": {"stop": "mean_ll", "tol": Decimal("1e-6")},
        "total_ll_1e-4": {"stop": "total_ll", "thresh": Decimal("1e-4")},
    }
    counts = {name: iterations_until(dict(rule, max_iter=len(trace)), trace, n) for name, rule in rules.items()}
    return {
        "schema": "gmmfast-expected/1",
        "name": case["name"],
        "expect": "result",
        "precision": precision,
        "runs": runs,
        "iteration_counts": dict(sorted(((name, t) for name, t in counts.items() if t is not None), key=lambda item: item[1])),
        "tolerance": TOLERANCE,
        "float64_baseline_error": baseline(case, rows, list(runs.values())),
    }


def read_rows(path):
    return [[float(text) for text in line.split(",")] for line in path.read_text().splitlines() if line]


def write(path, document):
    path.write_text(json.dumps(document, indent=1))


def sample_variances(rows):
    """Of every column, with N - 1."""
    columns = [[Decimal(v) for v in column] for column in zip(*rows)]
    means = [sum(c) / len(c) for c in columns]
    return [sum((v - m) ** 2 for v in c) / (len(c) - 1) for c, m in zip(columns, means)]


def new_case(name, description, kind, rows, starts, weights=None, regularization=0.0):
    """The first parameters: given rows as means, the sample variances of all rows as shared ones."""
    variances = sample_variances(rows)
    return {
        "schema": "gmmfast-case/1",
        "name": name,
        "description": description,
        "data": "data.csv",
        "n": len(rows),
        "d": len(rows[0]),
        "k": len(starts),
        "covariance_type": kind,
        "reg_covar": regularization,
        "init": {
            "weights": weights or [1 / len(starts)] * len(starts),
            "means": [rows[i] for i in starts],
            "covariances": rounded(variances if kind == "tied-diag" else [sum(variances) / len(variances)]),
        },
        "runs": [
            {"id": "iter1", "stop": "fixed", "max_iter": 1},
            {"id": "iter5", "stop": "fixed", "max_iter": 5},
            {"id": "total_ll", "stop": "total_ll", "thresh": 0.0001, "max_iter": 2000},
            {"id": "mean_ll", "stop": "mean_ll", "tol": 1e-06, "max_iter": 2000},
        ],
    }


def draw(seed, n, weights, means, deviations):
    """Rows of a mixture with one diagonal covariance, rounded to 6 decimals, and the first row of every component."""
    source = random.Random(seed)
    components = source.choices(range(len(weights)), weights, k=n)
    rows = [[round(source.gauss(m, s), 6) for m, s in zip(means[c], deviations)] for c in components]
    return rows, [components.index(c) for c in range(len(weights))]


def new_cases():
    iris = read_rows(IRIS)
    flat, flat_starts = draw(17, 300, [0.5, 0.3, 0.2], [[0, 0, 0], [3, 1, -1], [1, 4, 2]], [1.5, 0.6, 1])
    round_, round_starts = draw(19, 300, [0.4, 0.35, 0.25], [[0, 0, 0, 0], [2, 2, 0, 1], [-1, 3, 2, 0]], [1.1] * 4)
    yield flat, new_case("c17_d3_k3_tieddiag", "300 points, one common diagonal covariance.", "tied-diag", flat, flat_starts)
    yield iris, new_case("c18_iris_k3_tieddiag", "iris, one common diagonal covariance.", "tied-diag", iris, [0, 50, 100])
    yield round_, new_case("c19_d4_k3_tiedspherical", "300 points, one common variance, unequal initial weights.", "tied-spherical", round_,
                           round_starts, [0.5, 0.3, 0.2], 1e-6)
    yield iris, new_case("c20_iris_k3_tiedspherical", "iris, one common variance.", "tied-spherical", iris, [0, 50, 100])


def differences(computed, filed, path=""):
    """The paths of everything that differs, except for what describes the making of a file."""
    if isinstance(computed, dict):
        for key in sorted(set(computed) | set(filed)):
            if key.startswith("float64_baseline_error") or key == "precision":
                continue
            if key not in computed or key not in filed:
                yield f"{path}/{key}: in one of both only"
            else:
                yield from differences(computed[key], filed[key], f"{path}/{key}")
    elif isinstance(computed, list) and len(computed) == len(filed):
        for i, (c, f) in enumerate(zip(computed, filed)):
            yield from differences(c, f, f"{path}/{i}")
    elif computed != filed:
        yield f"{path}: computed {computed}, filed {filed}"


def main(action, *paths):
    folders = [Path(path) for path in paths]
    if action == "make":
        for rows, case in new_cases():
            folder = folders[0] / case["name"]
            folder.mkdir(exist_ok=True)
            (folder / "data.csv").write_text("".join(",".join(map(repr, x)) + "\n" for x in rows))
            write(folder / "case.json", case)
            write(folder / "expected.json", expected_of(case, rows, CHECKED))
            print(folder.name)
        return 0
    different = False
    for folder in folders:
        case = json.loads((folder / "case.json").read_text())
        computed = expected_of(case, read_rows(folder / case["data"]))
        if action == "expect":
            write(folder / "expected.json", computed)
        else:
            found = list(differences(computed, json.loads((folder / "expected.json").read_text())))
            different |= bool(found)
            print(folder.name, "agrees" if not found else "\n  ".join([f"differs in {len(found)} places:"] + found[:5]))
    return int(different)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("make", "expect", "check"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
