"""What would have to be hidden: how large a difference that nobody recorded must be to explain an effect away."""

import json
import math
from dataclasses import replace
from functools import cache

import pytest

from benchmarks.crisis import HISTORY
from benchmarks.crisis_panel import matched_crisis
from tests.accepted import accepted
from tf_eval.cohort import load_outcomes
from tf_eval.errors import EstimationError, NotEstimated
from tf_eval.evidence import HiddenBias, hidden_bias, measure
from tf_eval.evidence.hidden.bias import LOOKING, NOTHING
from tf_eval.evidence.hidden.change import CHANGE, matched_changes
from tf_eval.matching import match, rosenbaum_bounds
from tf_eval.release import publish
from tf_eval.report import to_html
from tf_eval.report.figures import draw_hidden

SEED = 4  # of a study that finds the effect that there is
ASB, CALLOUT = (load_outcomes()[name] for name in ("asb_incident", "police_callout"))


@cache
def studied(world: str, outcome=ASB):
    panel, matched = matched_crisis(world, HISTORY, seed=SEED)
    return panel, matched, measure(panel, matched, outcome)


def asked(world: str, outcome=ASB) -> HiddenBias:
    panel, matched, measured = studied(world, outcome)
    return hidden_bias(panel, matched, [measured])


def test_an_effect_is_explained_away_by_a_difference_of_a_certain_size():
    found = asked("quiet, effect")
    (row,) = found.rows
    assert row.is_found
    assert row.sentences[0] == (
        f"A difference in course between the groups as large as {row.times_drift:.1f} times the largest one seen from "
        "one half-year to the next before the start would be enough to explain this away."
    )
    assert row.odds > 1 and 0 < row.share < 1 < row.e_value.e_value_ci < row.e_value.e_value
    assert found.summary().startswith("ASB incidents: A difference in course")
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_change_that_chance_explains_needs_nothing_hidden():
    (row,) = asked("quiet").rows
    assert not row.is_found and row.sentences == (NOTHING,)
    assert asked("quiet").table()["value"].notna().all(), "the table has the numbers all the same"


def test_the_interval_under_a_drift_larger_than_that_includes_no_change():
    (row,) = asked("quiet, effect").rows
    for times, low, high in row.intervals:
        assert (low < 0 < high) == (times > row.times_drift)
    assert [bound for bound, *_ in row.intervals] == [0.5, 1.0, 2.0]


def test_the_e_value_is_that_of_the_ratio_of_rates():
    """VanderWeele and Ding (2017): RR + sqrt(RR (RR - 1)), of the ratio turned to lie above 1."""
    (row,) = asked("quiet, effect").rows
    size = row.measured.headline
    for value, expected in ((size.value, row.e_value.e_value), (size.high, row.e_value.e_value_ci)):
        ratio = size.base_rate / (size.base_rate + value)
        assert ratio + math.sqrt(ratio * (ratio - 1)) == pytest.approx(expected)


def test_bounds_are_of_how_matched_families_changed():
    panel, matched, measured = studied("quiet, effect")
    (row,) = asked("quiet, effect").rows
    changes = matched_changes(panel, matched, measured)
    wanted = panel.months[panel.months["month"].between(1, 12)].groupby("family")["incidents"].mean()
    before = panel.months[panel.months["month"].between(-12, -1)].groupby("family")["incidents"].mean()
    family = changes.frame["family"]
    assert changes.frame[CHANGE].tolist() == pytest.approx((wanted - before).loc[family].tolist())
    assert row.odds == rosenbaum_bounds(changes, CHANGE, alternative="lower", level=0.975).tipping_gamma


def test_harm_is_asked_what_would_explain_it_away_too():
    """The same families with what befell them turned round: each yardstick but that of rates is the same."""
    panel, matched, _ = studied("quiet, effect")
    turned = replace(panel, months=panel.months.assign(incidents=-panel.months["incidents"]))
    (harm,) = hidden_bias(turned, matched, [measure(turned, matched, ASB)]).rows
    (row,) = asked("quiet, effect").rows
    assert harm.measured.headline.value == pytest.approx(-row.measured.headline.value)
    assert harm.odds == pytest.approx(row.odds) and harm.share == pytest.approx(row.share)
    assert harm.times_drift == pytest.approx(row.times_drift)


