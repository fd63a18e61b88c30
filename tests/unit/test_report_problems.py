"""The problem report: what its page says of a small county, that it is accessible and shows nobody's values."""

import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tf_eval.data.layout import DDL
from tf_eval.report.figures.course import draw_course, empty_periods
from tf_eval.report.problem_facts import COLUMNS
from tf_eval.report.problem_words import category_words, differences, kind_words, rate_words
from tf_eval.report.problems import write_problem_report

GAP = "North, asb_incident, March 2011 to May 2011"
MONTHS = range(2010 * 12, 2012 * 12)
EVENTS = """
    INSERT INTO event SELECT ? + i, 'police', 1, ?, 'asb_incident', ?, NULL, NULL, 1 FROM range(?) AS rows(i)
"""
PATTERN = """
    INSERT INTO finding
    VALUES ('police', 'incidents.csv', 'event', NULL, 'missing months', 'pattern', NULL, ?, 'ask', 1)
"""


class SmallCounty:
    """Two years of two districts: a row of every kind of trouble."""

    name = "testshire"
    months = MONTHS

    def __init__(self):
        self.connection = duckdb.connect()
        self.connection.execute(DDL)
        self._rows()
        self._problems()
        self._power()
        self._linkage()

    def connect(self):
        return self.connection.cursor()

    def execute(self, query, *values):
        self.connection.execute(query, values)

    def _rows(self):
        number = 0
        for family, district in enumerate(("North", "South")):
            self.execute("INSERT INTO family_home VALUES (?, ?, 5, '2000-01-01', NULL)", family, district)
            for month in MONTHS:
                day = date(month // 12, month % 12 + 1, 15)
                rows = 0 if district == "North" and date(2011, 3, 1) <= day <= date(2011, 5, 31) else 30
                self.execute(EVENTS, number, family, day, rows)
                number += rows
        self.execute("INSERT INTO coverage VALUES ('police', 'event', 'asb_incident', '2010-01-01', '2012-01-01')")
        source = "INSERT INTO source VALUES (?, ?, ?, NULL, ?, ?, ?, ?, 0, 'digest')"
        self.execute(source, 0, "police", "incidents.csv", "event", 1400, 1350, 50)
        self.execute(source, 1, "dwp", "benefits.csv", "spell", 600, 600, 0)

    def _problems(self):
        finding = "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)"
        date_format = ("event", "DATE", "date format", "set aside", "99-AA-99", "a date must be written %d/%m/%Y", 50)
        self.execute(finding, "police", "incidents.csv", *date_format)
        noted = ("spell", "START", "end before start", "noted", None, "<b>ask</b> the agency", 200)
        self.execute(finding, "dwp", "benefits.csv", *noted)
        self.execute(PATTERN, GAP)

    def _power(self):
        power = "INSERT INTO pattern_power VALUES ('police', 'event', ?, ?, ?, ?, ?, ?)"
        self.execute(power, "asb_incident", None, 60, 1, 0.5, 2.0)
        self.execute(power, "asbo", None, 7, 4, None, 3.0)
        for district, rows, periods in (("North", 4, 9), ("South", 3, None)):
            self.execute(power, "asb_incident", district, 30, 1, 0.5, 1.5)
            self.execute(power, "asbo", district, rows, periods, None, None)

    def _linkage(self):
        rate = "INSERT INTO linkage_rate VALUES (?, ?, ?, ?, ?, ?)"
        for linkage in ("strict", "standard", "loose"):
            self.execute(rate, linkage, "police", "ethnicity", "white", 4000, 3880)
            self.execute(rate, linkage, "police", "ethnicity", "black", 1000, 910)
            self.execute(rate, linkage, "police", "ethnicity", "other", 7, 3)
            self.execute(rate, linkage, "police", "ethnicity", "not known", 500, 50)
            self.execute(rate, linkage, "police", "all", "all", 5507, 4843)
            self.execute("INSERT INTO family_change VALUES (?, 'moved', 321)", linkage)
            self.execute("INSERT INTO family_change VALUES (?, 'merged', 4)", linkage)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write_problem_report(SmallCounty(), tmp_path_factory.mktemp("report") / "new")


@pytest.fixture(scope="module")
def page(report):
    return report.read_text(encoding="utf-8")


def words(html):
    """Return the text of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html[html.index("<main") :]))


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def all(self, *names):
        return [(tag, attributes) for tag, attributes in self.tags if tag in names]


def test_both_files_are_there_and_nothing_else(report):
    assert sorted(path.name for path in report.parent.iterdir()) == ["problems.html", "problems.parquet"]


def test_the_table_has_a_row_for_each_finding(report):
    table = pq.read_table(report.parent / "problems.parquet").to_pandas()
    assert tuple(table.columns) == COLUMNS
    assert table.set_index("rule").rows.to_dict() == {"end before start": 200, "date format": 50, "missing months": 1}
    assert table.set_index("rule").place["missing months"] == GAP


def test_the_same_county_gives_the_same_bytes(report, tmp_path):
    again = write_problem_report(SmallCounty(), tmp_path)
    for name in ("problems.html", "problems.parquet"):
        assert (again.parent / name).read_bytes() == (report.parent / name).read_bytes()


def test_a_page_that_cannot_be_made_leaves_the_old_one(report, tmp_path):
    class Broken(SmallCounty):
        def connect(self):
            raise duckdb.IOException("gone")

    old = write_problem_report(SmallCounty(), tmp_path)
    with pytest.raises(duckdb.IOException):
        write_problem_report(Broken(), tmp_path)
    assert old.read_bytes() == report.read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_draft_that_was_left_is_gone_with_the_next_report(tmp_path):
    for name in (".problems.html", ".problems.parquet"):
        (tmp_path / name).write_text("half of a report")
    write_problem_report(SmallCounty(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["problems.html", "problems.parquet"]


def test_the_first_sentence_answers(page):
    said = words(page)
    assert (
        "Can the records of Testshire be used? Yes, once the findings about whole files and periods are answered:"
        in said
    )
    assert "1,950 of 2,000 rows were used and 50 are set aside, with 2 findings about single rows and 1 finding" in said
    assert said.index("Internal. This page holds counts") < said.index("Can the records")


def test_rows_left_out_and_sheets_are_shown_where_there_are_any(tmp_path, page):
    assert "Left out" not in page and ", sheet" not in page
    county = SmallCounty()
    county.execute("UPDATE source SET part = 'Autumn', rows_in = rows_in + 40, rows_left_out = 40 WHERE agency = 'dwp'")
    said = words(write_problem_report(county, tmp_path).read_text(encoding="utf-8"))
    assert "benefits.csv, sheet Autumn DWP spell 640 600 0 40" in said and "do not add up" not in said


def test_a_county_without_a_finding_says_so(tmp_path):
    county = SmallCounty()
    county.execute("DELETE FROM finding; UPDATE source SET rows_used = rows_in, rows_quarantined = 0")
    said = words(write_problem_report(county, tmp_path).read_text(encoding="utf-8"))
    assert "Yes: all 2,000 rows were used, and there is nothing to look at." in said
    assert "ASB incidents: no gap and no shift found" in said


def test_the_totals_of_all_files_add_up(page):
    assert "All files all all 2,000 1,950 50" in words(page)


def test_rows_that_do_not_add_up_are_said_before_anything_else(tmp_path):
    county = SmallCounty()
    county.execute("UPDATE source SET rows_used = 1 WHERE agency = 'dwp'")
    assert "do not add up" in words(write_problem_report(county, tmp_path).read_text(encoding="utf-8"))


def test_findings_say_what_where_how_many_and_what_to_do(page):
    said = words(page)
    assert "End before start: 200 rows used, worth a look" in said
    assert f"Missing months: {GAP}" in said
    assert "Date format: 50 rows set aside A date must be written %d/%m/%Y. incidents.csv, column DATE" in said
    assert "99-AA-99" in said
    assert said.index("Missing months") < said.index("End before start") < said.index("Date format")


def test_what_could_not_have_been_seen_comes_right_after_the_findings(page):
    said = words(page)
    place = said.index("What this check could not have seen")
    assert said.index("Date format: 50 rows") < place < said.index("Rows over time")
    assert "nearly everywhere for 1 of 2 kinds of rows" in said
    assert "ASBOs Police fewer than 10 4 months 9 months to never 3 times never" in said


def test_a_county_in_which_everything_is_seen_is_not_told_so(tmp_path):
    county = SmallCounty()
    county.execute("DELETE FROM pattern_power WHERE kind = 'asbo'")
    said = words(write_problem_report(county, tmp_path).read_text(encoding="utf-8"))
    assert "could not have seen" not in said


def test_a_picture_with_too_few_rows_does_not_say_that_there_is_no_gap(tmp_path):
    county = SmallCounty()
    county.execute("DELETE FROM finding")
    county.execute("UPDATE pattern_power SET gap_periods = 2 WHERE kind = 'asb_incident' AND district = 'North'")
    said = words(write_problem_report(county, tmp_path).read_text(encoding="utf-8"))
    assert "ASB incidents: nothing found, but too few rows to tell in every district" in said


def test_nothing_of_an_extract_is_markup(page):
    assert "<b>ask</b>" not in page and "&lt;b&gt;ask&lt;/b&gt;" in page


def test_what_is_linked_less_often_is_said_in_words_and_small_groups_are_hidden(page):
    said = words(page)
    assert "Records of people of ethnic group black are linked less often: 91% against 97% of all others." in said
    assert "Records linked to another agency&#39;s, by agency" in said and "Police 5,507 88% 88% 88%" in said
    assert "not known are linked" not in said and "Not known 500 10% 10% 10%" in said
    assert "Other fewer than 10 hidden hidden hidden" in said
    assert "Families that moved home 321 321 321" in said
    assert "children went on in another fewer than 10 fewer than 10 fewer than 10" in said


def test_a_rate_tells_no_count_below_ten():
    assert [rate_words(*counts) for counts in ((9, 9), (100, 9), (100, 95), (100, 100), (100, 80))] == [
        "hidden",
        "low",
        "almost all",
        "100%",
        "80%",
    ]


def test_differences_that_may_be_chance_are_not_said():
    few = pd.DataFrame({"category": ["a", "b"], "records": [60, 60], "linked": [50, 48]})
    assert list(differences("district", few)) == []
    many = few.assign(records=few.records * 100, linked=few.linked * 100)
    assert list(differences("district", many)) == [
        "Records of people in b are linked less often: 80% against 83% of all others."
    ]


def test_that_all_others_are_linked_is_said_as_the_table_says_it():
    rates = pd.DataFrame({"category": ["police", "housing"], "records": [40_000, 70_000], "linked": [39_900, 66_500]})
    assert list(differences("agency", rates)) == [
        "Records of Housing are linked less often: 95% against almost all others."
    ]


def test_those_without_support_are_named_in_plain_words():
    rates = pd.DataFrame({"category": ["none", "mentors"], "records": [9000, 900], "linked": [8000, 860]})
    assert list(differences("arm", rates)) == [
        "Records of people without support are linked less often: 89% against 96% of all others."
    ]
    assert category_words("arm", "none") == "no support" and category_words("district", "none") == "none"


def test_kinds_have_plain_names():
    kinds = ("esf_provision", "off_roll", "police_callout", "looked_after")
    assert [kind_words("spell", kind) for kind in kinds] == [
        "ESF help into work",
        "Not on a school roll",
        "Police call-outs",
        "Looked after",
    ]


def test_a_picture_shows_where_the_gap_is(page):
    said = [attributes["alt"] for _, attributes in Tags(page).all("img")]
    assert said == [
        "Small line charts of rows a month by district. North: about 26 on average, next to none in March 2011, "
        "April 2011, May 2011; South: about 30 on average."
    ]
    assert "ASB incidents: 1 finding" in words(page) and f"Found: {GAP}." in words(page)


def test_small_counts_are_not_drawn():
    payload = {"label": "Orders", "unit": "month", "periods": ["May 2010", "June 2010"], "years": [], "findings": []}
    payload["unseen"] = "the county"
    payload |= {"season": np.array([5, 6]), "covered": np.array([True, True])}
    drawing = draw_course({**payload, "panels": [{"label": "North", "rows": np.array([9, 0])}]})
    assert "North: fewer than 10 in every month" in drawing.alt
    assert "most" not in drawing.svg


def test_a_period_is_empty_where_its_season_has_rows():
    rows, season = np.array([30, 0, 30, 0, 0, 0]), np.array([1, 8, 1, 8, 1, 8])
    covered = np.array([True, True, True, True, True, True])
    assert empty_periods(rows, covered, season).tolist() == [False, False, False, False, True, False]
    assert not empty_periods(rows, covered & (np.arange(6) != 4), season).any()


def test_the_page_stands_alone_and_is_accessible(page):
    tags = Tags(page)
    assert not tags.all("script", "iframe", "object", "form") and "http://" not in page and "https://" not in page
    assert all(attributes["src"].startswith("data:image/svg+xml;base64,") for _, attributes in tags.all("img"))
    assert tags.all("html")[0][1]["lang"] == "en-GB"
    assert len(tags.all("h1")) == len(tags.all("main")) == len(tags.all("title")) == 1
    levels = [int(tag[1]) for tag, _ in tags.all("h1", "h2", "h3", "h4")]
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    assert len(tags.all("caption")) == len(tags.all("table")) == 5
    assert all(attributes.get("scope") in ("row", "col") for _, attributes in tags.all("th"))
    assert ("a", {"class": "skip", "href": "#main"}) in tags.tags
