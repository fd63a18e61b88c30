"""Spark answers as DuckDB does, row for row, when it is handed the same statements."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.random_programmes import FAMILIES, HORIZON, layers_of_rules, random_county, random_leaf
from tests.spark_session import spark_session
from tf_eval.cohort import build_cohort, build_panel, load_programme
from tf_eval.cohort.clocks import CLOCKS
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Node
from tf_eval.cohort.engine import Engine, read_rows
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.forms import union
from tf_eval.cohort.records import Reading
from tf_eval.cohort.sources import keep_wanted
from tf_eval.cohort.truth import TruthTables

LEAVES, LAYERS, IN_A_JOB = 12, (12, 6, 6), 24


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with spark_session() as session:
        yield session


@pytest.mark.parametrize("clock", CLOCKS)
def test_random_programmes_come_to_the_same_spans(spark, clock):
    draw = random.Random(CLOCKS.index(clock) + 50)
    county = random_county(draw)
    leaves = [random_leaf(draw) for _ in range(LEAVES)]
    rules = layers_of_rules(draw, leaves, LAYERS)
    found = []
    for engine in ("duckdb", spark):
        with open_engine(county, engine) as running:
            found.append(_spans(running, clock, rules))
    assert found[0] == found[1]
    assert len({rule for rule, *_ in found[0]}) > len(rules) / 2, "few of the programmes are ever met"


def _spans(engine: Engine, clock: str, rules: list[Node]) -> list[tuple]:
    """Return the spans of all the rules, which are decided level by level and read in a few statements."""
    tables = TruthTables(engine, Coverage.read(engine), keep_wanted(engine, rules, Reading(clock, HORIZON), "wanted"))
    tables.decide(rules)
    everyone = "SELECT family_id FROM family"
    parts = [
        f"SELECT {number} AS rule, spans.* FROM ({tables.of_families(rule, everyone)}) AS spans"
        for number, rule in enumerate(rules)
    ]
    jobs = [parts[start : start + IN_A_JOB] for start in range(0, len(parts), IN_A_JOB)]
    return sorted(row for job in jobs for row in read_rows(engine, union(job)))


def test_a_whole_cohort_and_its_panel_are_the_same(spark):
    county = random_county(random.Random(13))
    county.support(1, "mentors", "2012-07-01", "2012-08-15")
    programme = load_programme("params/programmes/kent_2012.yaml")
    cohorts = [
        build_cohort(county, programme, clock="arrived", below_threshold=True, engine=engine)
        for engine in ("duckdb", spark)
    ]
    assert cohorts[0].families["qualified_on"].count() >= len(FAMILIES) / 2
    for name in ("families", "evidence", "truth", "criteria_met", "support"):
        one, other = (getattr(cohort, name) for cohort in cohorts)
        pd.testing.assert_frame_equal(one, other)
    assert cohorts[0].flow.to_dict() == cohorts[1].flow.to_dict()
    panels = [build_panel(county, cohorts[0], engine=engine) for engine in ("duckdb", spark)]
    for outcome in panels[0].outcomes:
        one, other = (panel.matrix(outcome.name).to_numpy() for panel in panels)
        np.testing.assert_array_equal(one, other)
