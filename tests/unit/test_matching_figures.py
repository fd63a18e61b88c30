"""In every figure of matching all words can be read: none leaves it, or is written over another or over a mark."""

from itertools import combinations
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.accepted import accepted
from tf_eval.matching import (
    check_arms,
    check_balance,
    check_balance_within,
    compare_arms,
    describe_population,
    e_value,
    estimate_effect,
    match,
    match_arms,
    plot_distribution,
    prognostic_balance,
    rosenbaum_bounds,
    tie_sensitivity,
    tipping_point,
)
from tf_eval.matching.figure import in_lines, room_of

TENURE, DISTRICT = "what the tenure of the family was then", "the district in which the family lived"
OUTCOME = "unauthorised absences in the year after it"
NUMBERS = [f"a covariate with a long name, number {place:02d}" for place in range(14)]
ROOM = 1.0  # pixels by which words may be beyond what they are measured at


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(6)
    values = random.normal(size=(1500, len(NUMBERS)))
    rows = pd.DataFrame(values, columns=NUMBERS)
    rows[TENURE] = random.choice(["owns the home, or pays a mortgage on it", "rents from the council", "rents"], 1500)
    rows[DISTRICT] = random.choice([f"a district with a long name, number {place}" for place in range(20)], 1500)
    rows["started"] = random.random(1500) < 1 / (1 + np.exp(1 - values[:, 0] - 0.5 * values[:, 1]))
    rows[OUTCOME] = random.poisson(np.exp(1 + 0.2 * values[:, 0] + 0.3 * rows["started"]))
    others = random.choice(["a parenting course, in group sessions", "none of the interventions"], 1500)
    return rows.assign(arm=np.where(rows["started"], "family intervention project, intensive", others))


@pytest.fixture(scope="module")
def matched(frame):
    return accepted(match(frame, on=[*NUMBERS, TENURE], treated="started", caliper=0.2))


@pytest.fixture(scope="module")
def arms(frame):
    asked = {"arm": "arm", "reference": "family intervention project, intensive", "method": "overlap"}
    return match_arms(frame, on=[*NUMBERS, TENURE], **asked)


FIGURES = {
    "overlap": lambda found, _: found.plot(),
    "balance": lambda found, _: check_balance(found).plot(),
    "balance within": lambda found, _: check_balance_within(found, [DISTRICT]).plot(),
    "population": lambda found, _: describe_population(found).plot(),
    "number": lambda found, _: plot_distribution(found, NUMBERS[0]),
    "category": lambda found, _: plot_distribution(found, TENURE),
    "prognosis": lambda found, _: prognostic_balance(found, OUTCOME).plot(),
    "effect": lambda found, _: estimate_effect(found, OUTCOME).plot(),
    "tipping point": lambda found, _: tipping_point(found, OUTCOME).plot(),
    "ties": lambda found, _: tie_sensitivity(found, OUTCOME, draws=2, seed=1).plot(),
    "bounds": lambda found, _: rosenbaum_bounds(found, OUTCOME, alternative="higher").plot(),
    "e-value": lambda *_: e_value(1.5, 1.1, 2.0, measure="risk_ratio").plot(),
    "arms": lambda _, arms: arms.plot(),
    "balance of arms": lambda _, arms: check_arms(arms).plot(),
    "head to head": lambda _, arms: compare_arms(check_arms(arms).accept(because="of a test"), OUTCOME).plot(),
}


def words_of(ax: Axes) -> list[Text]:
    """Return all words of a figure as it is drawn."""
    with patch.object(Text, "draw", autospec=True, side_effect=Text.draw) as drawn:
        FigureCanvasAgg(ax.get_figure()).draw()
    texts = dict.fromkeys(call.args[0] for call in drawn.call_args_list)
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_no_words_leave_the_figure_or_are_written_over_others(matched, arms, draw):
    ax = draw(matched, arms)
    page = ax.get_figure().bbox.padded(ROOM)
    boxes = [(text.get_text(), text.get_window_extent()) for text in words_of(ax)]
    assert not [text for text, box in boxes if not (page.contains(*box.min) and page.contains(*box.max))]
    inner = [(text, box.padded(-ROOM)) for text, box in boxes]
    assert not [(one, other) for (one, box), (other, beside) in combinations(inner, 2) if box.overlaps(beside)]


@pytest.mark.parametrize("apart", [0.005, 0.05, 0.2, 0.9])
@pytest.mark.parametrize("scale", [1.0, 5.0])
def test_the_two_marks_of_the_love_plot_are_named_apart(frame, apart, scale):
    balance = check_balance(match(frame, on=NUMBERS[0], treated="started", score=NUMBERS[0], caliper=1e-3))
    sizes = balance.differences.assign(smd_before=scale, smd_after=scale * (1 - apart))
    ax = type(balance)(**{**vars(balance), "differences": sizes}).plot()
    first, second = (
        text.get_window_extent() for text in words_of(ax) if text.get_text() in ("before matching", "after matching")
    )
    assert not first.overlaps(second)


def test_no_words_cover_a_mark_of_the_tipping_point(matched):
    ax = tipping_point(matched, OUTCOME).plot()
    written = [text.get_window_extent() for text in words_of(ax)]
    marks = [ax.transData.transform(line.get_xydata()[0]) for line in ax.lines]
    assert len(marks) > len(NUMBERS)
    assert not [mark for mark in marks for box in written if box.contains(*mark)]


def test_many_levels_are_turned(frame):
    found = match(frame, on=DISTRICT, treated="started", method="entropy_balancing")
    ax = plot_distribution(found, DISTRICT)
    ticks = ax.get_xticklabels()
    assert len(ticks) == 20 and {tick.get_rotation() for tick in ticks} == {90.0}
    assert ax.get_figure().get_figheight() > plot_distribution(found, "score").get_figure().get_figheight()
    short = match(frame.assign(ward=frame[DISTRICT].str[-2:].str.strip()), on="ward", treated="started", method="exact")
    assert {tick.get_rotation() for tick in plot_distribution(short, "ward").get_xticklabels()} == {0.0}


def test_words_are_broken_into_lines():
    assert in_lines("one two three four", 13) == "one two three\nfour"
    assert in_lines("kept\nas it was given", 13) == "kept\nas it was\ngiven"


def test_axes_that_share_a_figure_have_the_room_of_their_own():
    left, right = Figure(figsize=(10, 3)).subplots(1, 2)
    assert 3 < room_of(left) < 5 and room_of(left) == pytest.approx(room_of(right))
    assert room_of(Figure(figsize=(10, 3)).subplots()) > 9
