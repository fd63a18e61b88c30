"""The engine's spans equal a slow, obvious reference that looks back from every single day."""

import random
from datetime import timedelta

import numpy as np
import pytest

from tests.cohort_county import SmallCounty
from tests.cohort_days import AWKWARD
from tests.cohort_reference import Reference
from tests.random_programmes import FAMILIES, HORIZON, random_county, random_leaf, random_rule
from tf_eval.cohort.clocks import CLOCKS
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Leaf, Node
from tf_eval.cohort.engines import DuckDB
from tf_eval.cohort.records import Reading
from tf_eval.cohort.sources import keep_wanted
from tf_eval.cohort.truth import TruthTables

SEEDS, PROGRAMMES, LEAVES = range(4), 500, 40
LENGTH = (HORIZON[1] - HORIZON[0]).days
DAYS = [HORIZON[0] + timedelta(days=number) for number in range(LENGTH)]
# Each day of the horizon would take long for every leaf: every third, and all around which boundaries lie.
PLACES = [place for place, day in enumerate(DAYS) if place % 3 == 0 or {day, day + timedelta(days=1)} & set(AWKWARD)]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_agrees_with_looking_back_from_every_day(seed):
    draw = random.Random(seed)
    county, clock = random_county(draw), CLOCKS[seed % 2]
    leaves = [random_leaf(draw) for _ in range(LEAVES)]
    rules = [*leaves, *(random_rule(draw, leaves) for _ in range(PROGRAMMES))]
    reference, seen = Reference(county, clock), set()
    for rule, states in zip(rules, _engine_states(county, clock, rules), strict=True):
        expected = reference.states(rule, FAMILIES, [DAYS[place] for place in PLACES])
        assert states[:, PLACES].tolist() == expected.tolist(), rule.sentence()
        seen |= set(expected.ravel().tolist())
    assert seen == {0, 1, 2}
    assert {type(leaf) for leaf in leaves} == set(Leaf.__args__)


def _engine_states(county: SmallCounty, clock: str, nodes: list[Node]) -> list[np.ndarray]:
    """Return families x days for each node; a day in two spans of one family would show as a sum above 2."""
    with county.connect() as connection:
        engine = DuckDB(connection)
        reading = keep_wanted(engine, nodes, Reading(clock, HORIZON), "wanted")
        tables = TruthTables(engine, Coverage.read(engine), reading)
        everyone = "SELECT family_id FROM family"
        return [_spread(connection.execute(tables.of_families(node, everyone)).fetchall()) for node in nodes]


def _spread(spans: list[tuple]) -> np.ndarray:
    states = np.zeros((len(FAMILIES), LENGTH), dtype=int)
    for family, start, end, state in spans:
        states[family - 1, (start - DAYS[0]).days : (end - DAYS[0]).days] += state
    return states
