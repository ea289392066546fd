"""K-means of faiss with its defaults as a driver of the race, by the protocol of README.md: DATA full|diag K THREADS. It gives one model, the moments of
its clusters, which are formed while the clock stands still: what a clustering without EM takes, and how far it is from the likelihood."""
import sys

import faiss
import numpy as np

from trail import serve

DATA, KIND, K, THREADS = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
faiss.omp_set_num_threads(THREADS)
X = np.load(DATA + "/X.npy")


def moments(points, labels):
    weights, means, covariances = np.bincount(labels, minlength=K) / len(points), np.zeros((K, points.shape[1])), []
    for c in range(K):
        own = points[labels == c]
        if len(own) > 0:
            means[c] = own.mean(axis=0)
        whole = (own - means[c]).T @ (own - means[c]) / max(1, len(own)) + 1e-6 * np.eye(points.shape[1])
        covariances.append(whole if KIND == "full" else np.diagonal(whole))
    return weights, means, np.array(covariances)


def fit(points, trail, start, iterations, seed):
    if start is not None:
        return "failed: no start is taken"
    clustering = faiss.Kmeans(points.shape[1], K, seed=seed + 1)
    clustering.train(points.astype(np.float32))
    trail.note(0, len(clustering.obj), lambda: moments(points, clustering.index.search(points.astype(np.float32), 1)[1][:, 0]))
    return "converged"


serve(X, K, fit, f"faiss {faiss.__version__}")
