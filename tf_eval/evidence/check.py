"""Checks that a design has to pass before its estimates are believed."""

from dataclasses import asdict, dataclass
from typing import Literal

from tf_eval.matching import Balance, Matched

# An evaluation with fewer families an arm than this is not counted as evidence by the Early Intervention Foundation. Of
# a part with fewer the error is itself hardly known.
FEWEST_FAMILIES = 20
# Below this share the result speaks for other families than those who had the intervention.
SMALLEST_MATCHED_SHARE = 0.8
ALIKE = "The groups were alike before the start"
SMALLER_HAD = "The smaller group had"
# What most interventions of a site seem to share is looked at once, and doubts all of them; four tests look at each
# outcome that decides: its course before the baseline, that of all outcomes together, and its distance from two other
# ways of estimating. Together they raise a false alarm in 5 of 100 sound studies at most (Bonferroni).
SHARED_LEVEL = 0.02
CHECK_LEVEL = (0.05 - SHARED_LEVEL) / 4

CheckKind = Literal["balance", "support", "families", "pre_trend", "attrition", "other"]


@dataclass(frozen=True)
class Check:
    """One question put to the design, its answer, and what the answer rests on.

    Attributes:
        name: what a sound design can say of itself, in words for a board.
        passed: whether this design can say it.
        detail: one sentence with the ground for the answer. It holds no count of families.
        kind: what it looks at, by which standards of evidence know it (``score_standards``).
        outcome: name of the outcome whose estimate it is about; empty: it is about all of them.
        told: whether a page may give the detail: why there is no estimate can tell how few there were.
    """

    name: str
    passed: bool
    detail: str
    kind: CheckKind = "other"
    outcome: str = ""
    told: bool = True

    def to_dict(self) -> dict[str, str | bool]:
        return asdict(self)


def design_checks(balance: Balance, matched: Matched, *, whom: str = "families") -> tuple[Check, ...]:
    """Return the checks that all outcomes of an evaluation share, made before any outcome is looked at.

    Args:
        balance: how alike the two groups are, as ``check_balance`` returns it.
        matched: the matched families, as ``match`` returns it.
        whom: what they are called who were matched.
    """
    return (
        Check(ALIKE, balance.passed, f"{balance.summary()} {_allowed(balance.limit)}", "balance"),
        _enough_matched(matched, whom),
        _enough_families(balance, matched, whom),
    )


def _allowed(limit: float) -> str:
    return f"This check is passed where none differs by more than {limit:g}."


def enough(smaller: float, whom: str, group: str) -> Check:
    """Were there enough in the smaller group? ``group`` is how a sentence on its size begins."""
    passed = bool(smaller >= FEWEST_FAMILIES)
    said = "at least" if passed else "fewer than"
    return Check(f"Enough {whom} were studied", passed, f"{group} {said} {FEWEST_FAMILIES} {whom}.", "families")


def _enough_matched(matched: Matched, whom: str) -> Check:
    kept = int(matched.frame[matched.treated].sum())
    share = kept / (kept + len(matched.dropped))
    passed = share >= SMALLEST_MATCHED_SHARE
    said = "At least" if passed else "Fewer than"
    detail = f"{said} four in five of the {whom} with the intervention could be compared with {whom} like them."
    return Check(f"Nearly all {whom} could be compared", passed, detail, "support")


def _enough_families(balance: Balance, matched: Matched, whom: str) -> Check:
    pairs = matched.design.makes_pairs
    families = matched.frame.groupby(matched.treated)[matched.unit].nunique()
    # Weights, of cells too, may rest on a few of many families.
    smaller = min(families) if pairs else min(balance.effective.values())
    return enough(smaller, whom, SMALLER_HAD if pairs else "As they are weighed, the smaller group counts for")
