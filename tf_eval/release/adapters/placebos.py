"""Placebos as the view that the gate accepts."""

from typing import Any

import pandas as pd

from tf_eval.evidence import OutcomeEffect, Placebos
from tf_eval.evidence.placebos.rates import DATE, LOT
from tf_eval.release.adapters.common import base, counts, interval, named, number
from tf_eval.release.gate import register_view
from tf_eval.release.placebos import ControlRow, Found, Interval, PlaceboRow, PlacebosView


def placebos_view(placebos: Placebos) -> PlacebosView:
    """What was found where there is nothing, beside the effects in question."""
    ends = placebos.calibrated.set_index("outcome")
    rows = tuple(_row(placebos, effect, ends.loc[effect.outcome.name]) for effect in placebos.measured)
    controls = tuple(_control(effect) for effect in placebos.negative_controls)
    return PlacebosView(rows, placebos.check.passed, placebos.summary(), controls)


def _row(placebos: Placebos, effect: OutcomeEffect, ends: pd.Series) -> PlaceboRow:
    name = effect.outcome.name
    own = placebos.controls[placebos.controls["outcome"] == name]
    return PlaceboRow(
        **named(effect.outcome),
        smallest_worthwhile=effect.smallest_worthwhile,
        planned=_interval(ends, ""),
        put_right=_interval(ends, "calibrated_"),
        by_lot=_found(own, LOT),
        too_early=_found(own, DATE),
        recovered=number(placebos.recovered.get(name)),
        **counts(effect.headline),
    )


def _control(effect: OutcomeEffect) -> ControlRow:
    size = effect.headline
    return ControlRow(
        **named(effect.outcome),
        smallest_worthwhile=effect.smallest_worthwhile,
        found=Interval(**interval(size), p_value=number(getattr(size, "p_value", None))),
        **base(size),
        **counts(size),
    )


def _interval(ends: pd.Series, prefix: str) -> Interval:
    return Interval(*(number(ends[f"{prefix}{name}"]) for name in ("value", "low", "high", "p_value")))


def _found(controls: pd.DataFrame, kind: str) -> tuple[Found, ...]:
    rows = controls[controls["kind"] == kind].to_dict("records")
    return tuple(
        Found(
            number(row["value"]),
            bool(row["low"] > 0 or row["high"] < 0),
            _count(row["n_treated"]),
            _count(row["n_comparison"]),
        )
        for row in rows
    )


def _count(value: Any) -> int:
    return int(number(value) or 0)


register_view(Placebos, placebos_view)
