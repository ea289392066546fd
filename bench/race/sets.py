"""The data sets of the race, and how each is made: sets.py FOLDER [SET ...] writes FOLDER/SET/ with the points X.npy [N x D], points that no fit sees
held.npy, and the start that all systems get: w0.npy [K], mu0.npy [K x D], cov0.npy [K x D x D] or [K x D]. The same numbers every time."""
import fnmatch
import gzip
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
from sklearn.cluster import KMeans

import overlap

HERE = Path(__file__).resolve().parent
NATURE = Path("/usr/share/backgrounds/mate/nature")
FASHION = Path("/usr/share/datasets/fashion-mnist")
ACOUSTIC = Path("/usr/share/pocketsphinx/model/en-us/en-us")
HELD = 20_000  # points held out at most, and a tenth of a table


@dataclass(frozen=True)
class Given:
    """What a system that is not here needs and reaches on this set, by its own report."""

    system: str
    seconds_per_iteration: float
    log_likelihood: float | None = None  # null for figures of other points of the same shape


@dataclass(frozen=True)
class Set:
    """A set: its group, shape, covariance type, and a function of a random generator that gives points to fit and points held out."""

    group: str
    n: int
    d: int
    k: int
    make: Callable
    kind: str = "full"
    given: tuple = ()
    seconds: float = 4  # that one run may take
    needs: Path | None = None


def overlapping(n, d, k, most):
    def make(random):
        truth = overlap.mixture(random, d, k, most)
        return overlap.draw(random, *truth, n), overlap.draw(random, *truth, HELD)

    return make


def dithered(random, values):
    """Adds noise within a step of whole numbers, which is their rounding: without it a component may have no variance."""
    return values + random.uniform(-0.5, 0.5, values.shape)


def parted(random, points, n):
    points = points[random.permutation(len(points))]
    return points[:n], points[n : n + HELD]


