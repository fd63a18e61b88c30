"""How often an evaluation is right: shares and means over many counties, each with its Monte-Carlo error.

Cells of one county share its families, so errors are by county: of a ratio of sums by its linearisation (Cochran 1977,
Sampling Techniques, section 6.4), of bias by leaving out each county in turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.evidence import Word

BETTER = (Word.WORKS, Word.PROMISING)


@dataclass(frozen=True)
class Measure:
    """A share or a mean.

    Attributes:
        value: what it comes to; missing where there is nothing that it is of.
        error: its Monte-Carlo error; missing with fewer than two counties.
        number: of how many cells (of league tables, for what is overstated).
    """

    value: float
    error: float
    number: int


def is_known(cell: dict[str, Any]) -> bool:
    """Whether a cell has an estimate, and a truth to hold it against."""
    return cell["effect"] is not None and cell["truth"] is not None


def frame_of(records: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Return the known cells of records as one table, with what is true or false of each.

    ``null``: the intervention does nothing to the outcome. ``wrong``: a verdict that says what is not so, which is
    a benefit (also in doubt) or harm where there is none, or that no effect is worth having where one is.
    ``warned``: some check was not passed.
    """
    rows = [
        {"world": record["world"], "seed": record["seed"], **cell}
        for record in records
        for cell in record["cells"]
        if is_known(cell)
    ]
    cells = pd.DataFrame(rows).astype({name: float for name in ("truth", "sd", "effect", "naive", "shrunk")})
    gain = cells["truth"] * np.where(cells["good_direction"] == "fall", -1, 1)
    verdict = cells["verdict"]
    return cells.assign(
        null=cells["truth"] == 0,
        gain=gain,
        covered=(cells["low"] <= cells["truth"]) & (cells["truth"] <= cells["high"]),
        claims=verdict.isin([*BETTER, Word.HARM]),
        wrong=(verdict.isin(BETTER) & (gain <= 0))
        | ((verdict == Word.HARM) & (gain >= 0))
        | ((verdict == Word.NO_EFFECT) & (gain.abs() >= cells["smallest_worthwhile"])),
        warned=cells["failed"].map(bool),
    )


def measures_of(cells: pd.DataFrame) -> dict[str, Measure]:
    """Return the measures of one world.

    Args:
        cells: cells of it, as ``frame_of`` returns them.

    ``coverage`` of the 95 % intervals; ``bias``: the absolute bias, summed over cells in standard deviations, as a
    share of that of before and after; ``false_claims``: "works" or "may do harm" among cells where nothing is done and
    recording cannot mislead; ``false_discoveries``: the false discovery rate of "works" (Benjamini and Hochberg 1995),
    which is the mean over counties of the share without a benefit, 0 where nothing is said to work; ``sign_errors``:
    among claims where something is done, those of the other sign; ``overstatement`` of the effect that is shrunk
    furthest to the good, in standard deviations; ``wrong`` verdicts; ``warned``: of these, those with a failed check;
    ``false_alarms``: of the right ones, those with one; ``warned_misses``: of intervals that miss the truth, those with
    one.
    """
    testable = cells["null"] & ~cells["sensitive"]
    works = cells["verdict"] == Word.WORKS
    other_sign = np.sign(cells["effect"]) != np.sign(cells["truth"])
    real = cells["claims"] & ~cells["null"]
    return {
        "coverage": share(cells, cells["covered"]),
        "bias": _bias(cells),
        "false_claims": share(cells, works | (cells["verdict"] == Word.HARM), testable),
        "false_discoveries": _false_discoveries(cells, works),
        "sign_errors": share(cells, other_sign, real),
        "overstatement": _overstatement(cells),
        "wrong": share(cells, cells["wrong"]),
        "warned": share(cells, cells["warned"], cells["wrong"]),
        "false_alarms": share(cells, cells["warned"], ~cells["wrong"]),
        "warned_misses": share(cells, cells["warned"], ~cells["covered"]),
    }


def share(cells: pd.DataFrame, having: pd.Series, among: pd.Series | None = None) -> Measure:
    """Return the share of cells ``among`` some (default: all) that have something."""
    of = pd.Series(True, index=cells.index) if among is None else among
    by_county = pd.DataFrame({"having": having & of, "of": of}).groupby(cells["seed"]).sum().astype(float)
    number, counties = int(by_county["of"].sum()), len(by_county)
    if not number:
        return Measure(np.nan, np.nan, 0)
    value = by_county["having"].sum() / number
    residuals = by_county["having"] - value * by_county["of"]
    spread = np.sqrt((residuals**2).sum() * counties / (counties - 1)) if counties > 1 else np.nan
    return Measure(float(value), float(spread / number), number)


def _false_discoveries(cells: pd.DataFrame, works: pd.Series) -> Measure:
    counted = pd.DataFrame({"works": works, "false": works & (cells["gain"] <= 0)}).groupby(cells["seed"]).sum()
    shares = counted["false"] / counted["works"].clip(lower=1)
    return Measure(float(shares.mean()), float(shares.sem()), len(shares))


def _bias(cells: pd.DataFrame) -> Measure:
    known = cells[cells["naive"].notna() & (cells["sd"] > 0)]
    off = {name: (known[name] - known["truth"]) / known["sd"] for name in ("effect", "naive")}
    table = pd.DataFrame(off).assign(seed=known["seed"], place=known["intervention"] + " " + known["outcome"])
    wide = table.pivot(index="seed", columns="place")
    sums, numbers = wide.fillna(0).to_numpy(), wide.notna().to_numpy()
    value = _ratio(sums.sum(axis=0), numbers.sum(axis=0))
    counties = len(wide)
    if counties < 2:
        return Measure(float(value), np.nan, len(known))
    others = _ratio(sums.sum(axis=0) - sums, numbers.sum(axis=0) - numbers)
    return Measure(float(value), float(np.sqrt((counties - 1) * np.var(others))), len(known))


def _ratio(sums: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return the ratio of summed absolute means: of the first half of the last axis to the second."""
    effect, naive = np.split(np.abs(sums / np.maximum(numbers, 1)), 2, axis=-1)
    return effect.sum(axis=-1) / naive.sum(axis=-1)


def _overstatement(cells: pd.DataFrame) -> Measure:
    ranked = cells[cells["shrunk"].notna() & (cells["sd"] > 0)]
    turn = np.where(ranked["good_direction"] == "fall", -1, 1)
    over = (turn * ranked["shrunk"] - ranked["gain"]) / ranked["sd"]
    best = (turn * ranked["shrunk"]).groupby([ranked["seed"], ranked["outcome"]]).idxmax()
    by_county = over.loc[best].groupby(ranked["seed"].loc[best]).mean()
    return Measure(float(by_county.mean()), float(by_county.sem()), len(best))
