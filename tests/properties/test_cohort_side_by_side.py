"""Random pairs of programmes: each family is where its two cohorts put it, and each that is parted has its reasons."""

import random

import pandas as pd
import pytest

from tests.cohort_county import FIRST_DAY, LAST_DAY
from tests.random_programmes import FAMILIES, HORIZON, random_county, random_leaf, random_rule
from tf_eval.cohort import Criterion, Programme, SideBySide, Window, build_cohort, compare_programmes
from tf_eval.cohort.criteria import Leaf, leaves
from tf_eval.cohort.side_by_side import (
    ALONE,
    EARLIER,
    FIRST_ALONE,
    FIRST_EARLIER,
    GROUPS,
    NEITHER,
    SECOND_ALONE,
    SECOND_EARLIER,
)

SEEDS = range(25)
CHOICES = ("count_as_not_met", "count_as_met")


def random_programme(draw: random.Random, conditions: list[Leaf]) -> Programme:
    """Return a programme whose criteria are those of the conditions that its rule comes to, named by their places."""
    rule = random_rule(draw, conditions)
    criteria = [
        Criterion(f"c{place}", f"Criterion {place}", "q", "s", node)
        for place, node in enumerate(conditions)
        if node in leaves(rule)
    ]
    return Programme("random", "Random", Window(*HORIZON), criteria, rule, draw.choice(CHOICES))


def compared(seed: int) -> tuple[SideBySide, pd.DataFrame]:
    """Return two programmes that share most of their criteria side by side, and the days by their two cohorts."""
    draw = random.Random(seed)
    county, shared = random_county(draw), [random_leaf(draw) for _ in range(3)]
    county.add("coverage", "a", "event", "asbo", FIRST_DAY, LAST_DAY)  # no nomination is by an agency nobody knows
    pair = [random_programme(draw, [*dict.fromkeys([*shared, random_leaf(draw)])]) for _ in range(2)]
    days = [build_cohort(county, programme).families.set_index("family_id")["qualified_on"] for programme in pair]
    both = pd.DataFrame({"first": days[0], "second": days[1]}).reindex(list(FAMILIES))
    return compare_programmes(county, *pair), both


@pytest.mark.parametrize("seed", SEEDS)
def test_each_family_is_where_its_cohorts_put_it_and_each_difference_has_a_reason(seed):
    found, days = compared(seed)
    first, second = days["first"], days["second"]
    assert found.families[FIRST_ALONE] == (first.notna() & second.isna()).sum()
    assert found.families[SECOND_ALONE] == (second.notna() & first.isna()).sum()
    assert found.families[FIRST_EARLIER] == (first < second).sum()
    assert found.families[SECOND_EARLIER] == (second < first).sum()
    assert found.families[NEITHER] <= (first.isna() & second.isna()).sum()  # some have no child, and are not assessed
    for place, label in enumerate(found.labels):
        rows = found.table()[found.table()["qualifies_under"] == label]
        for how in (ALONE, EARLIER):
            assert found.families[GROUPS[how][place]] <= rows[how].sum()
            assert rows[how].le(found.families[GROUPS[how][place]]).all()
