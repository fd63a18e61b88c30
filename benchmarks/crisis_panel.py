"""The families of ``benchmarks.crisis`` as a panel, and matched as an evaluation does."""

from dataclasses import dataclass

import pandas as pd

from benchmarks.crisis import draw
from tf_eval.matching import Matched, check_balance, match


@dataclass
class CrisisPanel:
    """What estimators need of a panel: families of one start cohort in event time."""

    months: pd.DataFrame

    def event_time_frame(self, matched, outcome: str, columns) -> pd.DataFrame:
        matched.require_accepted("event_time_frame")
        rows = matched.frame.assign(row=matched.frame.index, start_cohort=0).rename(columns={"family": "family_id"})
        known = self.months.rename(columns={"family": "family_id", "month": "event_time", "incidents": outcome})
        wanted = dict.fromkeys(["row", "family_id", "start_cohort", "weight", *columns])
        long = rows[list(wanted)].merge(known.drop(columns="start"), on="family_id")
        return long.assign(adopted=long["family_id"].isin(rows.loc[rows["picked"], "family_id"]).map({True: 0.0}))


def matched_crisis(world: str, on: list[str], seed: int = 1) -> tuple[CrisisPanel, Matched]:
    """Return the panel of a world, and its families matched on some columns."""
    families, months = draw(world, seed)
    matched = match(families, treated="picked", unit="family", on=on, ratio=3, caliper=0.4)
    return CrisisPanel(months), check_balance(matched).accept(because="some designs are made to be wrong")
