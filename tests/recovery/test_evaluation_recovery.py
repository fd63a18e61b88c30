"""The whole design on one county with planted effects, and on the same county with none.

One county is a smoke test: `benchmarks/coverage.py` measures coverage and false claims over many.
"""

import pytest

from benchmarks.coverage import CLAIMS, evaluate_county


@pytest.fixture(scope="module")
def planted():
    return evaluate_county("oxfordshire", seed=2012, null=False)


@pytest.fixture(scope="module")
def null():
    return evaluate_county("oxfordshire", seed=2012, null=True)


def cell(cells, intervention, outcome):
    return cells[(cells.intervention == intervention) & (cells.outcome == outcome)].iloc[0]


def test_intervals_cover_the_truth(planted):
    # 35 intervals at 95 %: 28 or fewer cover with a chance of about 1 in 3,000 if they are what they say.
    covered = planted.low.le(planted.truth) & planted.truth.le(planted.high)
    assert covered.sum() >= 29


def test_planted_effects_are_found(planted):
    assert cell(planted, "family_intervention_project", "asb_incident").verdict == "works"
    assert cell(planted, "employment_adviser", "out_of_work_benefit").value < 0


def test_planted_harm_is_found(planted):
    harmed = cell(planted, "employment_adviser", "unauthorised_absence")
    assert harmed.low > 0 and harmed.verdict == "may do harm"
    assert harmed.overall == "may do harm"


def test_recording_is_not_taken_for_harm(planted):
    seen = cell(planted, "domestic_abuse_outreach", "police_callout")
    assert seen.low > 0, "more is recorded"
    assert seen.verdict == "cannot tell", "and it is said that nobody can tell why"


def test_what_does_nothing_is_not_praised(planted):
    mentors = planted[planted.intervention == "volunteer_mentors"]
    assert not mentors.verdict.isin(CLAIMS).any()


def test_before_and_after_is_visibly_wrong(null):
    # Nothing works in this county, and yet families started at a crisis have far fewer ASB incidents afterwards.
    asb = null[(null.outcome == "asb_incident") & (null.intervention == "family_intervention_project")].iloc[0]
    assert asb.naive < -100
    assert asb.low < 0 < asb.high


def test_a_null_county_yields_hardly_any_findings(null):
    # 25 outcomes can decide a verdict; Holm keeps the chance of any false claim at 5 % for each of five interventions,
    # so two or more interventions with one have a chance of about 1 in 40.
    assert null[null.verdict.isin(CLAIMS)].intervention.nunique() <= 1
