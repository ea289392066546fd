"""The systems of the race: how each driver is called, in which race it runs, and where it is not tried."""
import os
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ.get("RACE_BUILD", HERE / ".build"))
ENGINE = HERE.parent / "Gmm.Bench" / "bin" / "Release" / "net10.0" / "Gmm.Bench.dll"


@dataclass(frozen=True)
class System:
    """A driver, and what its requests end with. nanoseconds: of a pair and a product with two threads, roughly, by which hopeless runs are left out;
    most: points it is tried with."""

    name: str
    command: tuple
    nanoseconds: float = 0
    threads: tuple = (1, 2)
    most: int = 10**9
    is_plain: bool = True  # makes the same steps as every plain EM
    words: str = ""

    def estimate(self, one):
        """Gives the seconds of an iteration, roughly."""
        return 1e-9 * self.nanoseconds * one.n * one.k * (40 + (one.d**2 if one.kind == "full" else 2 * one.d))


def engine(name, mechanisms="", **more):
    return System(name, ("dotnet", ENGINE, "race-driver"), words=mechanisms, **more)


SKLEARN = System("scikit-learn", (sys.executable, HERE / "drivers" / "sklearn_race.py"), 0.26)
ARMADILLO = System("Armadillo", (BUILD / "armadillo_race",), 0.6)
MCLUST = System("mclust", ("Rscript", HERE / "drivers" / "mclust_race.R"), 2.5, (1,), 6_000)
FAISS = System("faiss k-means", (sys.executable, HERE / "drivers" / "faiss_race.py"), 0, (2,), is_plain=False)

# From the start that all share.
FROM_START = [
    engine("gmm-fast dense", "dense"),
    engine("gmm-fast skipping", "skipping", threads=(2,)),
    engine("gmm-fast accelerated", "dense,acceleration", is_plain=False, threads=(2,)),
    engine("gmm-fast progressive", "dense,progressive", is_plain=False, threads=(2,)),
    engine("gmm-fast all", "skipping,acceleration,progressive", is_plain=False),
    SKLEARN,
    ARMADILLO,
    MCLUST,
]

# As their users run them.
BY_DEFAULT = [engine("gmm-fast"), engine("gmm-fast all", "skipping,acceleration,progressive"), SKLEARN, ARMADILLO, MCLUST, FAISS]
