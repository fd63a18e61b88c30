"""Pooled effects, group by group, that take new rows as they are released."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.arguments import require_given
from tf_eval.errors import ConfigError, NotEstimated, unknown
from tf_eval.evidence.pooling.design import PoolingDesign
from tf_eval.evidence.pooling.estimates import TOLD, Labels, grouped, read_estimates
from tf_eval.evidence.pooling.figure import draw_groups
from tf_eval.evidence.pooling.pooled import PooledEffect, pool_group
from tf_eval.evidence.pooling.random_effects import NUMBERS
from tf_eval.evidence.pooling.words import summarise
from tf_eval.matching.arguments import require_frame
from tf_eval.matching.display import so_many


@dataclass(frozen=True, eq=False, repr=False)
class PooledEffects:
    """The mean effect over places in each group (such as an intervention and an outcome), and how places differ.

    Attributes:
        effects: by the labels of a group, in the order of ``design.by``: its mean, or why there is none.
        estimates: the table that was pooled, as it was given.
        notes: what was done to it.
        design: what was asked.
    """

    effects: Mapping[Labels, PooledEffect | NotEstimated]
    estimates: pd.DataFrame
    notes: tuple[str, ...]
    design: PoolingDesign

    def of(self, *labels: Hashable) -> PooledEffect | NotEstimated:
        """Return one group by its labels, in the order of ``design.by``; ``ConfigError`` where there is none."""
        if labels not in self.effects:
            told = [", ".join(map(str, known)) for known in self.effects if known]
            groups = unknown("group", ", ".join(map(str, labels)), told) if told else "there is one group, of()"
            raise ConfigError(f"of: {groups}")
        return self.effects[labels]

    def table(self) -> pd.DataFrame:
        """Return a row for each group: ``n_places``, ``n_left_out``, the numbers, and the ``reason`` for none."""
        return pd.DataFrame([self.design.where(labels) | _row(effect) for labels, effect in self.effects.items()])

    def leave_one_out(self) -> pd.DataFrame:
        """Return a row for each group and place (``left_out``), with the numbers without that place."""
        parts = [(labels, effect.leave_one_out()) for labels, effect in self._known]
        return self._joined(parts, ["left_out", "n_places", *NUMBERS])

    def cumulative(self) -> pd.DataFrame:
        """Return a row for each group and period (``up_to``), with the numbers that estimates up to then came to.

        Estimates count from the end of their last period on. Raises ``ConfigError`` where ``period`` was not named.
        """
        if not self.design.period:
            raise ConfigError("cumulative: there is no order in time; name period=... in pool_effects")
        parts = []
        for labels, rows in grouped(read_estimates(self.estimates, self.design)):
            known = rows[rows["effect"].notna()]
            found = [(up_to, known[known["last"] <= up_to]) for up_to in sorted(known["last"].unique())]
            lines = [{"up_to": up_to, **_row(pool_group(some, labels, self.design))} for up_to, some in found]
            parts.append((labels, pd.DataFrame(lines)))
        return self._joined(parts, ["up_to", "n_places", *NUMBERS])

    def with_(self, new_rows: pd.DataFrame) -> "PooledEffects":
        """Return what comes of it with new rows: each replaces that of the same group, place and period, or is added.

        A new row stands where that stood which it replaces. The result notes how many did which. Raises ``InputError``
        as ``pool_effects`` does: also where a new row's period overlaps another of its place without being the same.
        """
        require_frame(new_rows, "with_")
        told = [name for name in ("unit", *TOLD) if name in self.estimates]
        require_given(new_rows, [*self.design.columns, *told], "with_")
        key = list(self.design.key)
        own, new = (pd.MultiIndex.from_frame(frame[key]) for frame in (self.estimates, new_rows))
        replaced = own.isin(new)
        note = f"{so_many(int(replaced.sum()), 'estimate')} replaced, {len(new_rows) - replaced.sum():,} added."
        table = pd.concat([self.estimates[~replaced], new_rows], ignore_index=True)
        rows = own.get_indexer(new)
        order = np.r_[np.flatnonzero(~replaced), np.where(rows < 0, len(own), rows)]
        return pool_table(table.iloc[np.argsort(order, kind="stable")].reset_index(drop=True), self.design, note)

    def summary(self) -> str:
        """Return the sentences of each group, a line each."""
        return "\n".join(
            summarise(effect) if effect else f"{', '.join(map(str, labels))} {effect.summary()}".strip()
            for labels, effect in self.effects.items()
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the forest of the only group, or each group's mean with what another place may expect.

        Raises ``ConfigError`` where groups are in different units, which no axis has.
        """
        known = [effect for _, effect in self._known]
        if len(known) == len(self.effects) == 1:
            return known[0].plot(ax)
        units = sorted({effect.unit or "none" for effect in known})
        if len(units) > 1:
            raise ConfigError(f"plot: groups are in different units ({', '.join(units)}); draw each, by of(...).plot()")
        return draw_groups(known, len(self.effects), ax)

    def to_dict(self) -> dict[str, Any]:
        groups = [self.design.where(labels) | effect.to_dict() for labels, effect in self.effects.items()]
        return {"design": self.design.to_dict(), "notes": list(self.notes), "groups": groups}

    def __repr__(self) -> str:
        return f"<PooledEffects: {so_many(len(self.effects), 'group')}, {so_many(len(self.estimates), 'estimate')}>"

    @property
    def _known(self) -> list[tuple[Labels, PooledEffect]]:
        return [(labels, effect) for labels, effect in self.effects.items() if effect]

    def _joined(self, parts: list[tuple[Labels, pd.DataFrame]], columns: list[str]) -> pd.DataFrame:
        """Return the tables of groups as one, each row with the labels of its group."""
        rows = [self.design.where(labels) | row for labels, part in parts for row in part.to_dict("records")]
        return pd.DataFrame(rows, columns=[*self.design.by, *columns])


def pool_table(table: pd.DataFrame, design: PoolingDesign, *notes: str) -> PooledEffects:
    """Return the groups of a table, pooled."""
    rows = read_estimates(table, design)
    effects = {labels: pool_group(group, labels, design) for labels, group in grouped(rows)}
    return PooledEffects(effects, table.copy(), (*notes, *_notes(rows)), design)


def _row(effect: PooledEffect | NotEstimated) -> dict[str, Any]:
    if not effect:
        return {"n_places": 0, "reason": effect.reason}
    counts = {"n_places": len(effect.places), "n_left_out": effect.n_left_out, "unit": effect.unit}
    return counts | effect.numbers | {"reason": None}


def _notes(rows: pd.DataFrame) -> list[str]:
    """Return what was done to the rows, and what looks like one study under two names."""
    notes, known = [], rows[rows["effect"].notna()]
    hidden = len(rows) - len(known)
    if hidden:
        notes.append(f"{hidden} of {len(rows)} estimates are left out: the effect or its error is hidden or missing.")
    if known.duplicated(["group", "place"]).any():
        notes.append("Several periods of a place count as one estimate, their mean with weights inverse to variance.")
    alike = known[known.duplicated(["group", "effect", "std_error"], keep=False)]
    if len(alike):
        named = ", ".join(map(str, alike["place"].unique()))
        notes.append(f"The same effect with the same error: {named}. If it is one study told twice, keep one of them.")
    return notes
