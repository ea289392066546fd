"""One process of a system that fits the points of one set, again and again: the protocol of README.md."""
import json
import os
import queue
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field

LOADING_SECONDS = 120


@dataclass
class Run:
    """What a fit said: a step for each of its models, with iteration, passes and seconds; and its end."""

    steps: list = field(default_factory=list)
    last: dict = field(default_factory=dict)

    @property
    def end(self):
        return self.last.get("end", "")

    @property
    def seconds(self):
        return self.last.get("seconds", self.steps[-1]["seconds"] if self.steps else 0.0)


class Unfit(Exception):
    """The system cannot run here; the message says why."""


class Driver:
    def __init__(self, command, data, kind, k, threads):
        processors = sorted(os.sched_getaffinity(0))[-threads:]
        # Older OpenBLAS takes newer processors for Haswell; scikit-learn's driver checks the products.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
        environment |= {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "DOTNET_PROCESSOR_COUNT")}
        if " avx512f " in open("/proc/cpuinfo").read():
            environment["OPENBLAS_CORETYPE"] = "SKYLAKEX"
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            ["taskset", "-c", ",".join(map(str, processors)), *map(str, command), str(data), kind, str(k), str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        ready = self._next(time.monotonic() + LOADING_SECONDS)
        if ready is None:
            self.close()
            self.errors.seek(0)
            raise Unfit((self.errors.read().strip().splitlines() or ["no answer"])[-1][:200])
        self.version = ready.get("version", "")

    def run(self, start, models, seconds, iterations, seed, words=""):
        """Fits once. Where the system does not end by itself some time after its limit, it is ended, and the run says so."""
        self.process.stdin.write(f"{start} {models} {seconds:g} {iterations} {seed} {words}".rstrip() + "\n")
        self.process.stdin.flush()
        run, deadline = Run(), time.monotonic() + 2 * seconds + 10
        while not run.last:
            line = self._next(deadline)
            if line is None:
                late = time.monotonic() >= deadline
                self.close()
                run.last = dict(end="seconds" if late else "failed: the process ended", seconds=2 * seconds + 10 if late else run.seconds)
            elif "end" in line:
                run.last = line
            else:
                run.steps.append(line)
        return run

    @property
    def is_running(self):
        return self.process.poll() is None

    def close(self):
        if self.is_running:
            self.process.kill()
        self.process.wait()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                self.lines.put(json.loads(line))
        self.lines.put(None)

    def _next(self, deadline):
        try:
            return self.lines.get(timeout=max(0.01, deadline - time.monotonic()))
        except queue.Empty:
            return None
