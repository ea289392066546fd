"""What the drivers in Python share: the protocol of README.md, and when a model is written."""
import json
import sys
import time

import numpy as np

ALL_UNTIL, GROWTH = 32, 1.05
WARM_UP_POINTS, WARM_UP_ITERATIONS = 4096, 4


class Late(Exception):
    """The fit has taken longer than it may."""


def status(key):
    with open("/proc/self/status") as lines:
        return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(key))


class Trail:
    """Says when a fit had each of its models and writes them; the clock stands still while it does."""

    def __init__(self, models, seconds, silent=False):
        self.models, self.seconds, self.silent = models, seconds, silent
        self.last, self.iteration, self.passes, self.paused, self.begin = -1, 0, 0, 0.0, time.perf_counter()

    @property
    def elapsed(self):
        return time.perf_counter() - self.begin - self.paused

    def note(self, iteration, passes, model):
        clock = time.perf_counter()
        self.iteration, self.passes = iteration, passes
        elapsed = clock - self.begin - self.paused
        if iteration <= ALL_UNTIL or iteration >= GROWTH * self.last:
            self.last = iteration
            self.say(iteration=iteration, passes=passes, seconds=elapsed)
            if self.models:
                for part in model():
                    np.ascontiguousarray(part, float).tofile(self.models)
        self.paused += time.perf_counter() - clock
        if elapsed > self.seconds:
            raise Late

    def say(self, **words):
        if not self.silent:
            print(json.dumps(words), flush=True)


def serve(points, k, fit, version):
    """Answers requests: START MODELS SECONDS ITERATIONS SEED. fit(points, trail, start, iterations, seed) gives the reason of its end."""
    few = points[: max(WARM_UP_POINTS, 2 * k)]
    fit(few, Trail(None, 3600, silent=True), None, WARM_UP_ITERATIONS, 0)
    print(json.dumps(dict(ready=True, version=version)), flush=True)
    for line in sys.stdin:
        start, models, seconds, iterations, seed = line.split()[:5]
        given = None if start == "default" else [np.load(f"{start}/{part}.npy") for part in ("w0", "mu0", "cov0")]
        open("/proc/self/clear_refs", "w").write("5")
        before = status("VmRSS")
        with open(models, "wb") if models != "-" else open("/dev/null", "wb") as file:
            trail = Trail(None if models == "-" else file, float(seconds))
            try:
                end = fit(points, trail, given, int(iterations), int(seed))
            except Late:
                end = "seconds"
            except ValueError as error:
                end = f"failed: {error}"
            elapsed = trail.elapsed
        trail.say(iteration=trail.iteration, passes=trail.passes, seconds=elapsed, end=end, megabytes=status("VmHWM") - before)
