"""The effects of all specifications side by side: the specification curve."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.plain import plain
from tf_eval.errors import ConfigError, NotEstimated, unknown
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.specifications.figure import draw_curve
from tf_eval.evidence.specifications.specification import Specification
from tf_eval.evidence.specifications.words import choices_of


@dataclass(frozen=True)
class CarriedOut:
    """One specification carried out.

    Attributes:
        specification: the way the study was done.
        sizes: the headline effect on each outcome.
        alike: whether the families it compares passed the balance check; None where none could be compared.
    """

    specification: Specification
    sizes: tuple[EffectSize | NotEstimated, ...]
    alike: bool | None


@dataclass(frozen=True, eq=False, repr=False)
class OutcomeCurve:
    """One outcome in every specification.

    Attributes:
        measured: its effect as planned.
        sizes: the effect by each specification, the planned one first.
        alike: of each, whether the families it compares passed the balance check; None where none could be compared.
    """

    measured: OutcomeEffect
    sizes: tuple[EffectSize | NotEstimated, ...]
    alike: tuple[bool | None, ...]

    @property
    def outcome(self) -> Outcome:
        return self.measured.outcome

    @property
    def planned(self) -> EffectSize | NotEstimated:
        return self.sizes[0]

    @cached_property
    def ordered(self) -> tuple[tuple[int, EffectSize], ...]:
        """What could be estimated and may be shown, the lowest effect first: places in ``sizes``, and the effects."""
        shows = self.measured.estimate.design.shows
        shown = [
            (place, size)
            for place, size in enumerate(self.sizes)
            if isinstance(size, EffectSize) and shows(size.n_treated, size.n_comparison)
        ]
        return tuple(sorted(shown, key=lambda pair: pair[1].value))

    @property
    def reasons(self) -> dict[str, int]:
        """Why specifications are not among those shown, each reason with the number of specifications."""
        design = self.measured.estimate.design
        lost = Counter(size.reason for size in self.sizes if isinstance(size, NotEstimated))
        hidden = len(self.sizes) - len(self.ordered) - lost.total()
        return dict(lost) | ({f"they rest on {design.few}": hidden} if hidden else {})

    def summary(self) -> str:
        """Say how many ways find what the plan found, how far they range, and where the planned one lies."""
        sizes = [size for _, size in self.ordered]
        if not sizes:
            return f"{self.outcome.label}: no way of doing the study gives an estimate that can be shown."
        return f"{self.outcome.label}: {self._agreeing(sizes)} {self._range(sizes)}{self._left_out()}"

    def _agreeing(self, sizes: list[EffectSize]) -> str:
        falls = [size for size in sizes if size.value < 0]
        way, found = ("fall", falls) if self._is_fall(sizes) else ("rise", [s for s in sizes if s.value > 0])
        clear = sum(size.excludes_zero for size in found)
        return (
            f"{len(found)} of {len(sizes)} ways of doing the study find a {way}, and in {clear} of them the range "
            "leaves out no change."
        )

    def _is_fall(self, sizes: list[EffectSize]) -> bool:
        middle = median(size.value for size in sizes)
        return (middle if isinstance(self.planned, NotEstimated) else self.planned.value) < 0

    def _range(self, sizes: list[EffectSize]) -> str:
        values = [size.value for size in sizes]
        said = (
            f"They run from {values[0]:+.1f} to {values[-1]:+.1f} {self.outcome.unit}, with {median(values):+.1f} in "
            "the middle."
        )
        if isinstance(self.planned, NotEstimated):
            return f"{said} The planned one could not be estimated."
        below, above = sum(value < self.planned.value for value in values), sum(v > self.planned.value for v in values)
        return f"{said} The planned one is {self.planned.value:+.1f}: {below} lie lower and {above} higher."

    def _left_out(self) -> str:
        return "".join(
            f" {count} more {'is' if count == 1 else 'are'} not among them: {reason}."
            for reason, count in self.reasons.items()
        )

    def __repr__(self) -> str:
        return f"<OutcomeCurve: {self.outcome.label}, {len(self.ordered)} of {len(self.sizes)} specifications>"


@dataclass(frozen=True, eq=False, repr=False)
class SpecificationCurve:
    """The headline effects of a study done in every way of a declared list.

    The ways share their families, so that they are no independent witnesses: how many agree is no probability.

    Attributes:
        effects: the outcomes that decide, as measured.
        rows: each specification carried out, the planned one first.
    """

    effects: tuple[OutcomeEffect, ...]
    rows: tuple[CarriedOut, ...]

    @property
    def planned(self) -> Specification:
        return self.rows[0].specification

    @property
    def curves(self) -> tuple[OutcomeCurve, ...]:
        """Each outcome in every specification."""
        return tuple(
            OutcomeCurve(effect, tuple(row.sizes[place] for row in self.rows), tuple(row.alike for row in self.rows))
            for place, effect in enumerate(self.effects)
        )

    @property
    def choices(self) -> tuple[dict[str, str], ...]:
        """What was chosen in each row, in words, by what is chosen."""
        return tuple(choices_of(row.specification, self.planned) for row in self.rows)

    def table(self) -> pd.DataFrame:
        """Return a row for each specification and outcome, in reporting units.

        ``specification`` counts from 0, the planned one (``planned``); ``alike`` says whether the families that it
        compares passed the balance check; ``not_estimated`` has the reason where there is no effect.
        """
        rows = [
            {
                "outcome": effect.outcome.name,
                "specification": number,
                "planned": number == 0,
                **row.specification.to_dict(),
                "pools": ", ".join(row.specification.pools),
                "alike": row.alike,
                **size.to_dict(),
            }
            for number, row in enumerate(self.rows)
            for effect, size in zip(self.effects, row.sizes, strict=True)
        ]
        return pd.DataFrame(rows)

    def plot(self, outcome: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw one outcome (default: the first): the effects in order, and below each the choices that led to it."""
        return draw_curve(self._curve(outcome), self.choices, ax)

    def summary(self) -> str:
        return " ".join(curve.summary() for curve in self.curves)

    def to_dict(self) -> dict[str, Any]:
        rows = [plain(row) for row in self.table().to_dict("records")]
        return {"outcomes": [effect.outcome.name for effect in self.effects], "rows": rows}

    def __repr__(self) -> str:
        return f"<SpecificationCurve: {len(self.rows)} specifications, {len(self.effects)} outcomes>"

    def _curve(self, outcome: str | None) -> OutcomeCurve:
        by_name = {curve.outcome.name: curve for curve in self.curves}
        if outcome is not None and outcome not in by_name:
            raise ConfigError(f"plot: {unknown('outcome', outcome, by_name)}")
        return by_name[outcome] if outcome else self.curves[0]
