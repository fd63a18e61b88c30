"""A damaged extract is refused, or its damage set aside, or it says what it said: it never passes in silence."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.damage import FORMATS, damages_of
from benchmarks.mutations import Bench, Example


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench() as bench:
        yield bench


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_what_is_used_is_what_a_slow_parser_finds_good(bench, seed):
    example = Example.of(seed)
    outcome, detail = bench.judge(example)
    assert outcome != "wrong", (example, detail)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    ("damage", "outcome"),
    [
        ("shuffled columns", "harmless"),
        ("duplicated header", "refused"),
        ("error values", "quarantined"),
        ("changed digit", "invisible"),
        ("lost rows", "invisible"),
    ],
)
def test_each_kind_of_damage_has_the_outcome_it_should_have(bench, format_name, damage, outcome):
    assert damage in damages_of(FORMATS[format_name])
    outcomes = {bench.judge(Example(seed, format_name, (damage,)))[0] for seed in range(2)}
    assert outcome in outcomes <= {outcome, "harmless"}  # a digit may be changed to itself
