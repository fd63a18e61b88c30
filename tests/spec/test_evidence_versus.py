"""One intervention against another: what is planted is found, and not what differs between their families."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.parts import ASB
from tests.two_supports import ASKED, MANY, QUESTION, SUBJECTS, draw_two
from tf_eval.errors import ConfigError, EstimationError, NotEstimated
from tf_eval.evidence import Check, measure_either, which_is_better
from tf_eval.evidence.versus import Standing
from tf_eval.evidence.versus.for_whom import in_common

SCALE = ASB.scale
LARGE = (600, 300)  # families enough to tell that two do about the same


@pytest.fixture(scope="module")
def apart():
    return draw_two(1, first=-0.5, second=-0.1)


@pytest.fixture(scope="module")
def alike():
    """Both do the same, of families that are very unlike, and the worse off get better by themselves the more."""
    return draw_two(2, counts=LARGE, severity=1.5, calming=-0.2)


def test_a_planted_difference_is_found_by_both_ways_with_its_size_and_its_side(apart):
    found = apart.versus()
    (row,) = found.rows
    truth = -0.4 * SCALE
    for size in (row.headline.own, row.headline.direct):
        assert size.low < truth < size.high < 0
    assert (row.ruling.standing, row.ruling.better) == (Standing.BETTER, 0)
    assert found.summary().startswith("Family project is better than mentors on ASB incidents.")


def test_the_same_two_the_other_way_round_are_the_same_difference_turned(apart):
    """Whichever is named first, the one with fewer families is held against a model of the other."""
    there = apart.versus().rows[0].headline.direct
    back = replace(apart, arms=apart.arms[::-1], matched=apart.matched[::-1]).versus()
    again = back.rows[0].headline.direct
    assert (again.value, again.low, again.high) == pytest.approx((-there.value, -there.high, -there.low))
    assert again.base_rate == pytest.approx(there.base_rate + there.value)
    assert (again.n_treated, again.n_comparison) == (there.n_comparison, there.n_treated)
    assert back.rows[0].ruling.better == 1


def test_where_both_do_the_same_nothing_is_made_of_how_unlike_their_families_are(alike):
    (row,) = alike.versus().rows
    assert row.ruling.standing == Standing.SAME
    assert row.headline.direct.low < 0 < row.headline.direct.high
    # The worse off have the first, and calm down by themselves: before and after alone would call it the better one.
    starts = alike.either.starters.frame
    calmed = starts.groupby("treated")["incidents_12m"].mean() * -0.2 * SCALE
    assert abs(calmed[0] - calmed[1]) > row.smallest_worthwhile


def test_the_two_kinds_of_families_were_unlike_and_are_alike_as_weighed(alike):
    table = alike.either.balance.table().set_index("label")
    assert abs(table.loc["incidents_12m", "smd_before"]) > 0.5
    assert table["smd_after"].abs().max() < 1e-3


def test_their_difference_knows_which_families_serve_in_both(apart):
    first, second = apart.measured(0)[0].headline, apart.measured(1)[0].headline
    own = apart.versus().rows[0].headline.own
    assert own.value == pytest.approx(first.value - second.value)
    apart_alone = np.hypot(first.std_error, second.std_error)
    assert own.std_error != pytest.approx(apart_alone, rel=1e-3), "like families serve in both"


def test_of_families_that_nobody_is_like_nothing_can_be_said():
    town = draw_two(3, counts=(60, 15))
    (row,) = town.versus().rows
    assert row.ruling.standing == Standing.UNKNOWN
    assert "fewer than 20 families started the one or the other" in row.ruling.reason
    assert isinstance(row.headline.direct, NotEstimated) and not isinstance(row.headline.own, NotEstimated)


def test_who_started_both_is_in_neither():
    town = draw_two(4)
    both = town.arms[0].frame.query("treated == 1").iloc[:5]
    town.arms[1].frame = pd.concat([town.arms[1].frame, both], ignore_index=True)
    assert not set(both["family_id"]) & set(town.either.starters.frame["family_id"])


def test_a_check_that_fails_silences_the_answer_and_says_whose_it_is(apart):
    failed = Check("The draw is sound", False, "It was not.")
    (row,) = apart.versus(checks=[[failed], []]).rows
    assert row.ruling.standing == Standing.UNKNOWN
    assert row.ruling.reason == "A check was not passed (\u201cfamily project: the draw is sound\u201d). It was not."


def test_bands_allow_for_all_that_were_looked_at_and_the_same_seed_gives_the_same_table(apart):
    one, other = apart.versus(seed=7).table(), apart.versus(seed=7).table()
    assert one.equals(other)
    (row,) = apart.versus(seed=7).rows
    assert [band.band for band in row.bands] == ["1 to 6", "7 to 12", "13 to 18", "19 to 24"]
    first = row.bands[0]
    assert first.direct.p_value <= first.p_all < 0.05
    assert isinstance(row.bands[1].direct, NotEstimated), "nobody is followed so long"


def test_a_difference_for_some_families_alone_is_found_where_it_is():
    town = draw_two(5, counts=(500, 300), many=-0.5)
    found = town.for_whom()
    (row,) = found.direct
    many, few = (part.size for part in row.parts)
    assert many.low < -0.5 * SCALE < many.high and few.low < 0 < few.high
    assert row.differs and row.interaction.difference == pytest.approx(many.value - few.value)
    assert set(found.table()["what"]) == {"first", "second", "direct"}


def test_for_whom_turns_with_the_order_of_the_two():
    town = draw_two(5, counts=(500, 300), many=-0.5)
    back = replace(town, arms=town.arms[::-1], matched=town.matched[::-1])
    (row,), (again,) = town.for_whom().direct, back.for_whom().direct
    assert [part.size.value for part in again.parts] == pytest.approx([-part.size.value for part in row.parts])
    assert again.interaction.difference == pytest.approx(-row.interaction.difference)
    assert (again.interaction.low, again.interaction.high) == pytest.approx(
        (-row.interaction.high, -row.interaction.low)
    )


def test_parts_are_those_that_both_declared_whatever_each_expected():
    other = MANY.model_copy(update={"at_least": 4.0})
    assert in_common([MANY, other], [MANY.model_copy(update={"expects": "more"})]) == [MANY]


def test_what_is_not_the_same_is_refused(apart):
    first, second, either = apart.measured(0), apart.measured(1), apart.either
    direct = [measure_either(either, ASB, **ASKED)]
    given = {"question": QUESTION, "seed": 1}
    with pytest.raises(EstimationError, match="no outcome decides for both"):
        which_is_better(SUBJECTS, [], [], either, [], **given)
    with pytest.raises(ConfigError, match="of the same outcomes over the same months"):
        which_is_better(SUBJECTS, first, [replace(second[0], follow_up=(1, 3))], either, direct, **given)
    with pytest.raises(ConfigError, match="of the same outcomes over the same months"):
        which_is_better(SUBJECTS, first, second, either, **given)


def test_a_result_is_plain_to_keep_and_to_draw(apart):
    found, parts = apart.versus(), apart.for_whom()
    for result in (found, parts):
        json.dumps(result.to_dict(), allow_nan=False)
        assert repr(result)
        assert result.plot().get_yticklabels()
    assert found.design["weights"] == "overlap" and found.plot().get_title(loc="left") == "Family project or Mentors"
