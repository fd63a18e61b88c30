"""How often does the check on attrition fail where both groups are lost alike, and where one is lost more?

    python -m benchmarks.attrition --draws 1000        # about 2 CPU minutes

Families with the intervention stand beside three times as many without it, some of whom serve twice. Each is followed
for the year before and the year after the start, and leaves for good at a random month of the latter with a chance that
is its group's. It prints in how many of 100 studies the check is not passed, with its Monte-Carlo error, and how often
the 99 % interval of the difference leaves out the truth.
"""

import argparse
from types import SimpleNamespace

import numpy as np
import pandas as pd

from tf_eval.evidence.attrition import Attrition, measure_attrition

MONTHS = np.arange(-12, 13)
RATIO = 3
SIZES, LOSSES = (20, 40, 80, 160), ((0.1, 0.1), (0.3, 0.3), (0.2, 0.1), (0.3, 0.1))


def study(treated: int, seed: int, *, lost: tuple[float, float]) -> Attrition:
    """Return the attrition of one drawn study; ``lost`` are the chances to leave with and without the intervention."""
    random = np.random.default_rng(seed)
    rows = treated * (1 + RATIO)
    arm = np.arange(rows) < treated
    # One in five of the others is another of them over again, under the same name and with the same course.
    family = np.where(arm | (random.random(rows) < 0.8), np.arange(rows), random.integers(treated, rows, rows))
    leaves = np.where(random.random(rows) < np.where(arm, *lost), random.integers(1, 13, rows), 99)[family]
    seen = leaves[:, None] > MONTHS
    frame = pd.DataFrame(
        {
            "row": np.repeat(np.arange(rows), len(MONTHS)),
            "family_id": np.repeat(family, len(MONTHS)),
            "event_time": np.tile(MONTHS, rows),
            "adopted": np.repeat(np.where(arm, 0.0, np.nan), len(MONTHS)),
            "weight": np.repeat(np.where(arm, 1.0, 1 / RATIO), len(MONTHS)),
            "y": np.where(seen, 1.0, np.nan).ravel(),
        }
    )
    panel = SimpleNamespace(event_time_frame=lambda matched, outcome, columns: frame)
    matched = SimpleNamespace(design=SimpleNamespace(risk_set=None))
    return measure_attrition(panel, matched, "y", baseline=12, follow_up=(1, 12))


def truth(lost: tuple[float, float]) -> float:
    """Who leaves is lost from a month on that is uniform over the twelve: for 6.5 of them on average."""
    return (lost[0] - lost[1]) * 6.5 / 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=1000)
    draws = parser.parse_args().draws
    for lost in LOSSES:
        for size in SIZES:
            found = [study(size, seed, lost=lost) for seed in range(draws)]
            failed = np.mean([not one.is_tolerated for one in found])
            missed = np.mean([not one.low <= truth(lost) <= one.high for one in found])
            error = np.sqrt(failed * (1 - failed) / draws)
            said = f"not passed in {100 * failed:.1f} ({100 * error:.1f}) of 100, truth left out in {100 * missed:.1f}"
            print(f"lost {lost[0]:.0%} and {lost[1]:.0%}, {size} families: {said}")


if __name__ == "__main__":
    main()
