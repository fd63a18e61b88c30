"""Spark answers as DuckDB does, row for row, when it is handed the same statements."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.random_programmes import HORIZON, random_county, random_leaf, random_rule
from tests.spark_session import spark_session
from tf_eval.cohort.clocks import CLOCKS
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Node
from tf_eval.cohort.engine import Engine, read_rows
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.forms import union
from tf_eval.cohort.records import Reading
from tf_eval.cohort.truth import TruthTables

PROGRAMMES, LEAVES = 100, 25


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with spark_session() as session:
        yield session


@pytest.mark.parametrize("clock", CLOCKS)
def test_random_programmes_come_to_the_same_spans(spark, clock):
    draw = random.Random(CLOCKS.index(clock) + 50)
    county = random_county(draw)
    leaves = [random_leaf(draw) for _ in range(LEAVES)]
    rules = [random_rule(draw, leaves) for _ in range(PROGRAMMES)]
    found = []
    for engine in ("duckdb", spark):
        with open_engine(county, engine) as running:
            found.append(_spans(running, clock, rules))
    assert found[0] == found[1]
    assert len({rule for rule, *_ in found[0]}) > PROGRAMMES / 2, "few of the programmes are ever met"


def _spans(engine: Engine, clock: str, rules: list[Node]) -> list[tuple]:
    """Return the spans of all the rules, read in one statement."""
    tables = TruthTables(engine, Coverage.read(engine), Reading(clock, HORIZON))
    every = [tables.of_families(rule, "SELECT family_id FROM family") for rule in rules]
    parts = [
        f"SELECT {number} AS rule, family_id, start_date, end_date, state FROM ({spans}) AS spans"
        for number, spans in enumerate(every)
    ]
    return sorted(read_rows(engine, union(parts)))
