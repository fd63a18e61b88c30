"""The state of a node for single families on single days of a county written by hand."""

from collections.abc import Sequence
from datetime import date

import duckdb

from tests.cohort_county import SmallCounty, day
from tf_eval.cohort.clocks import HAPPENED, Clock
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Node
from tf_eval.cohort.engines import DuckDB
from tf_eval.cohort.records import Reading
from tf_eval.cohort.truth import TruthTables

HORIZON = (date(2009, 1, 1), date(2016, 1, 1))
STATES = {0: "not met", 1: "cannot tell", 2: "met"}


def state(county: SmallCounty, node: Node, on: str, family: int = 1, clock: Clock = HAPPENED) -> str:
    """Return the state of one family on a day."""
    return states(county, [node], on, families=[family], clock=clock)[0][0]


def states(
    county: SmallCounty, nodes: Sequence[Node], on: str, families: Sequence[int], clock: Clock = HAPPENED
) -> list[list[str]]:
    """Return the state of each node (inner lists) for each family on a day."""
    with county.connect() as connection:
        engine = DuckDB(connection)
        tables = TruthTables(engine, Coverage.read(engine), Reading(clock, HORIZON))
        found = [_open_on(connection, tables.of_families(node, "SELECT family_id FROM family"), on) for node in nodes]
    return [[STATES[spans.get(family, 0)] for spans in found] for family in families]


def _open_on(connection: duckdb.DuckDBPyConnection, truth: str, on: str) -> dict[int, int]:
    query = f"SELECT family_id, state FROM ({truth}) AS truth WHERE start_date <= ? AND end_date > ?"
    rows = connection.execute(query, [day(on), day(on)]).fetchall()
    assert len(dict(rows)) == len(rows), "the spans of one family overlap"
    return dict(rows)
