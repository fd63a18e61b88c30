"""All interventions of a site together: what outlasts that so much was looked at, and who can be told to be better."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.cohort import load_outcomes
from tf_eval.did import estimate_att
from tf_eval.errors import EstimationError, NotEstimated
from tf_eval.evidence import Check, OutcomeEffect, Subject, Word, judge, shared_check, what_works

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
                tested=(Check("The draw is sound", True, "It was made so."),),
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


def test_what_most_interventions_seem_to_do_puts_all_of_them_in_doubt():
    alike = {name: {"asb_incident": -0.3} for name in ("mentors", "group", "adviser")}
    given = list(verdicts({**NOTHING, **alike, "project": {}}))
    together = what_works(given, seed=1)
    assert not together.shared.passed
    assert "More than half of the interventions seem to have changed ASB incidents for the better" in together.summary()
    own, beside = ({each.about.intervention: each.word for each in every} for every in (given, together.verdicts))
    assert own["mentors"] == Word.WORKS and beside["mentors"] == Word.PROMISING
    assert any(together.shared.detail in str(reason) for reason in together.verdicts[0].reasons)


def test_what_half_of_the_interventions_do_is_no_doubt(found):
    assert found.shared.passed
    both = {name: {"asb_incident": -0.3} for name in ("mentors", "group")}
    assert what_works(list(verdicts({**NOTHING, **both})), seed=1).shared.passed


def test_harm_that_most_interventions_seem_to_do_is_a_doubt_too():
    alike = {name: {"asb_incident": 0.3} for name in NOTHING}
    together = what_works(list(verdicts(alike)), seed=1)
    assert "ASB incidents for the worse" in together.shared.detail
    assert {each.word for each in together.verdicts} == {Word.HARM}, "a doubt does not silence a warning"


def test_sites_without_any_effect_fail_it_as_seldom_as_they_may():
    # Its level is 2 %; the weakest three of five are all clear in far fewer, and the seeds are fixed.
    assert all(shared_check(list(verdicts(NOTHING, seed))).passed for seed in range(8))


def test_of_two_interventions_nobody_can_say_what_most_of_them_share():
    together = what_works(list(verdicts({"mentors": {}, "group": {"asb_incident": -0.3}})), seed=1)
    assert isinstance(together.shared, NotEstimated) and "3 interventions or more" in together.shared.reason
    assert together.verdicts[1].word == Word.WORKS


def test_effects_are_shrunk_together_over_outcomes():
    """Two interventions are too few to shrink by themselves; on two outcomes there are four effects."""
    together = what_works(list(verdicts({"mentors": {}, "group": {"asb_incident": -0.3}})), seed=1)
    assert [league.table()["shrunk"].notna().all() for league in together.leagues] == [True, True]


def test_what_is_clear_by_itself_alone_is_no_more_than_promising():
    own = list(verdicts({**NOTHING, "visits": {}, "group": {"asb_incident": -0.05}}, seed=7))
    together = what_works(own, seed=1)
    (title, row) = together.alone[0]
    assert title == "Group" and row.word == Word.PROMISING
    assert next(each.word for each in own if each.about.title == "Group") == Word.WORKS
    assert (
        "Clear by itself, but not among all outcomes that were looked at: Group (ASB incidents)." in together.summary()
    )
    assert "chance alone makes some like it" in next(check.detail for check in row.checks if not check.passed)


def test_a_warning_needs_not_stand_out():
    """In this draw two that do nothing seem to do harm."""
    together = what_works(list(verdicts({**NOTHING, "visits": {}, "group": {"asb_incident": -0.1}}, seed=4)), seed=1)
    warnings = [row for verdict in together.verdicts for row in verdict.outcomes if row.word == Word.HARM]
    assert any(not check.passed for row in warnings for check in row.checks) and together.alone == ()


def test_what_stands_out_is_not_doubted_for_company(found):
    assert found.alone == ()
    project = next(verdict for verdict in found.verdicts if verdict.about.title == "Project")
    assert project.word == Word.WORKS
    assert [check.passed for row in project.outcomes for check in row.checks if "stands out" in check.name] == [True]


def test_among_many_false_claims_few_are_left_to_stand_out():
    """Ten draws of six interventions that do nothing: what is called clear, one by one and among all."""
    none = {**NOTHING, "visits": {}, "calls": {}}
    sites = [what_works(list(verdicts(none, seed)), seed=1) for seed in range(10)]
    own = sum(row.p_adjusted < 0.05 for site in sites for verdict in site.verdicts for row in verdict.outcomes)
    left = sum(row.word == Word.WORKS for site in sites for verdict in site.verdicts for row in verdict.outcomes)
    assert own >= 2 and left < own, "six families of tests at 5 % make one false claim in four sites"


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
