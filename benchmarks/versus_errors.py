"""How often one intervention is called better than another where both do the same, and how good intervals are.

    python -m benchmarks.versus_errors --draws 1000

Families are made: who is worse off rather has the first of the two, and gets better by itself the more
(``tests/two_supports.py``). Prints bias, coverage and claims with their Monte-Carlo error.
"""

import argparse

import numpy as np
import pandas as pd

from tests.parts import ASB
from tests.two_supports import draw_two

WORLDS = {
    "both alike": {"first": -0.2, "second": -0.2},
    "the first better": {"first": -0.3, "second": -0.1},
    "both alike, very unlike families": {"first": -0.2, "second": -0.2, "severity": 1.5, "calming": -0.2},
}


def one(seed: int, **planted: float) -> dict[str, float]:
    """Return what is found in one draw."""
    truth = (planted["first"] - planted["second"]) * ASB.scale
    (row,) = draw_two(seed, **planted).versus().rows
    found = {"better": row.ruling.better is not None, "wrong side": row.ruling.better == 1}
    for name in ("direct", "own"):
        size = getattr(row.headline, name)
        found |= {f"{name} off": size.value - truth, f"{name} error": size.std_error}
        found |= {f"{name} held": size.low <= truth <= size.high}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1000)
    draws = parser.parse_args().draws
    for world, planted in WORLDS.items():
        found = pd.DataFrame([one(seed, **planted) for seed in range(draws)]).astype(float)
        print(f"\n{world}: {draws} draws")
        for name in found:
            said = f"  (spread {found[name].std():.1f})" if name.endswith("off") else ""
            print(f"  {name:<14}{found[name].mean():8.3f} +/- {found[name].std() / np.sqrt(draws):.3f}{said}")


if __name__ == "__main__":
    main()
