"""The questions as tf_eval's public functions answer them; all that knows tf_eval's engine stands in this file.

``build_cohort`` always gives the evidence, the flow and when each criterion was met or could not be told, so that both
questions of eligibility cost the same; ``build_panel`` also gives household and home of each family in each month.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.cohort_peers import questions as q
from benchmarks.cohort_peers.duckdb_peer import open_session as connected
from tf_eval.cohort import Cohort, Flow, Outcome, Panel, build_cohort, build_panel
from tf_eval.cohort.engines import DuckDB
from tf_eval.cohort.panel_data import PanelData
from tf_eval.cohort.support import read_support

NOT_COMPARED = {
    "windows": "no public function gives window counts: the panel's counts are added up over twelve months, and so an "
    "event counts for the family of its own day"
}


@dataclass(frozen=True)
class ParquetCounty:
    """A county whose tables are views of Parquet files."""

    folder: Path

    def connect(self) -> duckdb.DuckDBPyConnection:
        return connected(self.folder)


def open_session(folder: Path) -> ParquetCounty:
    return ParquetCounty(folder)


def windows(county: ParquetCounty) -> pd.DataFrame:
    """Add up the panel of all families over the last twelve months and keep what is above 0."""
    data = build_panel(county, _cohort_of(county), [_count(q.CALLOUT, (q.CALLOUT,))]).data
    upto = np.cumsum(_dense(data, q.CALLOUT), axis=1)
    upto[:, q.LOOK_BACK :] -= upto[:, : -q.LOOK_BACK].copy()
    row, column = np.nonzero(upto)
    columns = data.family_ids[row], data.months[column], upto[row, column]
    return pd.DataFrame(dict(zip(q.COLUMNS["windows"], columns, strict=True)))


def eligibility(county: ParquetCounty) -> pd.DataFrame:
    return build_cohort(county, q.programme()).families.dropna(subset="qualified_on")


def evidence(county: ParquetCounty) -> pd.DataFrame:
    """The evidence of every day is had; what decided on the first day of being eligible is compared."""
    cohort = build_cohort(county, q.programme())
    qualified = cohort.families.set_index("family_id")["qualified_on"]
    on = cohort.evidence["family_id"].map(qualified)
    return cohort.evidence[(cohort.evidence["start_date"] <= on) & (on < cohort.evidence["end_date"])]


def panel(county: ParquetCounty) -> Panel:
    outcomes = [_count(name, kinds) for name, kinds in q.KINDS_OF_COUNT.items()] + [_state(q.BENEFIT)]
    return build_panel(county, _cohort_of(county, f"WHERE family_id <= {q.PANEL_FAMILIES}"), outcomes)


def to_table(answer: pd.DataFrame | Panel) -> pd.DataFrame:
    """Return the matrices of a panel as one row a family and month, to be compared; this is not measured."""
    if isinstance(answer, pd.DataFrame):
        return answer
    data = answer.data
    columns = {"family_id": np.repeat(data.family_ids, len(data.months))}
    columns["month"] = np.tile(data.months, len(data.family_ids))
    return pd.DataFrame({**columns, **{name: _dense(data, name).ravel() for name in q.OUTCOMES}})


def _dense(data: PanelData, outcome: str) -> np.ndarray:
    """Return one outcome of all families and months; the panel itself is sparse.

    A month in which a family had nobody who could have done it is missing in ours, and 0 in the question.
    """
    return np.nan_to_num(data.series[outcome].values(np.arange(len(data.family_ids))))


def _cohort_of(county: ParquetCounty, where: str = "") -> Cohort:
    """Return a cohort of given families, qualified or not: the question names them, and no programme finds them."""
    with county.connect() as connection:
        families = connection.execute(f"SELECT family_id FROM family {where} ORDER BY family_id").df()
        support = read_support(DuckDB(connection))
    nothing = pd.DataFrame()
    families = families.assign(qualified_on=pd.NaT, started_on=pd.NaT)
    return Cohort(q.programme(), families, nothing, nothing, nothing, Flow(()), support)


def _count(name: str, kinds: tuple[str, ...]) -> Outcome:
    under_age = q.OFFENDER_UNDER // 12 if name == q.OFFENCE else None
    return Outcome(name, name, "count", "event", kinds, "events", 1, 1, "fall", under_age=under_age)


def _state(kind: str) -> Outcome:
    return Outcome(kind, kind, "state", "spell", (kind,), "families", 1, 1, "fall")
