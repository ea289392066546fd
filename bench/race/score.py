"""The scorer of the race: mean log-likelihoods in double precision, by numpy and of nobody's engine, and what a degenerate model is."""
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import threadpoolctl

NUMBERS_AT_ONCE = 1_000_000


class Scorer:
    """Scores models of one shape. Points are taken relative to their mean, so that products lose no digits to a common offset."""

    def __init__(self, points, k, kind):
        self.center = points.mean(axis=0)
        self.points, self.k, self.kind = points - self.center, k, kind
        self.root = np.linalg.cholesky(np.atleast_2d(np.cov(points, rowvar=False, bias=True)))
        self.known = {}

    def parts(self, flat):
        """Splits a model's numbers into weights [K], means [K x D] and covariances [K x D x D] or [K x D]."""
        d = self.points.shape[1]
        weights, means, covariances = np.split(np.asarray(flat), [self.k, self.k + self.k * d])
        return weights, means.reshape(self.k, d), covariances.reshape((self.k, d, d) if self.kind == "full" else (self.k, d))

    def is_known(self, flat):
        """Whether a model has been scored over all points."""
        return hash(flat.tobytes()) in self.known

    def mean_log_likelihood(self, flat, points=None):
        """Gives nats a point over all points, or over others; minus infinity where a covariance is not positive definite."""
        key = hash(flat.tobytes()) if points is None else None
        if key in self.known:
            return self.known[key]
        try:
            value = self._score(*self.parts(flat), self.points if points is None else points - self.center)
        except np.linalg.LinAlgError:
            value = -np.inf
        if key is not None:
            self.known[key] = value
        return value

    def _score(self, weights, means, covariances, points):
        d, means = points.shape[1], means - self.center
        present = weights > 0
        weights, means, covariances = weights[present], means[present], covariances[present]
        k = len(weights)
        if self.kind == "full":
            whitenings = np.linalg.inv(np.linalg.cholesky(covariances))
            constants = np.log(np.diagonal(whitenings, axis1=1, axis2=2)).sum(axis=1)
            matrix = whitenings.reshape(k * d, d).T
            offsets = np.einsum("kij,kj->ki", whitenings, means).ravel()

            def squares(x):
                white = (x @ matrix - offsets).reshape(len(x), k, d)
                return np.einsum("nkd,nkd->nk", white, white)

        else:
            if not np.all(covariances > 0):
                return -np.inf
            inverse = 1 / covariances
            constants = -0.5 * np.log(covariances).sum(axis=1)
            ends = np.sum(means**2 * inverse, axis=1)

            def squares(x):
                return x**2 @ inverse.T - 2 * x @ (means * inverse).T + ends

        constants = constants + np.log(weights) - 0.5 * d * np.log(2 * np.pi)
        step = max(1, NUMBERS_AT_ONCE // (k * d))

        def total(begin):
            joint = constants - 0.5 * squares(points[begin : begin + step])
            top = joint.max(axis=1, keepdims=True)
            return np.sum(np.log(np.exp(joint - top).sum(axis=1)) + top[:, 0])

        with threadpoolctl.threadpool_limits(1), ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
            return sum(threads.map(total, range(0, len(points), step))) / len(points)

    def is_degenerate(self, flat):
        """Whether a component holds fewer than 2 (D + 1) points (full) or 4 (diag), or is thinner in a direction than a thousandth of all points'
        standard deviation there: the definition of bench/peers/starts/table.py."""
        weights, _, covariances = self.parts(flat)
        least = 4 if self.kind == "diag" else 2 * (self.points.shape[1] + 1)
        if weights.min() * len(self.points) < least:
            return True
        if self.kind == "diag":
            return bool(np.min(covariances / np.var(self.points, axis=0)) < 1e-6)
        half = np.linalg.solve(self.root, covariances)
        return bool(np.linalg.eigvalsh(np.linalg.solve(self.root, half.transpose(0, 2, 1)))[:, 0].min() < 1e-6)
