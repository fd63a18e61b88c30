"""The state of a condition on single days: of small counties, and of one family that a few things happen to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import duckdb

from tests.cohort_county import SmallCounty, day, small_county
from tf_eval.cohort import Programme
from tf_eval.cohort.clocks import HAPPENED, Clock
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Node
from tf_eval.cohort.engines import DuckDB
from tf_eval.cohort.records import Reading
from tf_eval.cohort.sources import keep_wanted
from tf_eval.cohort.truth import TruthTables

HORIZON = (date(2009, 1, 1), date(2017, 1, 1))
NO, UNKNOWN, MET = "not met", "cannot tell", "met"
STATES = {0: NO, 1: UNKNOWN, 2: MET}
PEOPLE = {"mother": 10, "son": 11, "daughter": 12, "toddler": 13}
BIRTHS = ["1975-05-05", "1995-06-01", "2000-02-29", "2008-09-01"]  # the son is 18 on 1 June 2013

Happening = Callable[[SmallCounty], None]


def state(county: SmallCounty, node: Node, on: str, family: int = 1, clock: Clock = HAPPENED) -> str:
    """Return the state of one family on a day."""
    return states(county, [node], on, families=[family], clock=clock)[0][0]


def states(
    county: SmallCounty, nodes: Sequence[Node], on: str, families: Sequence[int], clock: Clock = HAPPENED
) -> list[list[str]]:
    """Return the state of each node (inner lists) for each family on a day."""
    with county.connect() as connection:
        found = [_open_on(connection, truth, on) for truth in _truths(connection, nodes, clock)]
    return [[STATES[spans.get(family, 0)] for spans in found] for family in families]


def on_days(node: Node, happened: Iterable[Happening], days: Iterable[str], coverage: list | None = None) -> dict:
    """Return the state of a node on each day, in a family of which all that is known is what happened."""
    county = small_county(coverage)
    county.family(1, BIRTHS)
    for happens in happened:
        happens(county)
    with county.connect() as connection:
        (truth,) = _truths(connection, [node])
        return {on: STATES[_open_on(connection, truth, on).get(1, 0)] for on in days}


def event(who: str, kind: str, *dates: str) -> Happening:
    return lambda county: [county.event(PEOPLE[who], kind, on) for on in dates]


def spell(who: str, kind: str, start: str, end: str | None = None, detail: str | None = None) -> Happening:
    return lambda county: county.spell(PEOPLE[who], kind, start, end, detail)


def absent(who: str, missed: Mapping[int, int], *, authorised: int = 0) -> Happening:
    """Sessions missed without leave, of a thousand in each term; term 9 is the summer term of 2012, to 22 July."""
    return lambda county: [
        county.attend(PEOPLE[who], term, 1000, sessions, authorised=authorised) for term, sessions in missed.items()
    ]


def part(programme: Programme, name: str) -> Node:
    """Return the node of a criterion or a route by its name, or of the rule."""
    nodes = {item.name: item.node for item in (*programme.criteria, *programme.routes)}
    return {**nodes, "rule": programme.rule}[name]


def _truths(connection: duckdb.DuckDBPyConnection, nodes: Sequence[Node], clock: Clock = HAPPENED) -> list[str]:
    engine = DuckDB(connection)
    tables = TruthTables(engine, Coverage.read(engine), keep_wanted(engine, nodes, Reading(clock, HORIZON), "wanted"))
    return [tables.of_families(node, "SELECT family_id FROM family") for node in nodes]


def _open_on(connection: duckdb.DuckDBPyConnection, truth: str, on: str) -> dict[int, int]:
    query = f"SELECT family_id, state FROM ({truth}) AS truth WHERE start_date <= ? AND end_date > ?"
    rows = connection.execute(query, [day(on), day(on)]).fetchall()
    assert len(dict(rows)) == len(rows), "the spans of one family overlap"
    return dict(rows)
