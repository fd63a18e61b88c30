"""The bands of event times that effects are averaged over: those where none are named, and those before treatment."""

from collections.abc import Mapping
from typing import Any

from tf_eval.did.arguments import band_problems
from tf_eval.did.design import Design
from tf_eval.errors import ConfigError, raise_all

BANDS: Mapping[str, tuple[int, int]] = {"1-6": (1, 6), "7-12": (7, 12), "13-18": (13, 18), "19-24": (19, 24)}
# A test of what weights have been fitted to would nearly always let trends pass.
FITTED = "the comparison is weighted to run as the treated did before treatment, so what is left there tests nothing"
YEAR = 12  # periods that stand for the window where the base is none


def placebo_band(design: Design) -> tuple[int, int]:
    """Return the event times before the base window, as many as it has."""
    length = design.window or YEAR
    start = -design.anticipation - length
    return start - length, start - 1


def _placebo_bands(design: Design) -> tuple[tuple[int, int], ...] | None:
    """Return two bands that follow each other up to the base window, each half as long; none without a window."""
    if design.window is None:
        return None
    half, start = max(1, design.window // 2), -design.anticipation - design.window
    return (start - 2 * half, start - half - 1), (start - half, start - 1)


def before_treatment(asked: Any, design: Design, where: str) -> dict[str, tuple[int, int]]:
    """Return pairs of event times by name; where none are asked for two before the base window, or none at all.

    Raises ``ConfigError`` for what is no such pair, or does not end before treatment and its anticipation.
    """
    asked = _placebo_bands(design) if asked is None else asked
    if asked is None:
        return {}
    if not (isinstance(asked, tuple | list) and asked):
        raise ConfigError(f"{where}: bands are pairs of event times, first and last, such as [(-6, -4), (-3, -1)].")
    named = {_name(band) or str(place): band for place, band in enumerate(asked, 1)}
    raise_all(ConfigError, where, band_problems(named))
    late = [name for name, (_, last) in named.items() if last >= -design.anticipation]
    raise_all(
        ConfigError,
        where,
        [f"the band {name} must end before treatment (and its anticipation) begins." for name in late],
    )
    return named


def _name(band: Any) -> str:
    return f"{band[0]} to {band[1]}" if isinstance(band, tuple | list) and len(band) == 2 else ""
