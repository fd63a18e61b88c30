"""How each matched family changed: the outcome of rules that look at one number of each row of a match."""

from dataclasses import replace
from typing import Any

import pandas as pd

from tf_eval.errors import NotEstimated
from tf_eval.evidence.levels import mean_between
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.matching import Matched

CHANGE = "change_of_outcome"


def matched_changes(panel: Any, matched: Matched, measured: OutcomeEffect) -> Matched | NotEstimated:
    """Return the match with the column ``CHANGE``: mean outcome over the follow-up less that over the baseline.

    Families of which one of them was not observed are left out, and sets in which nobody is left of one arm.
    """
    name = measured.outcome.name
    frame = panel.event_time_frame(matched, name, [])
    after = mean_between(frame, name, *measured.follow_up)
    change = after - mean_between(frame, name, -measured.estimate.design.window, -1)
    kept = _whole_sets(matched.frame.assign(**{CHANGE: change}).dropna(subset=[CHANGE]), matched.treated)
    if kept[matched.treated].nunique() < 2:
        return NotEstimated("no families of both groups were observed before the start and after it")
    return replace(matched, frame=kept)


def _whole_sets(frame: pd.DataFrame, treated: str) -> pd.DataFrame:
    if "set_id" not in frame:
        return frame
    return frame[frame.groupby("set_id")[treated].transform("nunique") == 2]
