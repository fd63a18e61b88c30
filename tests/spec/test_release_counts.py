"""What may be shown of counts: tiny tables in, visible answers out."""

import pytest

from tf_eval.errors import ConfigError, InputError
from tf_eval.release.counts import release_count, release_counts
from tf_eval.release.flows import Arm, release_flow
from tf_eval.release.rules import Rules, load_rules

RULES = Rules()


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "[c]"), (1, "[c]"), (9, "[c]"), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (812, 810), (2913, 2915)],
)
def test_a_count_alone(count, shown):
    assert release_count(count, RULES) == shown


def test_a_table_without_small_cells_is_only_rounded():
    table = release_counts([51, 39, 62], RULES)
    assert table.cells == (50, 40, 60)
    assert table.total == 150  # rounded by itself, not the sum of the rounded cells


def test_one_small_cell_takes_another_with_it_where_the_total_gives_it_away():
    table = release_counts([98, 203, 9], RULES)  # shown as 100, 205 and 310 the third could only be 0 to 9
    assert table.cells[2] == "[c]"
    table = release_counts([102, 9], RULES)  # 110 less 100 leaves 6 to 9: the other cell goes too
    assert table.cells == ("[c]", "[c]")


def test_a_cell_that_holds_everybody_is_hidden_with_the_empty_ones():
    table = release_counts([0, 200, 0], RULES)
    assert table.cells == ("[c]", "[c]", "[c]")
    assert table.total == 200


def test_where_all_is_small_nothing_is_shown():
    table = release_counts([3, 2], RULES)
    assert (*table.cells, table.total) == ("[c]", "[c]", "[c]")


def test_zeros_are_shown_where_the_rules_allow_it():
    table = release_counts([0, 150, 150], Rules(zeros_disclosive=False))
    assert table.cells == (0, 150, 150)


@pytest.mark.parametrize("counts", [[], [5, -1]])
def test_no_table_from_nothing_or_from_negative_counts(counts):
    with pytest.raises(InputError):
        release_counts(counts, RULES)


def test_a_flow_is_rounded_and_its_first_step_excludes_nobody():
    flow = release_flow([Arm([187, 176, 161], [0, 11, 15])], RULES)[0]
    assert flow.families == (185, 175, 160)
    assert flow.excluded == ("[z]", 10, 15)


def test_a_small_exclusion_is_hidden():
    flow = release_flow([Arm([812, 755, 752, 700], [0, 57, 3, 52])], RULES)[0]
    assert flow.families == (810, 755, 750, 700)
    assert flow.excluded == ("[z]", 55, "[c]", 50)


def test_a_small_exclusion_that_its_neighbours_would_give_away_is_merged_with_the_next_step():
    """Shown as 810, less 55, 750, and 740 at the end, a hidden number below ten could only be a nine."""
    flow = release_flow([Arm([808, 751, 742], [0, 57, 9])], RULES)[0]
    assert flow.families == (810, "[c]", 740)
    assert flow.excluded == ("[z]", "[c]", "[c]")


def test_a_step_that_two_arms_share_is_hidden_or_shown_in_both():
    """What stands before the second arm's exclusions is also the last step of the first."""
    trunk, arm = Arm([808, 751, 742], [0, 57, 9]), Arm([751, 739, 700], [0, 12, 39], begins_at=(0, 1))
    first, second = release_flow([trunk, arm], RULES)
    assert first.families == (810, "[c]", 740)
    assert second.families == ("[c]", "[c]", 700)


@pytest.mark.parametrize(
    ("families", "excluded"), [([100, 80], [0, 15]), ([100, 80], [5, 20]), ([100, 120], [0, -20]), ([], [])]
)
def test_a_flow_must_add_up(families, excluded):
    with pytest.raises(InputError):
        release_flow([Arm(families, excluded)], RULES)


def test_the_file_of_rules_is_the_strictest_profile():
    assert load_rules() == Rules()


def test_all_faults_of_a_file_of_rules_are_told_at_once(tmp_path):
    path = tmp_path / "release.yaml"
    path.write_text("treshold: 5\nround_to: five\n", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_rules(path)
    assert "2 problems" in str(raised.value)
    assert "Did you mean 'threshold'?" in str(raised.value)


@pytest.mark.parametrize("text", ["- 1\n- 2\n", "a: [", "protection: 11\n"])
def test_a_file_that_is_no_set_of_rules_is_refused(tmp_path, text):
    path = tmp_path / "release.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"release\.yaml"):
        load_rules(path)
