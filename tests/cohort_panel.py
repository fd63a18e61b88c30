"""Outcomes and panels for tests, without a programme: only which families, and what became of them."""

from dataclasses import dataclass
from types import SimpleNamespace

import duckdb
import pandas as pd

from tests.cohort_county import SmallCounty
from tf_eval.cohort import Outcome, Panel, build_panel

BASE = {"unit": "u", "scale": 1.0, "smallest_worthwhile": 1.0, "good_direction": "fall"}
OFFENCES = Outcome(name="offences", label="Offences", kind="count", table="event", kinds=("proven_offence",), **BASE)
BENEFITS = Outcome(name="benefit", label="Benefit", kind="state", table="spell", kinds=("out_of_work_benefit",), **BASE)
ABSENCE = Outcome(
    name="absence",
    label="Absence",
    kind="share",
    table="attendance",
    kinds=(),
    numerator="unauthorised",
    by_term=True,
    **BASE,
)
CALLOUTS = Outcome(
    name="cost",
    label="Call-outs",
    kind="money",
    table="event",
    kinds=("police_callout",),
    prices={"police_callout": 12.5},
    price_year="2012/13",
    price_source="a test",
    **BASE,
)
NO_SUPPORT = pd.DataFrame(
    columns=["family_id", "intervention", "provider", "district", "offered", "started", "ended", "consent"],
    dtype=object,
)


@dataclass
class Amended:
    """A small county in which some statements change what its rows do not say."""

    county: SmallCounty
    statements: tuple[str, ...]

    def connect(self) -> duckdb.DuckDBPyConnection:
        connection = self.county.connect()
        for statement in self.statements:
            connection.execute(statement)
        return connection


def compared(frame: pd.DataFrame) -> SimpleNamespace:
    """Rows of arms, with weights, as a match whose balance was accepted."""
    return SimpleNamespace(frame=frame, require_accepted=lambda where: None)


def panel_of(county, *outcomes: Outcome, families: tuple[int, ...] = (1,)) -> Panel:
    never = pd.to_datetime([None] * len(families))
    frame = pd.DataFrame({"family_id": families, "qualified_on": never, "started_on": never})
    return build_panel(county, SimpleNamespace(families=frame, support=NO_SUPPORT, design={}), outcomes)
