"""How often declared parts are told to differ where they do not, and how often a planted difference is found.

    python -m benchmarks.subgroup_errors --draws 400

Families, providers and districts are those of the tests (``tests/parts.py``): one provider has few families, and what a
month shows of each is mostly noise. Without a difference each test should be passed in 95 of 100 and every interval
hold the truth in as many; Holm's allowance is for all four tests at once.
"""

import argparse
import math

import numpy as np

from tests.parts import ASB, draw_town
from tf_eval.errors import NotEstimated
from tf_eval.evidence import Subgroup, effects_by_subgroup

SUBGROUPS = (
    Subgroup(column="children", at_least=3, label="three or more children", others="fewer children"),
    Subgroup(column="district", label="districts"),
    Subgroup(column="provider", label="providers"),
    Subgroup(column="start_cohort", label="years of start"),
)
PLANTED = {
    "no difference": {},
    "children: 0.06 fewer a month": {"children": dict.fromkeys((3, 4, 5), -0.06)},
    "one provider: 0.1 fewer a month": {"provider": {"Beta": -0.1}},
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--draws", type=int, default=200)
    options.add_argument("--treated", type=int, default=240)
    asked = options.parse_args()
    for world, planted in PLANTED.items():
        found = [_draw(seed, asked.treated, planted) for seed in range(asked.draws)]
        print(f"{world} ({asked.draws} draws, {asked.treated} families with the intervention)")
        for place, subgroup in enumerate(SUBGROUPS):
            rows = [draw[place] for draw in found]
            raw, allowed = (np.mean([row[name] for row in rows]) for name in ("raw", "allowed"))
            print(f"  {subgroup.label:24} apart {_told(raw, asked.draws)}, with the allowance {allowed:.3f}", end="")
            held = [row["held"] for row in rows if row["held"] is not None]
            print(f"; the interval holds the truth in {_told(np.mean(held), len(held))}" if held else "")
        found_any = np.mean([any(row["allowed"] for row in draw) for draw in found])
        print(f"  any, with the allowance  {_told(found_any, asked.draws)}")


def _draw(seed: int, treated: int, planted: dict[str, dict[object, float]]) -> list[dict[str, bool | None]]:
    town = draw_town(seed, treated=treated, **planted)
    found = effects_by_subgroup(town.panel, town.matched, town.measured(), SUBGROUPS)
    truth = min(planted.get("children", {0: 0.0}).values()) * ASB.scale
    return [_row(each.interaction, truth if each.subgroup.is_split else None) for each in found]


def _row(found: object, truth: float | None) -> dict[str, bool | None]:
    if isinstance(found, NotEstimated):
        return {"raw": False, "allowed": False, "held": None}
    held = None if truth is None else found.low <= truth <= found.high
    return {"raw": found.p_value < 0.05, "allowed": found.differs, "held": held}


def _told(share: float, draws: int) -> str:
    return f"{share:.3f} (Monte-Carlo error {math.sqrt(max(share * (1 - share), 1e-4) / draws):.3f})"


if __name__ == "__main__":
    main()
