"""What would have been paid anyway on a page: what is said, what is drawn, and what few families hide."""

import math
from dataclasses import replace

import pytest

from tf_eval.release import publish
from tf_eval.release.deadweight import DeadweightView, ResultRow
from tf_eval.release.money import release_pounds
from tf_eval.release.views import SentenceFacts
from tf_eval.report import to_html
from tf_eval.report.deadweight import deadweight_words
from tf_eval.report.downloads import to_sheet

UNIT = "of_100_families"
CLAIMED = "Families of whom a result could be claimed"
PAID = {
    "paid": 3104.17, "results": 437.5, "anyway": 291.67, "anyway_low": 120.4, "anyway_high": 463.1,
    "per_result": 12416.67, "per_result_low": 6731.2, "per_result_high": 80712.3,
}  # fmt: skip
ANY = ResultRow(SentenceFacts(CLAIMED, 25.0, 3.8, 46.2, 50.0, UNIT), 40, 40, is_any=True)
CRIME = ResultRow(SentenceFacts("Crime and education", 25.0, 3.8, 46.2, 50.0, UNIT), 40, 40)
WORK = ResultRow(SentenceFacts("Employment", None, None, None, None, UNIT), 0, 0, is_none=True)
VIEW = DeadweightView("Payment 2012", 12, (ANY, CRIME, WORK), PAID)
OPEN = replace(ANY, facts=SentenceFacts(CLAIMED, 4.0, -5.0, 14.0, 36.0, UNIT))
NOTHING = {**PAID, "per_result": math.inf, "per_result_high": math.inf}


def test_what_was_bought_is_told_with_what_it_cost():
    words = deadweight_words(publish(VIEW).payload)
    assert "about £3,100 is paid for each family with this support, £440 of it for results" in words
    assert "about £290 would have been paid for results that came by themselves" in words
    assert "about 25 more pass with this support than would without it (3.8 to 46.2)" in words
    assert "Each of these results cost about £12,000 (£6,700 to £81,000)." in words


def test_where_nothing_can_be_told_no_price_is_a_point():
    released = publish(replace(VIEW, rows=(OPEN,), pounds=NOTHING))
    words = deadweight_words(released.payload)
    assert words.endswith(
        "Whether payment bought any result at all cannot be told; if it did, each cost at least £6,700."
    )
    html = str(to_html(released))
    assert "cannot be told</td>" in html and "£6,700 to no upper limit" in html and "[z]" not in html


def test_a_point_of_which_nothing_can_be_told_is_in_no_table():
    released = publish(
        replace(VIEW, rows=(OPEN,), pounds={**PAID, "per_result": 77604.25, "per_result_high": math.inf})
    )
    assert "£78,000" not in str(to_html(released))


def test_where_support_has_more_results_in_no_case_none_has_a_price():
    found = replace(
        VIEW, pounds={**PAID, **dict.fromkeys(("per_result", "per_result_low", "per_result_high"), math.inf)}
    )
    assert "there is none</td>" in str(to_html(publish(found)))


def test_no_upper_limit_is_the_upper_end_of_an_interval_in_a_file_too():
    money = to_sheet(to_html(publish(replace(VIEW, rows=(OPEN,), pounds=NOTHING))).tables[-1])
    *_, low, high = money.rows[-1]
    assert (low.value, high) == (6700, "no upper limit")


def test_the_sum_that_like_families_would_have_been_paid_is_beside_that_paid_and_no_part_of_it():
    more = {**PAID, "anyway": 461.2, "anyway_low": 300.0, "anyway_high": 620.0}
    released = publish(replace(VIEW, rows=(OPEN,), pounds=more))
    shown = released.payload["pounds"]
    assert (shown["results"], shown["anyway"], shown["difference"]) == (440, 460, -20), "as what is shown gives it"
    assert (shown["difference_low"], shown["difference_high"]) == (-180, 140)
    html = str(to_html(released))
    assert "For results of like families without support" in html and "Of these, for" not in html


@pytest.mark.parametrize(
    ("row", "title"),
    [
        (ANY, "A result can be claimed for more families with this support: about 75 in every 100, and 50 without it"),
        (OPEN, "Whether a result can be claimed for more families with this support cannot be told: "
         "about 40 in every 100 with it, 36 without it"),
        (replace(ANY, facts=SentenceFacts(CLAIMED, -20.0, -35.0, -5.0, 50.0, UNIT)),
         "A result can be claimed for fewer families with this support: about 30 in every 100, and 50 without it"),
    ],
)  # fmt: skip
def test_the_title_of_the_figure_says_no_more_than_the_interval(row, title):
    assert title in str(to_html(publish(replace(VIEW, rows=(row,)))))


def test_fewer_results_with_support_bought_none():
    fewer = replace(ANY, facts=SentenceFacts(CLAIMED, -20.0, -35.0, -5.0, 50.0, UNIT))
    released = publish(replace(VIEW, rows=(fewer,), pounds=dict.fromkeys(PAID, math.inf)))
    assert deadweight_words(released.payload).endswith("payment bought none.")


@pytest.mark.parametrize(
    "few", [replace(ANY, n_treated=7), replace(ANY, facts=SentenceFacts(CLAIMED, 2.0, -9.0, 13.0, 2.0, UNIT)),
            replace(ANY, facts=SentenceFacts(CLAIMED, None, None, None, None, UNIT), is_none=True)],
)  # fmt: skip
def test_what_rests_on_few_is_not_told_in_any_form(few):
    released = publish(replace(VIEW, rows=(few,)))
    html = str(to_html(released))
    assert "confidential" in html and "£" not in html and "<img" not in html
    assert "anyway is confidential" in html and "every 100 families" not in html


def test_that_nobody_could_be_claimed_by_a_route_is_hidden_as_one_would_be():
    row = next(row for row in publish(VIEW).payload["rows"] if row["outcome_label"] == "Employment")
    assert {row[name] for name in ("effect", "base_rate", "with_rate")} == {"[c]"}


def test_pounds_have_two_figures():
    found = release_pounds({"a": 1234.5, "b": 97.6, "c": 9.4, "d": 0.0, "e": -456.0, "f": None, "g": math.inf}, "")
    assert found == {"a": 1200, "b": 98, "c": 9, "d": 0, "e": -460, "f": "[x]", "g": "[z]"}
    assert set(release_pounds({"a": 1.0, "b": math.inf}, "few").values()) == {"[c]"}


def test_the_page_has_the_rates_as_a_picture_and_everything_in_tables():
    html = str(to_html(publish(VIEW)))
    assert "<img" in html and "about 75 in every 100, and 50 without it" in html
    assert "Any result" in html and "£6,700 to £81,000" in html
