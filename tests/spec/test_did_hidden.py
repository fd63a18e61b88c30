"""How many few units are cannot be had from what is told of the others, by panels that differ in them alone."""

from collections import defaultdict
from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from tf_eval.did import GroupTimeATT, decompose_twfe, estimate_att
from tf_eval.did.inspection.unestimated import told_unestimated

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}
MANY, NEVER, PERIODS = 97, 203, 6


def panel(few: int, many: int = MANY) -> pd.DataFrame:
    """Return ``many`` units that start in period 4, ``few`` that start in 5, and 203 that never start."""
    start = np.repeat([4, 5, 0], [many, few, NEVER])
    unit, period = np.repeat(np.arange(len(start)), PERIODS), np.tile(np.arange(1, PERIODS + 1), len(start))
    return pd.DataFrame({"unit": unit, "period": period, "adopted": start[unit]}).assign(y=(unit * period) % 7)


def estimated(few: int, sets: str | None = None) -> GroupTimeATT:
    """Return the effects; ``"apart"``: the few have a set of their own, without anybody to compare them with."""
    frame = panel(few)
    return estimate_att(frame.assign(apart=frame["adopted"] == 5), **COLUMNS, sets=sets)


def words_of(ax: Axes) -> str:
    """Return all that is written in a figure, and the values behind its colours."""
    written = [text.get_text() for text in (*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label)]
    coloured = [mesh.get_array().compressed().round(9).tolist() for mesh in ax.collections if mesh.get_cmap().N > 1]
    return f"{written} {coloured}"


TOLD: dict[str, tuple[str | None, Callable[[GroupTimeATT], str]]] = {
    "weights": (None, lambda effect: words_of(effect.plot_weights())),
    "weights of event times": (None, lambda effect: words_of(effect.plot_weights("event_time"))),
    "weights of cohorts": (None, lambda effect: words_of(effect.plot_weights("cohort"))),
    "overlap": (None, lambda effect: words_of(effect.overlap().plot())),
    "for how many it stands": ("apart", lambda effect: effect.overall().summary()),
    "for how long they are seen": ("apart", lambda effect: told_unestimated(effect.cells, effect.design)),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_is_told_of_the_others_fits_several_numbers_of_few_units(what):
    sets, words = TOLD[what]
    told = [words(estimated(few, sets)) for few in range(2, 10)]
    # a number of which something is told by which it differs from all others would be known
    assert all(told.count(each) > 1 for each in told)


def test_how_many_are_missing_after_the_start_cannot_be_had_from_their_share():
    frame = panel(0)
    told = []
    for few in range(7, 10):
        gone = (frame["unit"] < few) & (frame["period"] >= 4)
        told += [note for note in estimate_att(frame[~gone], **COLUMNS).notes if "missing after it" in note]
    assert len(told) == 3 and len(set(told)) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "imputation", "covariates": "x"}, "Left out: observations of fewer than 10 units with a covariate"),
        (
            {"sample": "cross_sections", "covariates": "x"},
            "Left out: rows of fewer than 10 units with a covariate missing",
        ),
        ({"sample": "cross_sections", "weights": "w"}, "Left out: rows of fewer than 10 units of weight 0."),
    ],
)
def test_the_rows_of_few_units_are_not_counted_for_each_has_one_a_period(options, said):
    frame = panel(60).assign(x=lambda rows: rows["unit"] % 5.0, w=1.0)
    few = frame["unit"] < 3
    frame = frame.assign(x=frame["x"].mask(few), w=frame["w"].mask(few, 0))
    assert any(note.startswith(said) for note in estimate_att(frame, **COLUMNS, **options).notes)


def test_rows_whose_units_are_not_known_are_counted_as_rows():
    frame = panel(60).assign(w=lambda rows: (rows["unit"] > 0).astype(float))
    effect = estimate_att(frame, **{**COLUMNS, "unit": None}, sample="cross_sections", weights="w")
    assert "Left out: fewer than 10 rows of weight 0." in effect.notes


def test_weights_of_two_way_comparisons_do_not_tell_how_many_few_units_are():
    fits = defaultdict(set)
    for many, few in product((93, 95, 97), range(2, 10)):  # all of them "about 95"
        ax = decompose_twfe(panel(few, many), **COLUMNS).plot()
        places = [points.get_offsets()[:, 0].round(9).tolist() for points in ax.collections]
        fits[f"{places} {[text.get_text() for text in ax.get_legend().get_texts()]}"].add(few)
    assert min(map(len, fits.values())) > 1


def test_how_few_clusters_there_are_is_not_told_where_they_are_too_few_to_test_trends():
    effect = estimate_att(panel(0).assign(area=lambda rows: rows["unit"] % 2), **COLUMNS, cluster="area")
    assert effect.pre_trends().reason == "2 effects before treatment are too many for so few clusters; give bands"


def test_a_share_beside_a_count_is_exact_where_one_unit_may_be_told():
    frame = panel(5).assign(apart=lambda rows: rows["adopted"] == 5)
    effect = estimate_att(frame, **COLUMNS, sets="apart", smallest_shown=1)
    assert "It stands for 95% of the treated." in effect.overall().summary()
    ax = estimate_att(panel(5), **COLUMNS, smallest_shown=1).overlap().plot()
    assert {text.get_text() for text in ax.texts} == {"203", "208", "300"}
