"""Mixtures of a stated largest overlap: P(a point of i is likelier from j) + P(a point of j is likelier from i), weights counted, over the pair that
overlaps most (MaxOmega of Melnykov, Chen and Maitra, MixSim, Journal of Statistical Software 51(12), 2012), by sampling. Weights, centers and
covariances have the distributions of bench/peers/starts/make_data.py; the search for the spread of the centers is another one, for many components."""
import numpy as np

DRAWS, DRAWS_OF_RARE, RARE = 4_000, 40_000, 1e-3
HALVINGS = 24
NEIGHBORS = 6  # the pair that overlaps most is looked for among each component's nearest ones


def mixture(random, d, k, overlap):
    """Makes weights [K], means [K x D] and covariances [K x D x D]."""
    weights = 0.5 / k + 0.5 * random.dirichlet(np.ones(k))
    covariances = np.empty((k, d, d))
    for c in range(k):
        axes, _ = np.linalg.qr(random.standard_normal((d, d)))
        covariances[c] = axes @ np.diag(10 ** random.uniform(-1, 1, d)) @ axes.T
    centers = random.standard_normal((k, d))
    noise = random.standard_normal((d, DRAWS if overlap > RARE else DRAWS_OF_RARE))
    return weights, spread(weights, centers, covariances, noise, overlap) * centers, covariances


def spread(weights, centers, covariances, noise, overlap):
    """Finds the factor of the centers at which no pair overlaps more."""
    roots = np.linalg.cholesky(covariances)
    whitenings = np.linalg.inv(roots)
    constants = np.log(weights) - np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)

    def misses(i, j):
        # Of points s c_i + L_i z, as a function of s: those whose weighted density is larger under j.
        toward = whitenings[j] @ (centers[i] - centers[j])
        moved = whitenings[j] @ roots[i] @ noise
        cross, rest = toward @ moved, np.sum(moved**2, axis=0) - np.sum(noise**2, axis=0) + 2 * (constants[i] - constants[j])
        return lambda s: np.mean(s * s * (toward @ toward) + 2 * s * cross + rest < 0)

    factor = 0.0
    for i, j in near_pairs(centers, covariances):
        one, other = misses(i, j), misses(j, i)
        if one(factor) + other(factor) <= overlap:
            continue
        low, high = factor, max(1.0, 2 * factor)
        while one(high) + other(high) > overlap:
            high *= 2
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if one(middle) + other(middle) > overlap else (low, middle)
        factor = high
    return factor


def near_pairs(centers, covariances):
    """Lists each component with its nearest others, the nearest pairs first."""
    pairs = {}
    for i in range(len(centers)):
        away = centers - centers[i]
        squares = np.sum(away * np.linalg.solve(covariances + covariances[i], away[:, :, None])[:, :, 0], axis=1)
        squares[i] = np.inf
        for j in np.argsort(squares)[: min(NEIGHBORS, len(centers) - 1)]:
            pairs[min(i, j), max(i, j)] = squares[j]
    return sorted(pairs, key=pairs.get)


def draw(random, weights, means, covariances, n):
    """Draws points [N x D]."""
    labels = random.choice(len(weights), n, p=weights)
    points = random.standard_normal((n, means.shape[1]))
    for c, root in enumerate(np.linalg.cholesky(covariances)):
        points[labels == c] = means[c] + points[labels == c] @ root.T
    return points
