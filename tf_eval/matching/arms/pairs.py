"""Two of the arms beside each other as a match: for balance, effects and sensitivity, but not to be made anew."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.errors import EstimationError
from tf_eval.matching.arms.design import FIRST, MATCHING, SCORE, WHERE, ArmsDesign
from tf_eval.matching.arms.sample import ArmsSample
from tf_eval.matching.arms.scored import Scored
from tf_eval.matching.comparison import match
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.matched import Matched


def match_two(sample: ArmsSample, first: int, second: int, score: np.ndarray, further: np.ndarray) -> Matched:
    """Set rows of the first arm beside rows of the second, by ``match``; the labels of its rows are their places.

    Args:
        sample: the rows.
        first: place of the arm whose rows choose.
        second: place of the other arm.
        score: of each row of the sample, by which they are matched.
        further: rows by further scores that have to be near as well; of no column where there are none.
    """
    rows, design = sample.of_arms(first, second), sample.design
    frame = sample.callers_rows(rows).drop(columns=design.arm).set_axis(rows)
    free = (name for name in map(f"{SCORE}_{{}}".format, count(2)) if name not in frame)
    named = dict(zip(free, further[rows].T, strict=False))
    frame = frame.assign(**{FIRST: sample.arm[rows] == first, SCORE: score[rows]}, **named)
    asked = {"exact": design.exact, "unit": design.unit, "caliper": design.caliper, "missing": design.missing}
    try:
        return match(
            frame, on=design.on, treated=FIRST, score=SCORE, order="closest", **asked, **_in_space(named, design)
        )
    except EstimationError as error:
        raise EstimationError(f"{WHERE}, '{sample.arms[first]}' beside '{sample.arms[second]}': {error}") from None


def _in_space(further: Sequence[str], design: ArmsDesign) -> dict[str, Any]:
    """Return the options by which all scores together say who is near, and each keeps the caliper."""
    if not further:
        return {}
    calipers = {} if design.caliper is None else dict.fromkeys(further, design.caliper)
    return {"distance": "mahalanobis", "distance_on": (SCORE, *further), "calipers_sd": calipers}


def with_callers_rows(sample: ArmsSample, matched: Matched, pair: tuple[int, int]) -> Matched:
    """Return what ``match_two`` found of a pair with the caller's columns, labels and order of rows."""
    found = (rows.index.to_numpy(dtype=np.int64) for rows in (matched.frame, matched.dropped))
    taken, left = map(sample.in_callers_order, found)
    place = sample.of_arms(*pair)[matched.everyone.input_row]
    return replace(
        matched,
        frame=_restored(sample, matched.frame.loc[taken], [FIRST, "weight", "set_id", SCORE]),
        dropped=_restored(sample, matched.dropped.loc[left], [FIRST, "reason"]),
        everyone=replace(matched.everyone, input_row=sample.input_row[place]),
        sealed=sample.sealed(taken, left),
    )


def _restored(sample: ArmsSample, rows: pd.DataFrame, added: list[str]) -> pd.DataFrame:
    places = rows.index.to_numpy(dtype=np.int64)
    return sample.callers_rows(places).assign(**{name: rows[name].to_numpy() for name in added})


def pairs_of(
    scored: Scored, weight: np.ndarray, set_id: np.ndarray | None, reason: np.ndarray
) -> dict[tuple[int, int], Matched]:
    """Return every two arms beside each other, where all arms have their weights (and sets) together."""
    return {pair: _pair(scored, pair, weight, set_id, reason) for pair in scored.sample.pairs}


def _said(design: ArmsDesign) -> str:
    """Say of two arms that were matched or weighted with all others whom they stand for."""
    whom = {"att": f"those of '{design.reference}'", "ate": "all arms", "ato": "those who could have been in any arm"}
    if design.method in MATCHING:
        return f"The sets have a row of every arm, each near that of '{design.reference}' in all log odds together."
    return f"Both arms are weighted to be like {whom[design.estimand]}; that is whom a difference is about."


def _pair(
    scored: Scored, pair: tuple[int, int], weight: np.ndarray, set_id: np.ndarray | None, reason: np.ndarray
) -> Matched:
    sample, design = scored.sample, scored.sample.design
    rows = sample.of_arms(*pair)
    taken = sample.in_callers_order(rows[weight[rows] > 0])
    left = sample.in_callers_order(rows[(weight[rows] == 0) & (sample.arm[rows] == pair[0])])
    score = scored.predictor[:, pair[0]] - scored.predictor[:, pair[1]]
    sets = {} if set_id is None else {"set_id": set_id[taken]}
    added = {FIRST: sample.arm[taken] == pair[0], "weight": weight[taken], **sets, SCORE: score[taken]}
    return Matched(
        frame=sample.callers_rows(taken).assign(**added),
        treated=FIRST,
        unit=design.unit,
        dropped=sample.callers_rows(left).assign(reason=reason[left]),
        notes=(_said(design),),
        design=replace(design.of_pair(), caliper=None),  # it was one on each of the log odds from the reference arm
        covariates=design.on,
        everyone=_everyone(sample.only(rows), pair[0], weight[rows], score[rows], set_id, rows),
        sealed=sample.sealed(taken, left),
    )


def _everyone(
    sample: ArmsSample, first: int, weight: np.ndarray, score: np.ndarray, set_id: np.ndarray | None, rows: np.ndarray
) -> Everyone:
    member = np.flatnonzero(weight) if set_id is not None else np.empty(0, dtype=np.int64)
    sets = set_id[rows[member]] if set_id is not None else member
    who = member, sets, sample.input_row, sample.unit
    return Everyone(sample.arm == first, weight, sample.covariates, score, SCORE, *who)
