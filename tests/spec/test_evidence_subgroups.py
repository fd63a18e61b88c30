"""For whom, where and by whom: what is planted is found, what is not is not, and nothing undeclared is looked at."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.parts import ASB, DISTRICTS, PROVIDERS, draw_town
from tf_eval import effects_by_subgroup
from tf_eval.errors import ConfigError, EstimationError, InputError, NotEstimated
from tf_eval.evidence import Subgroup, holm
from tf_eval.evidence.check import FEWEST_FAMILIES

MANY = Subgroup(
    column="children",
    at_least=3,
    label="families with three or more children",
    others="families with fewer children",
    expects="more",
)
DISTRICT = Subgroup(column="district", label="districts")
PROVIDER = Subgroup(column="provider", label="providers")
YEAR = Subgroup(column="start_cohort", label="years of start")
MORE_FOR_MANY = {"children": {number: -0.12 for number in (3, 4, 5)}}
SCALE = ASB.scale


def compared(town, *subgroups, **asked):
    return effects_by_subgroup(town.panel, town.matched, town.measured(), subgroups, **asked)


@pytest.fixture(scope="module")
def alike():
    return compared(draw_town(4), MANY, DISTRICT, PROVIDER, YEAR)


def test_a_planted_difference_is_found_with_its_size_and_its_side():
    (found,) = compared(draw_town(1, **MORE_FOR_MANY), MANY)
    assert found.differs and found.as_expected
    assert found.interaction.low < -0.12 * SCALE < found.interaction.high < 0
    assert "the effect is lower among families with three or more children than among families with" in found.summary()
    assert f"(from {abs(found.interaction.high):.1f} to " in found.summary()
    assert found.summary().endswith("a year, as the plan expected.")


def test_a_difference_against_what_was_expected_is_said_to_be_so():
    less = MANY.model_copy(update={"expects": "less"})
    (found,) = compared(draw_town(1, **MORE_FOR_MANY), less)
    assert found.as_expected is False
    assert found.summary().endswith(", against what the plan expected.")


def test_planted_differences_between_many_parts_are_found():
    (found,) = compared(draw_town(2, district={"Ash": -0.2, "Fir": 0.1}), DISTRICT)
    assert found.differs and found.interaction.spread > 0
    assert "the effect differs by more than chance between districts" in found.summary()


def test_where_nothing_is_planted_nothing_is_found(alike):
    assert [each.differs for each in alike] == [False] * 4
    assert alike.summary().count("no difference beyond chance") == 4
    assert "none of this changes the verdict" in alike.summary()


def test_what_differs_between_parts_without_help_is_no_effect():
    """Families with many children calm down by themselves, and so do like families with many."""
    towns = (draw_town(seed, treated=120, calming=-0.05) for seed in range(8))
    found = [compared(town, MANY).rows[0].interaction for town in towns]
    differences, errors = (np.array([getattr(each, name) for each in found]) for name in ("difference", "std_error"))
    # Parts that took like families by their set would differ by 78 in these units, two and a half times this bound.
    assert abs(differences.mean()) < 2.5 * np.sqrt((errors**2).mean() / len(found))


def test_raw_and_shrunk_stand_side_by_side_and_small_parts_are_drawn_furthest():
    found = compared(draw_town(8, provider={"Alpha": -0.2, "Delta": 0.2}), PROVIDER)
    table = found.table().dropna(subset="value").set_index("part")
    mean = np.average(table["shrunk"])
    moved = (table["shrunk"] - table["value"]) / (mean - table["value"])
    assert 0 < moved["Alpha"] < moved["Delta"] < 1, "Delta's families are a third of Alpha's"
    assert (table["shrunk_high"] - table["shrunk_low"] < table["high"] - table["low"]).all()


def test_parts_stand_in_the_order_of_their_names_and_none_has_a_rank(alike):
    table = alike.table()
    assert table.loc[table["subgroup"] == "districts", "part"].tolist() == sorted(DISTRICTS)
    assert table.loc[table["subgroup"] == "providers", "part"].tolist() == sorted(PROVIDERS)
    assert not [name for name in table.columns if "rank" in name]


def test_with_two_parts_nothing_is_shrunk(alike):
    assert alike.table().query("subgroup == @MANY.label")["shrunk"].isna().all()


def test_a_part_of_few_families_is_not_estimated_and_says_why(alike):
    (by_provider,) = (each for each in alike if each.subgroup is PROVIDER)
    few = [part for part in by_provider.parts if min(part.n_treated, part.n_comparison) < FEWEST_FAMILIES]
    assert [part.name for part in few] == ["Omega"]
    assert few[0].size.reason.startswith("fewer than 20 families with the intervention")
    assert all(not isinstance(part.size, NotEstimated) for part in by_provider.parts if part not in few)


def test_like_families_are_with_the_provider_of_the_family_they_were_matched_to(alike):
    parts = {part.name: part for each in alike if each.subgroup is PROVIDER for part in each.parts}
    assert {name: part.n_comparison / part.n_treated for name, part in parts.items()} == pytest.approx(
        dict.fromkeys(PROVIDERS, 2), abs=0.15
    )


def test_with_one_part_alone_there_is_nothing_to_compare():
    town = draw_town(3, treated=60)
    every = MANY.model_copy(update={"at_least": 1.0})
    (found,) = compared(town, every)
    assert found.summary().endswith("not compared: fewer than two parts have an estimate.")
    assert [part.n_treated for part in found.parts][1] == 0


def test_a_part_of_which_few_were_seen_to_the_end_is_left_out_of_the_comparison():
    town = draw_town(4)
    frame = town.matched.frame
    gone = frame.loc[(frame["treated"] == 1) & (frame["district"] == "Elm"), "family_id"].iloc[9:]
    town.panel.values[ASB.name][gone, -1] = np.nan
    (found,) = compared(town, DISTRICT)
    by_name = {part.name: part for part in found.parts}
    assert by_name["Elm"].n_treated > FEWEST_FAMILIES
    assert by_name["Elm"].size.reason == "fewer than 10 of its families were seen in every month"
    assert found.interaction.degrees_of_freedom[0] == len(DISTRICTS) - 2


def test_where_there_is_no_effect_of_all_there_is_none_of_parts():
    town = draw_town(3, treated=60)
    beyond = [replace(effect, follow_up=(20, 24)) for effect in town.measured()]
    (found,) = effects_by_subgroup(town.panel, town.matched, beyond, [MANY])
    assert found.parts == ()
    assert found.summary().endswith("not compared: the effect among all families could not be estimated.")


def test_an_outcome_that_never_happens_is_not_compared():
    town = draw_town(3, treated=120)
    town.panel.values[ASB.name][:] = 0.0
    (found,) = compared(town, MANY)
    assert all("has no error" in part.size.reason for part in found.parts)
    assert found.summary().endswith("not compared: fewer than two parts have an estimate.")


def test_the_allowance_is_for_all_that_were_compared(alike):
    table = alike.interactions()
    assert table["p_adjusted"].tolist() == pytest.approx(holm(table["p_value"]).tolist())


def test_the_parts_average_to_one_model_of_all(alike):
    """Each treated family is held against the same model, however families are divided."""
    table = alike.table().query("subgroup in ['districts', @YEAR.label]")
    means = [np.average(rows["value"], weights=rows["n_treated"]) for _, rows in table.groupby("subgroup")]
    assert means[0] == pytest.approx(means[1], abs=0.01 * abs(means[0]) + 3)


def test_families_matched_by_weights_have_parts_by_what_they_are_and_none_by_provider():
    found = compared(draw_town(5, method="entropy_balancing"), MANY, PROVIDER)
    by_children, by_provider = found
    assert all(not isinstance(part.size, NotEstimated) for part in by_children.parts)
    assert "not matched in sets" in by_provider.summary() and by_provider.parts == ()


def test_in_a_set_of_several_providers_like_families_belong_to_none():
    by_provider = compared(draw_town(5, method="full"), PROVIDER).rows[0]
    frame = draw_town(5, method="full").matched.frame
    providers = frame[frame["treated"] == 1].groupby("set_id")["provider"].nunique()
    of_one = frame[(frame["treated"] == 0) & frame["set_id"].map(providers).eq(1)]
    assert (providers > 1).any()
    assert sum(part.n_comparison for part in by_provider.parts) == len(of_one)
    assert sum(part.n_treated for part in by_provider.parts) == (frame["treated"] == 1).sum()


def test_what_was_not_known_is_in_neither_part():
    town = draw_town(6)
    unknown = (town.matched.frame["family_id"] % 4 == 0).astype(float)
    town.matched.frame["children_missing"] = unknown
    (found,) = compared(town, MANY)
    counted = sum(part.n_treated + part.n_comparison for part in found.parts)
    assert counted == town.matched.frame.loc[unknown == 0, "family_id"].nunique()


def test_nothing_declared_is_nothing_looked_at():
    found = compared(draw_town(3, treated=60))
    assert found.rows == () and found.table().empty
    assert found.summary().startswith("The plan declared no groups of families")


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("childen", "Did you mean 'children'?"),
        ("pool", "no column at the index date 'pool'"),  # known by the month's end alone
        ("weight", "no column at the index date 'weight'"),
        ("incidents", "Did you mean 'incidents_12m'?"),
    ],
)
def test_a_column_that_was_not_known_at_the_index_date_is_refused(column, told):
    asked = MANY.model_copy(update={"column": column})
    with pytest.raises(InputError, match="effects_by_subgroup") as caught:
        compared(draw_town(3, treated=60), asked)
    assert told in str(caught.value)


def test_what_holds_no_numbers_is_not_split():
    town = draw_town(3, treated=60)
    town.matched.frame["home"] = "rented"
    with pytest.raises(InputError, match="'home' holds no numbers"):
        compared(town, MANY.model_copy(update={"column": "home"}))


def test_an_outcome_that_was_not_measured_is_refused():
    with pytest.raises(ConfigError, match="Did you mean 'asb_incident'"):
        compared(draw_town(3, treated=60), MANY, primary=["asb_incidents"])


def test_outcomes_stay_out_of_reach_until_balance_is_accepted():
    town = draw_town(3, treated=60)
    with pytest.raises(EstimationError, match="effects_by_subgroup"):
        effects_by_subgroup(town.panel, replace(town.matched, acceptance=None), town.measured(), [MANY])


def test_results_are_drawn_and_written_down(alike):
    json.dumps(alike.to_dict(), allow_nan=False)
    axes = alike.plot()
    assert len(axes.get_yticklabels()) == 2 + len(DISTRICTS) + len(PROVIDERS) + 2
    assert axes.get_title(loc="left").replace("\n", " ") == "ASB incidents: no difference beyond chance"
    with pytest.raises(InputError, match="no outcome"):
        alike.plot("offences")
    assert repr(alike) == "<SubgroupEffects: 4 subgroups, 4 comparisons>"