def pixels(n, with_place):
    """Colors of pixels of photographs, from 0 to 1 in steps of 1/255; with_place also the place in the picture."""

    def make(random):
        from PIL import Image

        files = sorted(NATURE.glob("*.jp*g"))
        rows = []
        for file in files:
            picture = np.asarray(Image.open(file).convert("RGB")) / 255.0
            height, width, _ = picture.shape
            y, x = np.divmod(random.choice(height * width, (n + HELD) // len(files) + 1, replace=False), width)
            rows.append(np.column_stack([picture[y, x], x / width, y / height][: 3 if with_place else 1]))
        return parted(random, np.concatenate(rows), n)

    return make


def patches(n):
    """Patches of 8 x 8 pixels, by bench/peers/patches.py. All are fitted, as by the systems whose figures are given: none is held out."""

    def make(random):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "patches.npy"
            subprocess.run([sys.executable, HERE.parent / "peers" / "patches.py", NATURE, file], check=True)
            points = np.load(file)
        return points[:n], points[n:]

    return make


def table(name, n):
    def make(random):
        out = subprocess.run(["Rscript", HERE / "mlbench.R", name], capture_output=True, text=True, check=True).stdout
        return parted(random, dithered(random, np.array(out.split(), float).reshape(out.count("\n"), -1)), n)

    return make


def fashion(d):
    """The largest principal components of the training pictures; held out are the test pictures."""

    def make(random):
        read = lambda part: np.frombuffer(gzip.open(FASHION / f"{part}-images-idx3-ubyte.gz").read()[16:], np.uint8).reshape(-1, 784) / 255.0
        train, test = read("train"), read("t10k")
        mean = train.mean(axis=0)
        _, axes = np.linalg.eigh(np.cov(train - mean, rowvar=False))
        axes = axes[:, ::-1][:, :d]
        axes = axes * np.sign(axes[np.argmax(np.abs(axes), axis=0), range(d)])
        return (train - mean) @ axes, (test - mean) @ axes

    return make


def acoustic(n):
    """Draws from an acoustic model: a codebook and a Gaussian of each of its streams (cepstra, first and second differences), all equally likely."""

    def values(name):
        raw = (ACOUSTIC / name).read_bytes()
        begin = raw.index(b"endhdr\n") + 7
        books, streams, densities, *lengths = np.frombuffer(raw, "<i4", 6, begin + 4)
        numbers = np.frombuffer(raw, "<f4", books * densities * sum(lengths), begin + 4 + 4 * (4 + streams))
        return numbers.reshape(books, streams, densities, lengths[0]).astype(float)

    def make(random):
        means, variances = values("means"), values("variances")
        books, streams, densities, length = means.shape
        book = random.integers(0, books, n + HELD)
        points = []
        for stream in range(streams):
            chosen = book, stream, random.integers(0, densities, n + HELD)
            points.append(means[chosen] + np.sqrt(variances[chosen]) * random.standard_normal((n + HELD, length)))
        return parted(random, np.concatenate(points, axis=1), n)

    return make


def vamm(seconds, log_likelihood=None):
    return (Given("VAMM", seconds, log_likelihood),)


SETS = {}
for _n, _d, _k, _group in ((4_000, 8, 16, "small"), (200_000, 2, 8, "overlap"), (200_000, 8, 16, "overlap"), (200_000, 16, 64, "overlap")):
    for _most in (1e-4, 0.01, 0.1):
        if _n > 10_000 or _most == 0.01:
            SETS[f"{'small-' if _n < 10_000 else ''}d{_d}-k{_k}-{_most:g}"] = Set(_group, _n, _d, _k, overlapping(_n, _d, _k, _most))
for _n, _d, _k, _most, _seconds in ((100_000, 32, 32, 0.01, 4), (50_000, 64, 64, 0.01, 8), (200_000, 16, 256, 0.1, 10), (200_000, 16, 1024, 0.01, 20)):
    SETS[f"d{_d}-k{_k}-{_most:g}"] = Set("large", _n, _d, _k, overlapping(_n, _d, _k, _most), given=vamm(2.0) if _d == 16 else (), seconds=_seconds)
SETS["pixels-rgb"] = Set("pictures", 300_000, 3, 16, pixels(300_000, False), needs=NATURE)
SETS["pixels-rgbxy"] = Set("pictures", 300_000, 5, 32, pixels(300_000, True), needs=NATURE)
SETS["fashion-16"] = Set("pictures", 60_000, 16, 32, fashion(16), needs=FASHION)
SETS["fashion-32"] = Set("pictures", 60_000, 32, 32, fashion(32), needs=FASHION)
SETS["fashion-64"] = Set("pictures", 60_000, 64, 32, fashion(64), needs=FASHION)
SETS["shuttle"] = Set("tables", 52_000, 9, 7, table("Shuttle", 52_000))
SETS["letter"] = Set("tables", 18_000, 16, 26, table("LetterRecognition", 18_000))
SETS["satellite"] = Set("small", 5_800, 36, 6, table("Satellite", 5_800))
SETS["acoustic"] = Set("tables", 100_000, 39, 64, acoustic(100_000), "diag", needs=ACOUSTIC)
SETS["patches-full"] = Set("patches", 200_000, 64, 256, patches(200_000), given=vamm(2.9, -116.94), seconds=40, needs=NATURE)
SETS["patches-diag"] = Set("patches", 200_000, 64, 1024, patches(200_000), "diag", vamm(0.41, -127.12), seconds=40, needs=NATURE)


def quick(one):
    """A twentieth of the points, and no more than are there: to try the race, not to measure."""
    n = max(one.n // 20, 40 * one.k)
    return Set(one.group, n, one.d, one.k, lambda random: tuple(part[:n] for part in one.make(random)), one.kind, one.given, 2, one.needs)


def start(random, points, k, kind):
    """K-means of a sample, a few steps, and the moments of its clusters, drawn a little toward those of all points."""
    sample = points[random.permutation(len(points))[: max(20_000, 50 * k)]]
    labels = KMeans(k, n_init=1, max_iter=10, random_state=0).fit_predict(sample)
    d, pull = points.shape[1], 2 * points.shape[1] if kind == "full" else 4
    whole = np.cov(sample, rowvar=False, bias=True) / k ** (2 / d)
    weights, means, covariances = np.empty(k), np.empty((k, d)), np.empty((k, d, d))
    for c in range(k):
        own = sample[labels == c]
        weights[c], means[c] = (len(own) + 1) / (len(sample) + k), own.mean(axis=0)
        away = own - means[c]
        covariances[c] = (away.T @ away + pull * whole) / (len(own) + pull)
    return weights, means, covariances if kind == "full" else np.diagonal(covariances, axis1=1, axis2=2)


def make(name, one, folder):
    """Writes a set where it is not there yet; the folder holds no half-written one."""
    folder.mkdir(parents=True, exist_ok=True)
    last = folder / "cov0.npy"
    if last.exists():
        return
    random = np.random.default_rng([ord(c) for c in name])
    points, held = one.make(random)
    if points.shape != (one.n, one.d):
        raise ValueError(f"{name}: {points.shape[0]} x {points.shape[1]} points were made, {one.n} x {one.d} are expected")
    weights, means, covariances = start(random, points, one.k, one.kind)
    for part, numbers in (("X", points), ("held", held), ("w0", weights), ("mu0", means)):
        np.save(folder / f"{part}.npy", np.ascontiguousarray(numbers, float))
    np.save(folder / "unfinished.npy", np.ascontiguousarray(covariances, float))
    (folder / "unfinished.npy").rename(last)


def chosen(names):
    """The sets that are meant by names, groups and patterns, all where none is given, in the order of the table."""
    meant = {name: [key for key, one in SETS.items() if name == one.group or fnmatch.fnmatch(key, name)] for name in names}
    unknown = [name for name, keys in meant.items() if not keys]
    if unknown:
        groups = dict.fromkeys(one.group for one in SETS.values())
        raise SystemExit(f"race: {', '.join(unknown)}: neither a set nor a group. Sets: {', '.join(SETS)}. Groups: {', '.join(groups)}")
    return [key for key in SETS if not names or any(key in keys for keys in meant.values())]


def main(root, names):
    for name in chosen(names):
        make(name, SETS[name], root / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
