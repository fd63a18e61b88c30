"""Each world breaks what it says, and nothing of it is there by default."""

from dataclasses import replace

import numpy as np
import pytest

from synthetic.county import build_county
from synthetic.draw import draw_county
from synthetic.identification import identify
from synthetic.outcomes import draw_histories
from synthetic.presets import load_preset
from synthetic.spill import lives_beside, with_own, without_own
from synthetic.truth import family_outcomes
from synthetic.turning import turned
from synthetic.worlds import WORLDS, load_world
from tf_eval.errors import ConfigError

SMALL = load_preset("oxfordshire").model_copy(update={"families": 1_500, "started": 60})
SEED = 7


def drawn(world: str):
    return draw_county(load_world(world).made_of(SMALL), SEED, lambda stage: None)


@pytest.fixture(scope="module")
def planted():
    return drawn("planted")


def test_an_unknown_world_is_refused_with_the_nearest_one():
    with pytest.raises(ConfigError, match="spill"):
        load_world("spil")


@pytest.mark.parametrize("world", [name for name in WORLDS if name not in ("planted", "few_clusters")])
def test_every_world_keeps_the_districts_and_as_many_starts(world):
    preset = load_world(world).made_of(SMALL)
    assert (preset.started, preset.districts) == (SMALL.started, SMALL.districts)


def test_by_default_nothing_departs(planted):
    county, support = planted.county, planted.support
    untreated = draw_histories(county)
    assert not without_own(county, support)
    assert lives_beside(county, support, untreated) is untreated
    assert (turned(county, untreated).need == county.need).all()
    for kind, factors in county.recording.items():
        assert (factors == factors[:, :1]).all(), kind


def test_without_support_the_null_world_is_the_planted_one(planted):
    null = drawn("null")
    families = null.outcomes.without.families
    assert (families == planted.outcomes.without.families).all()
    for outcome, table in family_outcomes(null.county, null.outcomes.recorded).items():
        without = family_outcomes(planted.county, planted.outcomes.without)[outcome]
        assert np.array_equal(table, without, equal_nan=True), outcome


def test_need_drifts_with_motivation_before_the_programme_and_after():
    county, usual = build_county(load_world("trends").made_of(SMALL), SEED), build_county(SMALL, SEED)
    added = county.need - usual.need
    years = 2
    change = added[:, 24 * years] - added[:, 12 * years]
    assert change == pytest.approx(-0.4 * years * county.population.motivation, abs=1e-4)


def test_need_turns_when_a_family_first_qualifies_and_the_same_families_qualify():
    county = build_county(load_world("motivation").made_of(SMALL), SEED)
    histories = draw_histories(county)
    later = turned(county, histories)
    before, after = identify(county, histories), identify(later, draw_histories(later))
    assert (before.listed.argmax(axis=1) == after.listed.argmax(axis=1)).all()
    first = np.where(before.listed.any(axis=1), before.columns[0] + before.listed.argmax(axis=1), county.clock.columns)
    turned_by_then = np.arange(county.clock.columns) >= first[:, None]
    assert ((later.need != county.need) == turned_by_then).all()
    ready = (county.population.motivation > 1) & before.listed.any(axis=1)
    assert (later.need - county.need)[ready, -1].max() < 0


@pytest.mark.parametrize("world", ["motivation", "trends"])
def test_those_who_start_are_the_more_motivated(world, planted):
    there = drawn(world)
    gaps = [
        gap(found.county.population.motivation, found.support.family, found.support.first_starts()[0])
        for found in (there, planted)
    ]
    assert gaps[0] > gaps[1] + 0.3


def gap(motivation, asked, started):
    refused = np.setdiff1d(asked, started)
    return motivation[started].mean() - motivation[refused].mean()


def test_recording_changes_for_everybody_at_the_date_and_more_with_support():
    there = drawn("recording")
    county, outcomes = there.county, there.outcomes
    asb = "asb_incident"
    change = county.recording[asb] - county.recording[asb][:, :1]
    since = county.clock.months >= 2013 * 12 + 3
    assert change == pytest.approx(np.where(since, -0.2, 0.0)[None, :].repeat(len(change), axis=0), abs=1e-6)
    _, started, _ = there.support.first_starts()
    supported = np.arange(county.clock.columns) >= started[:, None]
    fewer = outcomes.recorded.family_counts[asb] < outcomes.needed.family_counts[asb]
    assert fewer.any() and not fewer[~(supported & since)].any()
    offences = "proven_offence"
    assert (outcomes.recorded.child_counts[offences] == outcomes.needed.child_counts[offences]).all()


def test_effects_spill_over_to_families_without_the_intervention_as_places_fill(planted):
    preset = load_world("spill").made_of(SMALL)
    county = replace(planted.county, preset=preset)
    support = planted.support
    untreated = draw_histories(county)
    beside = lives_beside(county, support, untreated)
    first = support.first_starts()[1].min()
    asb, offence = beside.family_counts["asb_incident"], untreated.family_counts["asb_incident"]
    assert (asb[:, :first] == offence[:, :first]).all()
    assert asb[:, first:].sum() < offence[:, first:].sum()
    callouts = "asbo"
    assert (beside.family_counts[callouts] == untreated.family_counts[callouts]).all()


def test_what_spills_over_is_half_of_the_effect_and_ends_where_the_own_begins(planted):
    preset = load_world("spill").made_of(SMALL)
    county, support = replace(planted.county, preset=preset), planted.support
    families, started, own = support.first_starts()
    project = list(preset.interventions).index("family_intervention_project")
    theirs, key = own == project, ("asb_incident", "rate")
    district = county.population.district[families]
    beside = ~theirs & np.isin(district, district[theirs])
    assert without_own(county, support)[key][beside][:, -1] == pytest.approx(-0.45 / 2)
    assert (without_own(county, support)[key][theirs] == 0).all()
    shift = with_own(county, support)[key][theirs]
    month = np.arange(county.clock.columns) - started[theirs][:, None]
    assert (shift[month < 0] <= 0).all() and (shift[month < 0] >= -0.45 / 2 - 1e-6).all()
    alone = with_own(planted.county, support)[key][theirs]
    assert shift[month >= 0] == pytest.approx(alone[month >= 0])


def test_few_districts_have_nearly_all_places_and_share_their_shocks():
    there = drawn("few_clusters")
    families = there.support.first_starts()[0]
    district = there.county.population.district
    assert np.isin(district[families], (0, 1)).mean() > 0.9
    shocks = there.county.need - build_county(SMALL, SEED).need
    for place in range(len(SMALL.districts)):
        assert np.ptp(shocks[district == place], axis=0).max() < 1e-4
    assert shocks.std() > 0.1
