"""scikit-learn's GaussianMixture as a driver of the race, by the protocol of README.md: DATA full|diag K THREADS."""
import signal
import sys
import warnings

import numpy as np
import threadpoolctl
from sklearn.mixture import GaussianMixture

from trail import Late, Trail, serve

DATA, KIND, K = sys.argv[1], sys.argv[2], int(sys.argv[3])
warnings.filterwarnings("ignore")
libraries = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
if not any(pool["internal_api"] in ("openblas", "mkl", "blis") for pool in libraries):
    raise SystemExit("numpy has no fast BLAS: install libopenblas0-pthread")
whole = np.arange(512 * 512).reshape(512, 512) % 97
if not np.array_equal((whole.astype(float) @ whole.T.astype(float)).astype(np.int64), whole @ whole.T):
    raise SystemExit(f"{libraries[0]['filepath']} computes wrong products on this processor")
X = np.load(DATA + "/X.npy")


class Noted(GaussianMixture):
    """Notes each model as soon as the M-step has made it."""

    def _initialize(self, X, resp):
        super()._initialize(X, resp)
        self.note(0)

    def _m_step(self, X, log_resp):
        super()._m_step(X, log_resp)
        self.made += 1
        self.note(self.made)

    def note(self, iteration):
        self.trail.note(iteration, iteration, lambda: (self.weights_, self.means_, self.covariances))

    @property
    def covariances(self):
        if hasattr(self, "covariances_") and self.made:
            return self.covariances_
        precisions = self.precisions_cholesky_
        return np.linalg.inv(precisions @ precisions.transpose(0, 2, 1)) if KIND == "full" else 1 / precisions**2


def late(*_):
    raise Late


def fit(points, trail, start, iterations, seed):
    options = dict(covariance_type=KIND, random_state=seed)
    if start is not None:
        weights, means, covariances = start
        options |= dict(weights_init=weights, means_init=means, precisions_init=np.linalg.inv(covariances) if KIND == "full" else 1 / covariances)
        options |= dict(init_params="random", tol=0.0 if iterations else 1e-10, max_iter=iterations or 100_000)
    model = Noted(K, **options)
    model.trail, model.made = trail, 0
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 1.2 * trail.seconds)
    try:
        model.fit(points)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return "converged" if model.converged_ else "iterations"


serve(X, K, fit, f"{libraries[0]['internal_api']} {libraries[0]['version']} {libraries[0].get('architecture', '')}")
