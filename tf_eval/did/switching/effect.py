"""One effect of a treatment that switches, as it is told."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.did.alone import NOT_JUDGED
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate, told_effect
from tf_eval.did.plain import plain
from tf_eval.matching.display import number


@dataclass(frozen=True, repr=False)
class Measured:
    """An effect with its error, interval and two-sided p-value; how many units it rests on it does not know."""

    effect: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float

    @classmethod
    def of(cls, found: Estimate) -> "Measured":
        return cls(found.att, found.std_error, found.ci_low, found.ci_high, found.p_value)

    def __repr__(self) -> str:
        return f"<Measured: {', '.join(self.__dataclass_fields__)}>"


@dataclass(frozen=True, eq=False, repr=False)
class SwitchingEffect:
    """The effect of more treatment than at the start, over the units that changed theirs.

    ``event_time`` is 0 in the period of the first change; None: over all of them. ``total`` is the effect of all the
    treatment above the start until then (of those whose treatment fell: what the fall took away), ``dose`` how much
    that is on average, in units of the treatment times periods, and ``per_dose`` the one over the other.
    ``treated_share`` is the share, by weight, of all units that changed. ``is_alone`` is as of ``Estimate``.
    """

    event_time: int | None
    total: Measured
    per_dose: Measured
    dose: float
    n_treated: int
    n_comparison: int
    treated_share: float
    design: Design
    is_alone: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether words and figures may tell the effect; see ``smallest_shown`` of ``Design``."""
        return self.design.shows(self.n_treated, self.n_comparison)

    def summary(self) -> str:
        """Return size, interval and what it holds for in plain sentences; counts are rounded, small ones not shown."""
        when = "over all periods since the change" if self.event_time is None else f"at event time {self.event_time}"
        named = f"effect on {self.design.outcome} per unit of treatment and period, {when}, is"
        if not self.is_shown:
            return f"The {named} {self.design.not_shown}"
        stands_for = self.design.told_share(self.treated_share, self.n_treated)
        share = "" if self.treated_share > 0.995 else f" It stands for {stands_for} of those that changed."
        return (
            f"The estimated {named} {self._told(self.per_dose)}; {self.design.told(self.n_treated)} units changed "
            f"treatment and {self.design.told(self.n_comparison)} had not yet.{self._alone()}{share} "
            f"{self._told_total()} It holds only if both would have changed alike had treatment stayed as it began."
        )

    def _told_total(self) -> str:
        had = "By then they had had" if self.event_time is not None else "On average they had"
        unit = " (units times periods)" if self.event_time is not None else ""
        return f"{had} {number(self.dose)} more of it{unit}, with an effect of {self._told(self.total)}."

    def numbers(self) -> dict[str, Any]:
        """Return the numbers of a row of the table."""
        per_dose = {name: value for name, value in asdict(self.per_dose).items() if name != "p_value"}
        renamed = {
            name.replace("effect", "per_dose").replace("std_error", "per_dose_error"): per_dose[name]
            for name in per_dose
        }
        renamed = {name.replace("ci_", "per_dose_"): value for name, value in renamed.items()}
        counts = {name: getattr(self, name) for name in ("dose", "n_treated", "n_comparison", "treated_share")}
        return {"event_time": self.event_time, **asdict(self.total), **renamed, **counts}

    def to_dict(self) -> dict[str, Any]:
        return plain(self.numbers())

    def __repr__(self) -> str:
        counts = {"changed": self.n_treated, "comparison": self.n_comparison}
        own = self.per_dose
        ends = (math.nan, math.nan) if self.is_alone else (own.ci_low, own.ci_high)
        told = told_effect(own.effect, *ends, counts, self.design)
        return f"<SwitchingEffect: {self.design.outcome} per unit of treatment and period: {told}>"

    def _alone(self) -> str:
        return f" All that changed are of one cluster: {NOT_JUDGED}" if self.is_alone else ""

    def _told(self, measured: Measured) -> str:
        if self.is_alone:
            return number(measured.effect)
        ends = f"{number(measured.ci_low)} to {number(measured.ci_high)}"
        return f"{number(measured.effect)} ({self.design.level} interval {ends})"
