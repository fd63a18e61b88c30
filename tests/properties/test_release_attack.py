"""Whoever adds up all that is shown cannot tell a hidden count more closely than the rules allow.

The attacker here is written apart from the one in the product: he narrows the bounds of every count by the sums, again
and again, until nothing moves. On sums without a circle, as these are, that finds all there is to find.
"""

import math
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.release.counts import release_counts
from tf_eval.release.gate import publish
from tf_eval.release.parts import release_parts
from tf_eval.release.rules import Rules
from tf_eval.release.views import FlowRow, FlowView

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
    check_flow(arm("all", last + sum(gone), gone))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_nor_from_what_another_arm_shows_of_the_same_families(data):
    gone = data.draw(st.lists(SMALL_OR_LARGE, min_size=2, max_size=6))
    trunk = arm("all", data.draw(st.integers(0, 120)) + sum(gone), gone)
    branches = []
    for name in ("treated", "comparison"):
        begin = data.draw(st.sampled_from(trunk))
        left, lost = begin.families, []
        for _ in range(data.draw(st.integers(0, 4))):
            lost.append(min(left, data.draw(SMALL_OR_LARGE)))
            left -= lost[-1]
        first, *later = arm(name, begin.families, lost)
        branches += [replace(first, step=begin.step), *later]
    check_flow([*trunk, *branches])


def arm(name, first, gone):
    left = [first - sum(gone[:step]) for step in range(len(gone) + 1)]
    counts = zip(left, [0, *gone], strict=True)
    return [FlowRow(f"{name} step {step}", name, *count) for step, count in enumerate(counts)]


def check_flow(rows):
    """Equal names are equal numbers; within an arm, what is before is what is left and what is gone."""
    released = publish(FlowView(tuple(rows)), rules=RULES).payload["rows"]
    names, shown, true, sums = {}, [], [], []
    for number, (row, out) in enumerate(zip(rows, released, strict=True)):
        if row.step not in names:
            names[row.step] = len(shown)
            shown.append(out["families"])
            true.append(row.families)
        assert out["families"] == shown[names[row.step]]
        if number and rows[number - 1].arm == row.arm:
            sums.append((names[rows[number - 1].step], [names[row.step], len(shown)]))
            shown.append(out["excluded"])
            true.append(row.excluded)
    check(shown, true, sums)


@settings(max_examples=50, deadline=None)
@given(st.lists(SMALL_OR_LARGE, min_size=1, max_size=6))
def test_the_same_counts_are_shown_the_same_way(cells):
    assert release_counts(cells, RULES) == release_counts(list(cells), RULES)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(SMALL_OR_LARGE, min_size=2, max_size=3), min_size=2, max_size=3), st.integers(0, 2))
def test_no_hidden_cell_of_a_table_of_two_ways_can_be_had_from_a_tree_beside_it(table, cut):
    """Rows and columns come to the same total, and so do two ways in, of which the first has two parts."""
    width = min(map(len, table))
    counts = {(row, column): table[row][column] for row in range(len(table)) for column in range(width)}
    rows = {f"row {row}": [(row, column) for column in range(width)] for row in range(len(table))}
    columns = {f"column {column}": [(row, column) for row in range(len(table))] for column in range(width)}
    for whole, parts in (rows | columns).items():
        counts[whole] = sum(counts[part] for part in parts)
    total = sum(counts[row] for row in rows)
    some = min(total, 20 * cut)
    counts |= {"all": total, "one way": some, "other way": total - some, "early": some // 2, "late": some - some // 2}
    sums = [*(rows | columns).items(), ("all", [*rows]), ("all", [*columns])]
    sums += [("all", ["one way", "other way"]), ("one way", ["early", "late"])]
    shown = release_parts(counts, sums, RULES)
    places = {name: place for place, name in enumerate(counts)}
    numbered = [(places[whole], [places[part] for part in parts]) for whole, parts in sums]
    check([shown[name] for name in counts], [*counts.values()], numbered)
