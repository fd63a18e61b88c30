"""All interventions of a site together: what outlasts that so much was looked at, and who can be told to be better."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.cohort import load_outcomes
from tf_eval.did import estimate_att
from tf_eval.errors import EstimationError, NotEstimated
from tf_eval.evidence import OutcomeEffect, Subject, judge, what_works

OUTCOMES = [load_outcomes()[name] for name in ("asb_incident", "unauthorised_absence")]
COLUMNS = {"unit": "family", "period": "month", "adopted": "start", "cluster": "family"}
COMPARISON, TREATED, START, MONTHS = 150, 60, 12, 36


def family_months(random, first: int, count: int, start: float, effects: dict[str, float]) -> pd.DataFrame:
    """Families by months, whose outcomes differ lastingly; from the start on each moves by its effect."""
    family = np.repeat(np.arange(first, first + count), MONTHS)
    month = np.tile(np.arange(MONTHS), count)
    after = month >= start
    outcomes = {
        outcome.name: np.repeat(random.normal(1, 0.2, count), MONTHS)
        + random.normal(0, 0.3, count * MONTHS)
        + effects.get(outcome.name, 0) * after
        for outcome in OUTCOMES
    }
    return pd.DataFrame({"family": family, "month": month, "start": start, **outcomes})


def verdicts(planted: dict[str, dict[str, float]], seed: int = 1):
    """Interventions that share their comparison families, each judged on two outcomes."""
    random = np.random.default_rng(seed)
    shared = family_months(random, 0, COMPARISON, np.inf, {})
    for number, (name, effects) in enumerate(planted.items(), start=1):
        own = family_months(random, 1000 * number, TREATED, START, effects)
        months = pd.concat([shared, own])
        measured = [
            OutcomeEffect(
                outcome,
                estimate_att(months, outcome=outcome.name, baseline=12, **COLUMNS),
                (1, 12),
                outcome.smallest_worthwhile,
                NotEstimated("not asked for"),
            )
            for outcome in OUTCOMES
        ]
        yield judge(measured, about=Subject(name, name.capitalize(), "Does it help?", "A visit."))


NOTHING = {"mentors": {}, "group": {}, "adviser": {}, "outreach": {}}


@pytest.fixture(scope="module")
def found():
    return what_works(list(verdicts({**NOTHING, "project": {"asb_incident": -0.3}})), seed=1)


def test_what_is_there_is_clear_among_all_that_was_looked_at(found):
    (only,) = found.holding
    assert (only.title, only.judged.outcome.name) == ("Project", "asb_incident")
    assert "for the better: Project (ASB incidents)" in found.summary()
    assert "5 interventions were looked at, and 10 effects that decide" in found.summary()


def test_an_allowance_for_all_asks_more_than_that_within_one_intervention(found):
    headlines = found.table().query("band == 'headline'")
    assert (headlines["p_all"] >= headlines["p_value"]).all()
    within = headlines[headlines["p_adjusted"] < 0.5]  # above that, Holm's is larger than any chance can be
    assert (within["p_all"] > within["p_adjusted"]).all()


def test_bands_have_an_allowance_of_their_own_and_no_verdict(found):
    bands = found.table().query("band != 'headline'")
    assert len(bands) == 10 * 4 and bands["verdict"].isna().all()
    clear = bands[bands["p_all"] < 0.05]
    assert set(clear["title"]) == {"Project"} and set(clear["intervention"]) == {"project"}
    assert set(bands["band"]) == {"1 to 6", "7 to 12", "13 to 18", "19 to 24"}


def test_the_one_that_helps_is_the_best_on_what_it_helps_with_and_nobody_is_on_the_other(found):
    asb, absence = found.leagues
    assert asb.tells_apart and asb.league.maybe_best == ("Project",)
    assert not absence.tells_apart
    assert "Interventions can be told apart on ASB incidents." in found.summary()
    first = asb.table().iloc[0]
    assert abs(first["shrunk"]) < abs(first["value"]), "whatever looks best of several is partly luck"


def test_a_site_where_nothing_helps_claims_nothing():
    # The chance of any claim is 5 %, and the seed is fixed.
    quiet = what_works(list(verdicts(NOTHING)), seed=1)
    assert quiet.holding == ()
    assert "None is so clear" in quiet.summary() and "none is called the best" in quiet.summary()


def test_the_same_seed_the_same_table():
    given = list(verdicts(NOTHING))
    one, other = (what_works(given, seed=7).table() for _ in range(2))
    pd.testing.assert_frame_equal(one, other)


def test_harm_is_told_as_such():
    harmed = what_works(list(verdicts({**NOTHING, "project": {"asb_incident": 0.3}})), seed=1)
    assert "for the worse: Project (ASB incidents)" in harmed.summary()


def test_the_figure_has_a_row_for_each_effect(found):
    axes = found.plot()
    assert len(axes.get_yticklabels()) == 10


def test_nothing_and_twice_the_same_are_refused():
    with pytest.raises(EstimationError, match="no verdict was given"):
        what_works([], seed=1)
    (verdict,) = verdicts({"mentors": {}})
    with pytest.raises(EstimationError, match="given twice"):
        what_works([verdict, verdict], seed=1)


def test_a_single_intervention_is_no_league_but_keeps_its_claims():
    (verdict,) = verdicts({"project": {"asb_incident": -0.3}})
    alone = what_works([verdict], seed=1)
    assert [claim.title for claim in alone.holding] == ["Project"]
    assert not any(league.tells_apart for league in alone.leagues)
