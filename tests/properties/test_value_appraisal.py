"""What holds of an appraisal whatever the effects are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.value import appraise, load_appraisal, paths_from
from tf_eval.value.appraisal.persistence import SCENARIOS

RULES = load_appraisal()
OUTCOMES = [*RULES.terms.outcomes]
ASKED = {"intervention": "volunteer_mentors"}
courses = st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=3)
effects = st.dictionaries(st.sampled_from(OUTCOMES), courses, min_size=1, max_size=4)


def drawn(found: dict, seed: int = 1):
    size = 3 * len(found)
    return paths_from(found, 0.01 * np.eye(size), seed=seed, draws=99)


@settings(max_examples=40, deadline=None)
@given(effects, st.sampled_from([*SCENARIOS]))
def test_agencies_and_outcomes_add_up(found, scenario):
    appraisal = appraise(drawn(found), RULES, scenario=scenario, **ASKED)
    measures, agencies = appraisal.measures, appraisal.agencies.values()
    gained = sum(measures[kind].mean for kind in ("fiscal", "economic", "social"))
    assert sum(one["saves"].mean for one in agencies) == pytest.approx(gained, abs=1e-6)
    assert sum(one.mean for one in appraisal.outcomes.values()) == pytest.approx(gained, abs=1e-6)
    assert sum(one["pays"].mean for one in agencies) == pytest.approx(measures["cost"].mean)
    assert measures["net_public"].mean == pytest.approx(gained - measures["cost"].mean, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(effects, st.floats(0.1, 5.0))
def test_savings_grow_with_the_effects(found, times):
    """Optimism bias takes a share of whatever is estimated, so that savings stay in proportion."""
    one = appraise(drawn(found), RULES, **ASKED)
    larger = appraise(drawn({name: times * np.array(course) for name, course in found.items()}), RULES, **ASKED)
    assert larger.measures["fiscal"].mean == pytest.approx(times * one.measures["fiscal"].mean, abs=1e-6)
    assert larger.measures["cost"].mean == one.measures["cost"].mean


@settings(max_examples=40, deadline=None)
@given(courses, st.sampled_from(["asb_incident", "proven_offence"]))
def test_a_fall_saves_more_the_longer_it_lasts(course, outcome):
    found = {outcome: -np.abs(course)}
    under = appraise(paths_from(found, draws=1), RULES, **ASKED).scenarios
    saved = [under[scenario]["fiscal"].mean for scenario in ("stops", "decays", "lasts")]
    assert saved == sorted(saved)


@settings(max_examples=40, deadline=None)
@given(effects)
def test_the_same_draws_make_the_same_result(found):
    first, second = (appraise(drawn(found), RULES, **ASKED).to_dict() for _ in range(2))
    assert first == second
