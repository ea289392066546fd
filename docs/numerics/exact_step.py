"""One step of EM in 77 digits and the errors against it, a second time: tests/Gmm.TestKit/Exact has the same formulas in C#, and nothing in common.

Bishop, "Pattern Recognition and Machine Learning", equations 9.23 to 9.28. Matrices are lists of rows; every covariance is a full one, D x D.
"""
import math
from dataclasses import dataclass

from mpmath import mp, mpf

mp.dps = 77
TYPES = ("full", "tied", "diag", "spherical", "tied-diag", "tied-spherical")


@dataclass
class Step:
    """After one iteration, and what its E-step found."""
    weights: list
    means: list
    covariances: list
    responsibilities: list
    log_likelihood: mpf
    magnitude: mpf


def nearest(x):
    """The nearest double."""
    with mp.workprec(53):
        return float(+x)


def inverse(matrix):
    """Of a list of rows."""
    return mp.inverse(mp.matrix(matrix)).tolist()


def factor(matrix):
    """The lower Cholesky factor."""
    lower = [[mpf(0)] * len(matrix) for _ in matrix]
    for i in range(len(matrix)):
        for j in range(i + 1):
            rest = matrix[i][j] - mp.fsum(lower[i][m] * lower[j][m] for m in range(j))
            lower[i][j] = mp.sqrt(rest) if i == j else rest / lower[j][j]
    return lower


def squared_distance(x, mean, lower):
    z = []
    for i, row in enumerate(lower):
        z.append((x[i] - mean[i] - mp.fsum(row[j] * z[j] for j in range(i))) / row[i])
    return mp.fsum(v * v for v in z)


def e_step(rows, weights, means, covariances, truncates):
    """Responsibilities, total log-likelihood, and the sum of the log-densities without their signs.

    truncates: a responsibility below 2^-64.5 of the point's largest is 0, as Gmm.Fast defines it.
    """
    lowers = [factor(s) for s in covariances]
    constants = [mp.log(w) - len(s) * mp.log(2 * mp.pi) / 2 - mp.fsum(mp.log(s[i][i]) for i in range(len(s))) if w else None
                 for w, s in zip(weights, lowers)]
    responsibilities, total, magnitude = [], mpf(0), mpf(0)
    for x in rows:
        logs = [None if c is None else c - squared_distance(x, m, s) / 2 for c, m, s in zip(constants, means, lowers)]
        top = max(log for log in logs if log is not None)
        least = -64.5 * mp.log(2)
        shares = [mpf(0) if log is None or (truncates and log - top < least) else mp.exp(log - top) for log in logs]
        whole = mp.fsum(shares)
        responsibilities.append([share / whole for share in shares])
        density = top + mp.log(whole)
        total += density
        magnitude += abs(density)
    return responsibilities, total, magnitude


def step(rows, kind, weights, means, covariances, regularization, truncates):
    """An E-step and an M-step; a component without any responsibility keeps mean and covariance."""
    if kind not in TYPES:
        raise ValueError(f"'{kind}' is no covariance type; known are {', '.join(TYPES)}")
    rows = [[mpf(v) for v in x] for x in rows]
    weights, means = [mpf(w) for w in weights], [[mpf(v) for v in m] for m in means]
    covariances = [[[mpf(v) for v in row] for row in s] for s in covariances]
    responsibilities, total, magnitude = e_step(rows, weights, means, covariances, truncates)
    d, columns = len(rows[0]), list(zip(*responsibilities))
    counts = [mp.fsum(r) for r in columns]
    means = [[mp.fsum(r[n] * x[j] for n, x in enumerate(rows)) / count for j in range(d)] if count else mean
             for r, count, mean in zip(columns, counts, means)]

    def scatter(k, i, j):
        if i != j and kind not in ("full", "tied"):
            return mpf(0)
        return mp.fsum(columns[k][n] * (x[i] - means[k][i]) * (x[j] - means[k][j]) for n, x in enumerate(rows) if columns[k][n])

    def matrix(entry):
        lower = [[entry(i, j) + (regularization if i == j else 0) for j in range(i + 1)] for i in range(d)]
        return [[lower[max(i, j)][min(i, j)] for j in range(d)] for i in range(d)]

    if kind.startswith("tied"):
        covariances = [matrix(lambda i, j: mp.fsum(scatter(k, i, j) for k in range(len(counts))) / len(rows))] * len(counts)
    else:
        covariances = [matrix(lambda i, j, k=k: scatter(k, i, j) / counts[k]) if counts[k] else s for k, s in enumerate(covariances)]
    if kind.endswith("spherical"):
        averages = [mp.fsum(s[i][i] for i in range(d)) / d for s in covariances]
        covariances = [[[a if i == j else mpf(0) for j in range(d)] for i in range(d)] for a in averages]
    return Step([count / len(rows) for count in counts], means, covariances, responsibilities, total, magnitude)


def ratio(actual, exact, scale, allowance=0):
    if not math.isfinite(actual):
        return math.inf
    return max(0.0, float((abs(mpf(actual) - exact) - allowance) / scale))


def errors(exact, weights, means, covariances, least=1e-300):
    """As tests/Gmm.TestKit/Exact/ExactErrors.cs measures them: weights relative, means and covariances in the component's own spread.

    least: what a weight below 1e-300 is measured by.
    """
    worst = {"weights": 0.0, "means": 0.0, "covariances": 0.0}

    def note(what, error):
        worst[what] = max(worst[what], error)

    for k, s in enumerate(exact.covariances):
        note("weights", ratio(weights[k], exact.weights[k], exact.weights[k] if exact.weights[k] > 1e-300 else mpf(least)))
        spreads = [mp.sqrt(s[i][i]) for i in range(len(s))]
        for i in range(len(s)):
            half = mpf(math.ulp(nearest(abs(exact.means[k][i])))) / 2
            note("means", ratio(means[k][i], exact.means[k][i], spreads[i], half))
            for j in range(i + 1):
                note("covariances", ratio(covariances[k][i][j], s[i][j], spreads[i] * spreads[j]))
    return worst


def log_likelihood_error(exact, total):
    """total may be an mpf, so that a mean can be multiplied by N without rounding."""
    return ratio(total, exact.log_likelihood, max(exact.magnitude, mpf(1)))


def responsibility_error(exact, responsibilities):
    return max(ratio(a, e, mpf(1)) for actual, row in zip(responsibilities, exact.responsibilities) for a, e in zip(actual, row))
