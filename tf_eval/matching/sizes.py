"""How many rows of each arm were matched, into how many sets, and how many they count for: in words."""

from dataclasses import dataclass
from typing import Self

from tf_eval.matching.design import Design
from tf_eval.matching.display import SMALLEST_SHOWN, counted, rounded
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.options import makes_sets
from tf_eval.matching.review.statistics import effective_sample_size

BESIDE = {True: "set beside", False: "compared with"}
ONLY = "with a reason each (dropped): the result speaks for those matched only."


@dataclass(frozen=True)
class ArmSize:
    """The size of an arm.

    all, matched   rows
    effective      Kish's (1965) effective number of those matched
    units          of how many units all rows are, and units_matched those matched
    """

    all: int
    matched: int
    effective: float
    units: int
    units_matched: int

    @classmethod
    def of(cls, everyone: Everyone, treated: bool) -> Self:
        """Count the rows of an arm."""
        rows, matched = everyone.arm(treated), everyone.arm(treated, matched=True)
        effective = effective_sample_size(everyone.weight[rows])
        return cls(len(rows), len(matched), effective, everyone.count_units(rows), everyone.count_units(matched))

    @property
    def dropped(self) -> int:
        """Rows that were left out."""
        return self.all - self.matched

    @property
    def is_even(self) -> bool:
        """Whether the matched rows count for no fewer, as far as may be seen, or are too few to say."""
        return self.units_matched < SMALLEST_SHOWN or rounded(self.effective) == rounded(self.matched)


def tell_sizes(everyone: Everyone, design: Design) -> str:
    """Return how many were matched, in plain sentences; counts are rounded and small ones not shown."""
    treated, compared = ArmSize.of(everyone, True), ArmSize.of(everyone, False)
    found = (
        f"Of {counted(treated.all, treated.units, 'treated rows')}, {counted(treated.matched, treated.units_matched)} "
        f"were {BESIDE[makes_sets(design.method)]} "
        f"{counted(compared.matched, compared.units_matched, 'comparison rows')}{_in_sets(everyone, design)}."
    )
    return found + _tell_left_out(treated) + _tell_weights({"treated": treated, "comparison": compared})


def _in_sets(everyone: Everyone, design: Design) -> str:
    """Say how many sets there are where that is not how many were treated.

    So few that no count of people is near them are told as they are: the subclasses, as a rule.
    """
    if not makes_sets(design.method) or design.wanted is not None:
        return ""
    sets = int(everyone.set_id.max(initial=-1)) + 1
    what = "subclass" if design.method == "subclassification" else "set"
    several = "" if sets == 1 else "es" if what == "subclass" else "s"
    return f" in {rounded(sets) if everyone.is_small or sets >= SMALLEST_SHOWN else sets} {what}{several}"


def _tell_weights(arms: dict[str, ArmSize]) -> str:
    uneven = [(name, rounded(size.effective)) for name, size in arms.items() if not size.is_even]
    if not uneven:
        return ""
    (name, effective), *more = uneven
    also = "".join(f", and the {other} rows for as much as {count}" for other, count in more)
    return f" By their weights the {name} rows count for as much as {effective} of equal weight{also}."


def _tell_left_out(treated: ArmSize) -> str:
    if not treated.dropped:
        return ""
    who = f"Fewer than {SMALLEST_SHOWN}" if treated.dropped < SMALLEST_SHOWN else "The rest"
    return f" {who} were left out, {ONLY}"
