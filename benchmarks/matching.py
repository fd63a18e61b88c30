"""What does it take to form a comparison group, beside the packages of PyPI that can?

    python -m benchmarks.matching                                    # one million units; a limit of 120 seconds
    python -m benchmarks.matching --tasks pairs exact --units 100000
    pip install statspai pymatchit-causal psmpy pysmatch causallib causalinference
    pip install cem causalmatch ebal empirical_calibration           # some ask for an older pandas or numpy; ours needs
    pip install -U numpy pandas                                      # the newer, with which all of them run

Draws units from a stated seed (``matching_peers/sample.py``): one in ten is treated, and there are eight numbers, two
yes/no, a category of five levels and the score by which is matched. Each task is done by every contestant that is
written for it (``matching_peers/tasks.py``), each time in a process of its own with one thread. It is said of a
contestant that it is not installed, fails or takes too long. Packages climb from 1,000 units by tens to the size asked
for, as long as they end within the limit; what took more than a tenth of it is not asked for ten times as much.

A row tells the medians over the repeats: seconds of the processors, peak memory beyond the input, both also as a
multiple of ours at the same size, and seconds of the clock; a run of more than a quarter of the limit counts alone.
Imports, drawing and reading the answer are not in them.

Answers stand beside each other so that they can be compared: greedy pairs should be as many and as near, optimal ones
have the same sum of gaps, weights leave no difference of means, and tables tell the same. There is no R here.
"""

import argparse
import os
from dataclasses import dataclass, field

from benchmarks.contestant import Contestant
from benchmarks.matching_peers.measure import CONTESTANTS, OURS, measure
from benchmarks.matching_peers.tasks import MILLION, TASKS, Task
from benchmarks.measured import Bounds, Measured, middle
from tf_eval.matching.methods import METHODS

SIZES = (1_000, 10_000, 100_000, MILLION)
STEP = 10  # what a size is to the one before
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
LONG = 0.25  # of the limit: what takes longer is not repeated

Asked = tuple[Contestant, Task, int]


def main() -> None:
    options = arguments()
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # the contestants run in processes of their own
    bench = Bench(Bounds(options.limit, options.memory), options.repeats)
    for task in TASKS:
        if task.name in options.tasks:
            compare(task, options.contestants, min(task.units, options.units), bench)


def arguments() -> argparse.Namespace:
    names, tasks = [contestant.name for contestant in CONTESTANTS], [task.name for task in TASKS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, default=MILLION, help="the most units of any task")
    parser.add_argument("--tasks", nargs="+", choices=tasks, default=tasks)
    parser.add_argument("--contestants", nargs="+", choices=names, default=names)
    parser.add_argument("--limit", type=float, default=120, help="seconds of the processors that each may take")
    parser.add_argument("--memory", type=int, default=8_000, help="MB that each may ask for, all in all")
    parser.add_argument("--repeats", type=int, default=3, help="how often each runs; medians are told")
    return parser.parse_args()


@dataclass
class Bench:
    """Runs contestants, and remembers the first run at a size and the medians over all."""

    bounds: Bounds
    repeats: int
    first: dict[Asked, Measured | str] = field(default_factory=dict)
    medians: dict[Asked, Measured | str] = field(default_factory=dict)

    def run(self, contestant: Contestant, task: Task, units: int) -> Measured | str:
        """Return the medians over the repeats, or why there are none."""
        asked = (contestant, task, units)
        if asked not in self.medians:
            runs = [self.try_out(*asked), *self._again(asked)]
            failed = [run for run in runs if isinstance(run, str)]
            self.medians[asked] = failed[0] if failed else middle(runs)
        return self.medians[asked]

    def try_out(self, contestant: Contestant, task: Task, units: int) -> Measured | str:
        asked = (contestant, task, units)
        if asked not in self.first:
            self.first[asked] = measure(*asked, self.bounds)
        return self.first[asked]

    def climb(self, contestant: Contestant, task: Task, most: int) -> tuple[int, str]:
        """Return the largest size at which it ends, and why it is not asked for more."""
        reached = 0
        for units in [size for size in SIZES if size < most] + [most]:
            run = self.try_out(contestant, task, units)
            if isinstance(run, str):
                return reached, f"{units:,}: {run}"
            reached = units
            if units < most and run.processor_seconds * STEP > self.bounds.seconds:
                return reached, f"{units * STEP:,}: left out, since {units:,} took more than a tenth of the limit"
        return reached, ""

    def _again(self, asked: Asked) -> list[Measured | str]:
        first = self.first[asked]
        if isinstance(first, str) or first.processor_seconds > LONG * self.bounds.seconds:
            return []
        return [measure(*asked, self.bounds) for _ in range(self.repeats - 1)]


def compare(task: Task, names: list[str], units: int, bench: Bench) -> None:
    """Print a table of all contestants at one task."""
    print(f"\n{task.name}: {task.title}")
    if task.method not in METHODS:
        print(f"left out: tf_eval has no method '{task.method}' yet.")
        return
    print(f"{'':22}{'units':>10}{'CPU s':>9}{'x ours':>9}{'MB':>8}{'x ours':>8}{'wall s':>9}  answer", flush=True)
    print(row(OURS.name, units, bench.run(OURS, task, units), None), flush=True)
    for contestant in CONTESTANTS:
        if contestant.name in task.peers and contestant.name in names:
            print(beside(contestant, task, units, bench), flush=True)
    if not task.peers:
        print("No package of PyPI is known to do this.")


def beside(contestant: Contestant, task: Task, most: int, bench: Bench) -> str:
    """Return the row of a package at the largest size that it reaches, and what keeps it from more."""
    if contestant.missing():
        return f"{contestant.name:22}is left out: {', '.join(contestant.missing())} not found."
    units, beyond = bench.climb(contestant, task, most)
    if not units:
        return f"{contestant.name:22}{beyond}"
    told = row(contestant.name, units, bench.run(contestant, task, units), bench.run(OURS, task, units))
    return f"{told}\n{'':22}({beyond})" if beyond else told


def row(name: str, units: int, result: Measured | str, ours: Measured | str | None) -> str:
    """Return what a contestant took, beside ours at the same size."""
    if isinstance(result, str):
        return f"{name:22}{units:10,}  {result}"
    shares = ["-", "-"]
    if isinstance(ours, Measured):
        shares = [f"{result.processor_seconds / ours.processor_seconds:.2f}"]
        shares += [f"{result.memory / max(ours.memory, 1):.2f}"]
    return (
        f"{name:22}{units:10,}{result.processor_seconds:9.3f}{shares[0]:>9}{result.memory:8.0f}{shares[1]:>8}"
        f"{result.seconds:9.3f}  {result.told}"
    )


if __name__ == "__main__":
    main()
