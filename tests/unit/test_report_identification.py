"""Who qualifies on a page: one sentence, one figure, and words for what could not be told."""

import pytest

from tests.spec.test_release_identification import NORTH, TIMES, WAYS, answer, criteria, identified, quarters
from tf_eval.release import Released, publish
from tf_eval.release.identification import CriterionRow, Identified, SentRow, UntoldView, Way
from tf_eval.report import to_html
from tf_eval.report.figures import draw_allocation, draw_criteria, draw_quarters
from tf_eval.report.identification import qualify_words, share_words, untold_words

ROW = CriterionRow("Crime", "one or more offences", met=120, not_met=300, cannot_tell=43)
SENT = SentRow("Crime", "event", "proven_offence", ("youth_offending",), "April 2009", "March 2015")
UNSENT = SentRow("Crime", "event", "asbo", (), "", "")


def untold(*sent, row=ROW, late=False, early=False):
    when = (("1 April 2012", "31 March 2015"), ("1 June 2012", "30 June 2014"))
    return publish(UntoldView((row,), sent, *when, begins_late=late, ends_early=early))


def test_the_first_sentence_says_how_many_and_how_many_were_allocated():
    assert qualify_words(answer(identified())) == (
        "About 300 families met the criteria of Families 2012 between 1 April 2012 and 30 September 2012, 37% of the "
        "810 that were allocated."
    )
    assert "6.0 times the 50 that" in qualify_words(answer(identified(), allocated=50))
    assert qualify_words(answer(identified(), allocated=None)).endswith("30 September 2012.")


def test_a_number_for_more_than_the_records_cover_is_not_compared():
    facts = answer(identified())
    rows = [{**row, "extrapolated": "[x]", "difference": "[x]"} for row in facts["rows"]]
    assert qualify_words({**facts, "rows": rows}).endswith("810, is for another area than these records cover.")
    assert "even share" not in share_words({**facts, "rows": rows})


def test_nothing_is_said_of_a_number_that_is_hidden():
    facts = {**answer(identified()), "identified": "[c]", "on_the_first_day": "[c]"}
    assert qualify_words(facts).startswith("A confidential number of families")
    assert "first day" not in share_words(facts)


def test_the_first_screen_has_a_figure_and_the_numbers_in_a_table():
    html = str(to_html(Released("identification", "", answer(identified()))))
    assert '<p class="sentence">About 300' in html and "<img" in html and "Qualify less even share" in html


def test_districts_without_any_number_beside_theirs_are_drawn_all_the_same():
    drawing = draw_allocation(answer(identified(), allocated=None))
    assert drawing.headline == "Families that qualify, by district"
    assert drawing.alt == "Bar chart of numbers of families. north: 200 qualify; south: 100 qualify."


def test_what_families_met_together_is_drawn_and_told_in_words():
    drawing = draw_criteria(criteria(identified()))
    assert drawing.headline == "Crime: met by 98% of families that qualify"
    assert "Crime and work: 200; Crime: 95." in drawing.alt
    html = str(to_html(Released("criteria", "", criteria(identified()))))
    assert "Crime alone" in html and "By which way families are in" in html


def test_a_programme_with_one_way_in_names_it_so():
    counts = Identified((("north", "", 200),), TIMES, (("north", NORTH),), (Way("", (True, True), 200),))
    payload = {**criteria(counts), "routes": [{"route": "", "asks": "both", "families": 200}]}
    assert "The one way" in str(to_html(Released("criteria", "", payload)))


def test_rare_combinations_are_said_to_be_left_out():
    rare = (*WAYS, Way("May be", (False, True), 3))
    html = str(to_html(Released("criteria", "", criteria(identified(south=(43, 31, 27), ways=rare)))))
    assert "What fewer than 10 families met together is left out" in html


def test_quarters_are_drawn_district_by_district_on_one_scale():
    drawing = draw_quarters(quarters(identified()))
    told = "After the first day, 75 to 85 more families qualified in each quarter"
    assert drawing.headline == f"{told}, all districts together"
    assert draw_quarters({**quarters(identified()), "districts": []}).headline == told
    assert "north: 100 on the first day, then 40, 60; south: 40 on the first day, then 30, 25." in drawing.alt
    html = str(to_html(Released("quarters", "", quarters(identified()))))
    assert "On 1 April 2012" in html and ">north</th>" in html


def test_where_no_quarter_may_be_shown_there_is_no_figure():
    payload = {**quarters(identified()), "all": ["[c]"] * 3, "districts": []}
    assert draw_quarters(payload) is None
    assert "nothing to draw" in str(to_html(Released("quarters", "", payload)))


def test_a_quarter_that_is_not_over_is_said_to_be_so():
    html = str(to_html(Released("quarters", "", {**quarters(identified()), "so_far": True})))
    assert "The last quarter, July to September 2012, is not over in the records." in html


def test_what_could_not_be_told_is_told():
    said = untold_words(untold(SENT, UNSENT, late=True, early=True).payload)
    assert "Crime: of about 45 families it could not be told." in said
    assert "Nobody sends these records, so that a criterion cannot be met by them: ASBOs." in said
    assert "The records begin on 1 June 2012, after the programme did." in said
    assert "The records end on 30 June 2014, and the programme on 31 March 2015" in said


@pytest.mark.parametrize("cannot_tell", [0, 9])
def test_nobody_and_a_few_are_told_alike(cannot_tell):
    row = CriterionRow("Crime", "one or more offences", met=120, not_met=300, cannot_tell=cannot_tell)
    assert "of all families, or of all but fewer than 10" in untold_words(untold(SENT, row=row).payload)
    assert "fewer than 10" in str(to_html(untold(SENT, row=row)))


def test_what_a_criterion_asks_for_has_a_table_with_room_for_it():
    html = str(to_html(untold(SENT)))
    numbers, asked = html.index("in the programme&#39;s time"), html.index("What each criterion asks for")
    assert numbers < html.index("Could not be told") < asked < html.index("One or more offences")
    assert html.count("One or more offences") == 1


def test_records_that_nobody_sends_stand_in_the_table():
    html = str(to_html(untold(SENT, UNSENT)))
    assert "Youth offending" in html and "April 2009 to March 2015" in html and "nobody sends it" in html
