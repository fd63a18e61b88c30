"""What do effects by group and time take, beside the packages of PyPI that estimate them?

    python -m benchmarks.did                                  # a limit of 120 seconds of the processor
    python -m benchmarks.did --tasks decade million --repeats 3
    pip install csdid diff-diff moderndid differences

Draws panels from a stated seed (``did_peers/panels.py``): eight start cohorts and never treated, five covariates. Each
task (``did_peers/tasks.py``) is done by every contestant in a process of its own with one thread: doubly robust effects
of every cohort in every period with analytic errors, and the event study made of them.

A row tells the medians over the repeats: seconds of the processor, peak memory in MB beyond the frame, both also as a
multiple of ours, and seconds of the clock. Imports and drawing are not in them; what a package compiles on its first
use is, since a report runs it once. The effect (the mean over event times from 0 on) stands beside, so that it can be
seen that all estimate the same.
"""

import argparse
import importlib
import os
import warnings
from contextlib import redirect_stderr, redirect_stdout

from benchmarks.contestant import Contestant
from benchmarks.did_peers.panels import Panel
from benchmarks.did_peers.tasks import TASKS, Task
from benchmarks.measured import Bounds, Measured, middle
from benchmarks.process import forget_peak, limit, run_apart, timed

OURS = Contestant("tf_eval", "ours")
CONTESTANTS = (
    OURS,
    Contestant("diff-diff", "diff_diff_peer", packages=("diff_diff",)),
    Contestant("csdid", "csdid_peer", packages=("csdid",)),
    Contestant("moderndid", "moderndid_peer", packages=("moderndid",)),
    Contestant("differences", "differences_peer", packages=("differences",)),
)
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS")


def main() -> None:
    options = arguments()
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # the contestants run in processes of their own
    bounds = Bounds(options.limit, options.memory)
    for task in TASKS:
        if task.name in options.tasks:
            compare(task, options.contestants, bounds, options.repeats)


def arguments() -> argparse.Namespace:
    names, tasks = [contestant.name for contestant in CONTESTANTS], [task.name for task in TASKS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", nargs="+", choices=tasks, default=tasks)
    parser.add_argument("--contestants", nargs="+", choices=names, default=names)
    parser.add_argument("--limit", type=float, default=120, help="seconds of the processor that each may take")
    parser.add_argument("--memory", type=int, default=20_000, help="MB that each may ask for, all in all")
    parser.add_argument("--repeats", type=int, default=3, help="how often each runs; medians are told")
    return parser.parse_args()


def compare(task: Task, names: list[str], bounds: Bounds, repeats: int) -> None:
    """Print a table of all contestants at one task."""
    print(f"\n{task.name}: {task.units:,} units x {task.periods} periods, {task.comparison}, {task.draws} draws")
    print(f"{'':14}{'CPU s':>9}{'x ours':>9}{'MB':>8}{'x ours':>8}{'wall s':>9}  answer", flush=True)
    ours = None
    for contestant in CONTESTANTS:
        if contestant.name in names:
            found = run(contestant, task, bounds, repeats)
            ours = found if contestant is OURS else ours
            print(row(contestant.name, found, ours), flush=True)


def run(contestant: Contestant, task: Task, bounds: Bounds, repeats: int) -> Measured | str:
    """Return the medians over the repeats, or why there are none."""
    if contestant.missing():
        return f"is left out: {', '.join(contestant.missing())} not found."
    runs = []
    for _ in range(repeats):
        runs.append(run_apart(measure, contestant, task, bounds))
        if isinstance(runs[-1], str):
            return runs[-1]
        if runs[-1].processor_seconds > bounds.seconds / 4:
            break
    return middle(runs)


def measure(contestant: Contestant, task: Task, bounds: Bounds) -> Measured | str:
    """Measure without what packages print and warn of, which would stand between the rows."""
    warnings.simplefilter("ignore")
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        module = importlib.import_module(f"benchmarks.did_peers.{contestant.module}")
        panel = Panel(task.units, task.periods)
        assert len(panel.frame) == task.units * task.periods
        limit(bounds.seconds, bounds.memory)
        held = forget_peak()
        try:
            answer, taken = timed(module.estimate, panel, task)
        except Exception as error:  # whatever a package refuses with is what there is to say of it
            return f"failed: {type(error).__name__}: {str(error)[:80]}"
    return Measured(taken.processor_seconds, taken.seconds, taken.memory - held, answer.told())


def row(name: str, result: Measured | str, ours: Measured | str | None) -> str:
    """Return what a contestant took, beside ours."""
    if isinstance(result, str):
        return f"{name:14}{result}"
    shares = ["-", "-"]
    if isinstance(ours, Measured):
        shares = [f"{result.processor_seconds / ours.processor_seconds:.1f}", f"{result.memory / ours.memory:.1f}"]
    return (
        f"{name:14}{result.processor_seconds:9.2f}{shares[0]:>9}{result.memory:8.0f}{shares[1]:>8}"
        f"{result.seconds:9.2f}  {result.told}"
    )


if __name__ == "__main__":
    main()
