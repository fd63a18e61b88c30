"""What may be shown of families identified and allocated by district."""

from tf_eval.release import Rules, publish
from tf_eval.release.views import AllocationRow, AllocationView
from tf_eval.report import to_html
from tf_eval.report.figures import draw_allocation


def released(*rows: tuple, rules: Rules | None = None):
    view = AllocationView(tuple(AllocationRow(*row) for row in rows), 810, ("The county's page",))
    return publish(view, rules=rules or Rules())


# 810 families, spread over 4,074 and 3,221 families with children.
IN_NORTH, IN_SOUTH = 810 * 4074 / 7295, 810 * 3221 / 7295
NORTH = ("north", "", 203, None, IN_NORTH, 4074)
SOUTH = ("south", "", 98, None, IN_SOUTH, 3221)


def test_counts_and_even_shares_are_rounded_alike_and_differences_are_of_what_is_shown():
    payload = released(NORTH, SOUTH).payload
    assert [(row["identified"], row["extrapolated"], row["difference"]) for row in payload["rows"]] == [
        (205, 450, -245),
        (100, 360, -260),
    ]
    assert (payload["identified"], payload["allocated"]) == (300, 810)


def test_a_small_count_is_hidden_with_another_that_would_give_it_away():
    """Of 111 families, shown as 110, 102 are shown as 100: a hidden count of less than ten would be six or more."""
    rows = released(("north", "", 102, None, IN_NORTH, 4074), ("south", "", 9, 40, IN_SOUTH, 3221)).payload["rows"]
    assert [(row["identified"], row["difference"]) for row in rows] == [("[c]", "[c]"), ("[c]", "[c]")]
    assert [row["extrapolated"] for row in rows] == [450, 360], "it tells of families with children, who are many"
    assert rows[1]["allocated"] == 40, "it stands in a public document"


def test_what_is_extrapolated_from_few_families_with_children_is_hidden_with_what_would_give_it_away():
    rows = released(("north", "", 203, None, 744.3, 102), ("not known", "", 40, None, 65.7, 9))
    assert [row["extrapolated"] for row in rows.payload["rows"]] == ["[c]", "[c]"]
    assert [row["identified"] for row in rows.payload["rows"]] == [205, 40]
    assert rows.notes


def test_what_is_extrapolated_tells_no_more_than_a_rounded_count_of_families_with_children():
    """A number that is large against the families would otherwise tell them exactly."""
    told = {
        tuple(
            row["extrapolated"]
            for row in released(
                ("north", "", 203, None, 81000 * north / (north + 400), north),
                ("south", "", 98, None, 81000 * 400 / (north + 400), 400),
            ).payload["rows"]
        )
        for north in (198, 199, 200, 201, 202)
    }
    assert told == {(27000, 54000)}


def test_the_two_periods_of_a_district_are_one_cell_of_its_families_with_children():
    first, rest = (
        ("south", "first year", 40, 40, IN_SOUTH / 3, 3221),
        ("south", "at other times", 58, None, IN_SOUTH * 2 / 3, 3221),
    )
    assert [row["extrapolated"] for row in released(NORTH, first, rest).payload["rows"]] == [450, 120, 240]


def test_what_is_not_known_is_not_available():
    row = released(("north", "", 203, None, None, 4074)).payload["rows"][0]
    assert (row["allocated"], row["extrapolated"], row["difference"]) == ("[x]", "[x]", "[x]")


def test_its_fragment_has_a_table_with_a_caption_and_a_figure_with_words_for_those_who_cannot_see_it():
    html = to_html(released(NORTH, ("south", "first year", 98, 40, IN_SOUTH, 3221)))
    assert "Families that qualify (300 in all) and families allocated (810 in all)" in html
    assert "The county&#39;s page" in html
    assert "Qualify less even share" in html
    drawing = draw_allocation(released(NORTH, ("south", "first year", 98, 40, IN_SOUTH, 3221)).payload)
    assert drawing.alt == (
        "Bar chart of numbers of families. north: 205 qualify, 450 even share; "
        "south, first year: 100 qualify, 360 even share, 40 allocated."
    )
    assert drawing.headline == "In 0 of 2 periods more families qualify than an even share of the 810 allocated"


def test_where_no_two_numbers_can_be_compared_there_is_no_figure():
    assert draw_allocation(released(("north", "", 203, None, None, 4074)).payload) is None
    assert "<img" not in to_html(released(("north", "", 203, None, None, 4074)))


def test_what_is_available_for_no_district_has_no_column():
    html = to_html(released(NORTH, SOUTH))
    assert ">Families allocated</th>" not in html and "[x]" not in html and "(810 in all)" in html
    assert ">Families allocated</th>" in to_html(released(NORTH, ("south", "first year", 98, 40, IN_SOUTH, 3221)))
    alone = publish(AllocationView((AllocationRow("north", "", 203, None, None, 4074),), None, ()))
    assert "Families that qualify (205 in all).</caption>" in to_html(alone) and "[x]" not in to_html(alone)
