"""Whoever adds up all that is shown cannot tell a hidden count more closely than the rules allow.

The attacker here is written apart from the one in the product: he narrows the bounds of every count by the sums, again
and again, until nothing moves. On sums without a circle, as these are, that finds all there is to find.
"""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.release.counts import release_counts
from tf_eval.release.flows import release_flow
from tf_eval.release.rules import Rules

RULES = Rules()
SMALL_OR_LARGE = st.one_of(st.integers(0, 12), st.integers(10, 90))


def known(shown, true_count):
    """The attacker knows that a hidden count below ten is below ten: more than a reader does."""
    if shown == "[c]":
        return [0, 9] if true_count < 10 else [0, math.inf]
    return [max(shown - 2, 10), shown + 2]


def narrow(bounds, sums):
    """Each sum is (whole, parts): whole = sum of parts."""
    moved = True
    while moved:
        before = [list(bound) for bound in bounds]
        for whole, parts in sums:
            low, high = sum(bounds[part][0] for part in parts), sum(bounds[part][1] for part in parts)
            bounds[whole] = [max(bounds[whole][0], low), min(bounds[whole][1], high)]
            for part in parts:
                others_low = sum(bounds[other][0] for other in parts if other != part)
                others_high = sum(bounds[other][1] for other in parts if other != part)
                least, most = bounds[whole][0] - others_high, bounds[whole][1] - others_low
                bounds[part] = [max(bounds[part][0], least), min(bounds[part][1], most)]
        moved = bounds != before
    return bounds


def check(shown, true_counts, sums):
    bounds = narrow([known(cell, count) for cell, count in zip(shown, true_counts, strict=True)], sums)
    for cell, count, (low, high) in zip(shown, true_counts, bounds, strict=True):
        assert low <= count <= high
        assert count >= 10 or cell == "[c]"
        assert cell != "[c]" or high - low + 1 >= RULES.protection


@settings(max_examples=100, deadline=None)
@given(st.lists(SMALL_OR_LARGE, min_size=1, max_size=6))
def test_no_hidden_cell_of_a_table_can_be_had_from_its_total(cells):
    table = release_counts(cells, RULES)
    check([*table.cells, table.total], [*cells, sum(cells)], [(len(cells), list(range(len(cells))))])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 120), st.lists(SMALL_OR_LARGE, min_size=1, max_size=6))
def test_no_hidden_exclusion_of_a_flow_can_be_had_from_the_counts_around_it(last, gone):
    families = [last + sum(gone[step:]) for step in range(len(gone) + 1)]
    flow = release_flow(families, [0, *gone], RULES)
    steps = len(families)
    sums = [(step, [step + 1, steps + step]) for step in range(len(gone))]
    check([*flow.families, *flow.excluded[1:]], [*families, *gone], sums)


@settings(max_examples=50, deadline=None)
@given(st.lists(SMALL_OR_LARGE, min_size=1, max_size=6))
def test_the_same_counts_are_shown_the_same_way(cells):
    assert release_counts(cells, RULES) == release_counts(list(cells), RULES)