def test_families_that_were_not_seen_leave_and_so_do_sets_that_lack_an_arm():
    panel, matched, measured = studied("quiet, effect")
    frame = matched.frame
    gone = frame.loc[frame["set_id"] == frame["set_id"].iloc[0]].query("picked == 1")["family"].iloc[0]
    unseen = (
        panel.months["incidents"].astype(float).mask((panel.months["family"] == gone) & (panel.months["month"] > 0))
    )
    changes = matched_changes(replace(panel, months=panel.months.assign(incidents=unseen)), matched, measured)
    lost = frame.loc[frame["family"] == gone, "set_id"].iloc[0]
    assert lost not in set(changes.frame["set_id"])
    assert set(changes.frame["set_id"]) == set(frame["set_id"]) - {lost}


def test_a_match_without_sets_is_asked_what_it_can_answer():
    panel, matched, _ = studied("quiet, effect")
    asked_of = {"treated": "picked", "unit": "family", "on": HISTORY, "method": "inverse_probability"}
    weighted = accepted(match(matched.frame[["family", "picked", *HISTORY]], **asked_of))
    (row,) = hidden_bias(panel, weighted, [measure(panel, weighted, ASB)]).rows
    assert isinstance(row.rosenbaum, NotEstimated) and row.odds is None
    assert row.share is not None and row.times_drift is not None


def test_an_outcome_that_depends_on_who_is_looking_says_so():
    (row,) = asked("quiet, effect", CALLOUT).rows
    assert row.sentences[-1] == LOOKING
    assert "Police call-outs (depends on who is looking)" in to_html(publish(asked("quiet, effect", CALLOUT)))


def test_an_effect_that_could_not_be_estimated_has_no_yardstick():
    panel, matched, measured = studied("quiet, effect")
    beyond = replace(measured, follow_up=(20, 24))
    (row,) = hidden_bias(panel, matched, [beyond]).rows
    assert row.sentences == ("The effect could not be estimated.",)
    assert isinstance(row.drift, NotEstimated) and not row.is_found


def test_an_outcome_that_was_not_measured_is_named():
    panel, matched, measured = studied("quiet")
    with pytest.raises(EstimationError, match="hidden_bias: primary: no measured outcome 'asb'"):
        hidden_bias(panel, matched, [measured], primary=["asb"])


def test_the_figure_has_a_line_for_each_drift():
    labels = [label.get_text() for label in asked("quiet, effect").plot().get_yticklabels()]
    assert len(labels) == 4 and labels[0].startswith("ASB incidents")


# On a page


def test_a_page_shows_sentences_yardsticks_and_what_is_left():
    released = publish(asked("quiet, effect"))
    (row,) = released.payload["rows"]
    assert row["times_drift"] == round(asked("quiet, effect").rows[0].times_drift, 1)
    html = to_html(released)
    assert "A difference in course between the groups" in html and "<svg" not in html
    drawing = draw_hidden(row)
    assert "could explain it" in drawing.headline and "twice as far: between" in drawing.alt


def test_what_needs_no_explaining_has_no_yardstick_on_a_page():
    (row,) = publish(asked("quiet")).payload["rows"]
    assert row["odds"] == row["share"] == row["times_drift"] == "[z]" and row["bounds"] == []
    assert draw_hidden(row) is None
    assert "There is nothing to draw" not in to_html(publish(asked("quiet")))


def test_nothing_is_told_of_an_effect_on_few_families(monkeypatch):
    found = asked("quiet, effect")
    size = replace(found.rows[0].measured.headline, n_treated=8)
    monkeypatch.setitem(vars(found.rows[0].measured), "headline", size)
    (row,) = publish(found).payload["rows"]
    assert row["times_drift"] == row["effect"] == "[c]" and row["sentences"] == [] and not row["is_found"]
    assert "not shown" in found.summary() and "times the largest" not in found.summary()
