"""Runs one task by one contestant in a process of its own, and measures it."""

import importlib
import os
import warnings
from contextlib import redirect_stdout

from benchmarks.contestant import Contestant
from benchmarks.matching_peers.sample import Sample
from benchmarks.matching_peers.tasks import Task
from benchmarks.measured import Bounds, Measured
from benchmarks.process import forget_peak, limit, run_apart, timed

OURS = Contestant("tf_eval", "ours")
CONTESTANTS = (
    OURS,
    Contestant("statsmodels", "statsmodels_peer"),
    Contestant("scikit-learn", "sklearn_peer"),
    Contestant("StatsPAI", "statspai_peer", packages=("statspai",)),
    Contestant("pymatchit-causal", "pymatchit_peer", packages=("pymatchit",)),
    Contestant("causalinference", "causalinference_peer", packages=("causalinference",)),
    Contestant("psmpy", "psmpy_peer", packages=("psmpy",)),
    Contestant("pysmatch", "pysmatch_peer", packages=("pysmatch",)),
    Contestant("causallib", "causallib_peer", packages=("causallib",)),
    Contestant("cem", "cem_peer", packages=("cem",)),
    Contestant("causalmatch", "causalmatch_peer", packages=("causalmatch",)),
    Contestant("ebal", "ebal_peer", packages=("ebal",)),
    Contestant("empirical_calibration", "calibration_peer", packages=("empirical_calibration",)),
)


def measure(contestant: Contestant, task: Task, units: int, bounds: Bounds) -> Measured | str:
    """Return what the task took at that size, or why there is no answer."""
    return run_apart(_run, contestant, task, units, bounds)


def _run(contestant: Contestant, task: Task, units: int, bounds: Bounds) -> Measured | str:
    """Measure without what packages print and warn of, which would stand between the rows."""
    warnings.simplefilter("ignore")
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        return _measure(contestant, task, units, bounds)


def _measure(contestant: Contestant, task: Task, units: int, bounds: Bounds) -> Measured | str:
    module = importlib.import_module(f"benchmarks.matching_peers.{contestant.module}")
    sample = Sample(units)
    frame = getattr(sample, task.frame)
    given = getattr(module, f"{task.name}_input", lambda sample: sample)(sample)
    limit(bounds.seconds, bounds.memory)
    held = forget_peak()
    try:
        finish, taken = timed(getattr(module, task.name), given)
    except Exception as error:  # whatever a package refuses with is what there is to say of it
        return f"failed: {type(error).__name__}: {str(error)[:80]}"
    return Measured(taken.processor_seconds, taken.seconds, taken.memory - held, finish().told(frame))
