"""What counts as a gap, a missing term and a shift in recording, on small counties written by hand."""

from datetime import date

import duckdb
import pytest

from tf_eval.data.checking.patterns import find_patterns
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.problems import create_problem_table

DISTRICTS = ("East", "North", "West")
START, END = date(2009, 4, 1), date(2015, 4, 1)
MONTHS = [date(2009 + (month + 3) // 12, (month + 3) % 12 + 1, 1) for month in range(72)]
TERMS = [
    (f"{year}/{(year + 1) % 100:02d}", term, date(year + (term > 1), *first), date(year + (term > 1), *last))
    for year in range(2009, 2014)
    for term, first, last in ((1, (9, 3), (12, 20)), (2, (1, 5), (3, 28)), (3, (4, 7), (7, 22)))
]


class Extracts:
    """A county with one person in each district, who has so many rows of a kind in each month."""

    def __init__(self):
        self.connection = duckdb.connect()
        self.connection.execute(COUNTY_DDL)
        create_problem_table(self.connection)
        for table, columns in {
            "loaded_event": "kind VARCHAR, date DATE",
            "loaded_spell": "kind VARCHAR, start_date DATE",
            "loaded_attendance": "school VARCHAR, academic_year VARCHAR, term INTEGER",
        }.items():
            self.connection.execute(
                f"CREATE TABLE {table} (entry INTEGER, agency VARCHAR, local_id VARCHAR, {columns})"
            )
        self.connection.execute("""
            CREATE TABLE entry AS SELECT 1 AS entry, 'police' AS agency, 'incidents.csv' AS file
            UNION ALL SELECT 2, 'education', 'attendance.parquet';
            CREATE TABLE person_link (agency VARCHAR, local_id VARCHAR, person_id INTEGER);
            CREATE TABLE person_home (person_id INTEGER, district VARCHAR, start_date DATE, end_date DATE)
        """)
        for number, (year, term, first, last) in enumerate(TERMS, start=1):
            self.connection.execute("INSERT INTO term VALUES (?, ?, ?, ?, ?)", (number, year, term, first, last))
        for person, district in enumerate(DISTRICTS):
            self.person(person, district)

    def person(self, number, district):
        self.connection.execute("INSERT INTO person_home VALUES (?, ?, '2000-01-01', NULL)", (number, district))
        links = "INSERT INTO person_link SELECT unnest(['police', 'education']), ?, ?"
        self.connection.execute(links, (f"local {number}", number))

    def covers(self, table, kind, start=START, end=END, agency="police"):
        self.connection.execute("INSERT INTO coverage VALUES (?, ?, ?, ?, ?)", (agency, table, kind, start, end))
        return self

    def events(self, kind, rows, *, covered=True):
        """``rows(district, month)`` says how many there are in each month."""
        if covered:
            self.covers("event", kind)
        for person, district in enumerate(DISTRICTS):
            for month in MONTHS:
                self.connection.execute(
                    "INSERT INTO loaded_event SELECT 1, 'police', ?, ?, ? FROM range(?)",
                    (f"local {person}", kind, month.replace(day=10), rows(district, month)),
                )
        return self

    def pupils(self, school, number, terms=TERMS):
        """Let so many pupils attend a school in these terms."""
        self.connection.execute(
            "INSERT INTO loaded_attendance SELECT 2, 'education', ? || pupil, ?, year, term FROM range(?) AS p(pupil), "
            "(SELECT unnest(?) AS year, unnest(?) AS term)",
            (school, school, number, [term[0] for term in terms], [term[1] for term in terms]),
        )
        return self

    def found(self):
        find_patterns(self.connection, start=START, end=END)
        return self.connection.execute("SELECT rule, place FROM problem ORDER BY ALL").fetchall()


def usual(district, month):
    """About 40 rows a month, twice as many in the East, a few more or less from month to month."""
    return (1 + (district == "East")) * (40 + (7 * month.month + month.year) % 5)


def between(month, first, last):
    return date.fromisoformat(f"{first}-01") <= month <= date.fromisoformat(f"{last}-01")


def test_where_nothing_is_missing_nothing_is_found():
    assert Extracts().events("asb_incident", usual).found() == []


def test_months_that_one_district_misses():
    def rows(district, month):
        return 0 if district == "North" and between(month, "2012-03", "2012-05") else usual(district, month)

    extracts = Extracts().events("asb_incident", rows)
    assert extracts.found() == [("missing months", "North, asb_incident, March 2012 to May 2012")]


def test_a_line_says_what_is_known_and_nothing_of_a_row():
    def rows(district, month):
        return 0 if district == "North" and month == date(2012, 3, 1) else usual(district, month)

    extracts = Extracts().events("asb_incident", rows)
    extracts.found()
    line = extracts.connection.execute("FROM problem").df().iloc[0]
    assert (line.agency, line.file, line.table_name) == ("police", "incidents.csv", "event")
    assert line.severity == "pattern" and line[["row_number", "column_name", "shape"]].isna().all()
    assert line.advice.startswith("43 rows were to be expected") and "local" not in line.advice


def test_months_that_all_districts_miss_are_one_gap():
    def rows(district, month):
        return 0 if between(month, "2011-01", "2011-01") else usual(district, month)

    assert Extracts().events("asb_incident", rows).found() == [
        ("missing months", "all districts, asb_incident, January 2011")
    ]


def test_an_extract_that_ends_early_may_say_so():
    def rows(district, month):
        return 0 if month >= date(2014, 12, 1) else usual(district, month)

    extracts = Extracts().events("asb_incident", rows)
    assert extracts.found() == [("missing months", "all districts, asb_incident, December 2014 to March 2015")]
    assert "end early" in extracts.connection.execute("SELECT advice FROM problem").fetchone()[0]


def test_months_that_the_extract_does_not_cover_are_no_gap():
    def rows(district, month):
        return 0 if month >= date(2014, 12, 1) else usual(district, month)

    extracts = Extracts().covers("event", "asb_incident", end=date(2014, 12, 1))
    assert extracts.events("asb_incident", rows, covered=False).found() == []


def test_a_district_that_never_reports():
    def rows(district, month):
        return 0 if district == "West" else usual(district, month)

    extracts = Extracts().events("asb_incident", rows)
    assert extracts.found() == [("missing months", "West, asb_incident, April 2009 to March 2015")]


def test_a_few_rows_put_down_to_the_wrong_district_do_not_hide_a_gap():
    def rows(district, month):
        return 3 if district == "North" and between(month, "2012-03", "2012-05") else usual(district, month)

    assert Extracts().events("asb_incident", rows).found() == [
        ("missing months", "North, asb_incident, March 2012 to May 2012")
    ]


def test_a_month_without_rows_of_a_rare_kind_is_chance():
    def rows(district, month):
        return 0 if district == "North" and month == date(2012, 3, 1) else 5

    assert Extracts().events("asb_contract", rows).found() == []


def test_what_is_missing_of_every_kind_is_one_gap():
    def rows(district, month):
        return 0 if district == "North" and between(month, "2012-03", "2012-05") else usual(district, month)

    extracts = Extracts().events("asb_incident", rows).events("police_callout", rows)
    assert extracts.found() == [("missing months", "North, every kind of event, March 2012 to May 2012")]


def test_a_kind_that_is_declared_and_never_arrives_is_told_and_not_taken_for_zero():
    extracts = Extracts().events("asb_incident", usual).covers("event", "police_callout")
    extracts.covers("event", "police_callout", start=date(2013, 4, 1))
    assert extracts.found() == [("no rows of this kind", "all districts, police_callout")]
    agency, file, severity, advice = extracts.connection.execute(
        "SELECT agency, file, severity, advice FROM problem"
    ).fetchone()
    assert (agency, file, severity) == ("police", "incidents.csv", "pattern")
    assert "take the kind out of codes" in advice and "missing and not zero" in advice


def test_a_table_that_is_declared_and_never_arrives_is_told():
    extracts = Extracts().events("asb_incident", usual).covers("attendance", None, agency="education")
    assert extracts.found() == [("no rows of this kind", "all districts, attendance")]
    assert extracts.connection.execute("SELECT file FROM problem").fetchone() == ("attendance.parquet",)


def test_holidays_are_no_gap_and_lessons_are():
    def rows(district, month):
        gone = district == "North" and between(month, "2012-05", "2012-06")
        return 0 if gone or month.month == 8 else usual(district, month)

    assert Extracts().events("fixed_exclusion", rows).found() == [
        ("missing months", "North, fixed_exclusion, May 2012 to June 2012")
    ]


@pytest.mark.parametrize(("factor", "said"), [(0.5, "0.50 times"), (2, "2.00 times")])
def test_a_district_that_records_less_or_more_than_before(factor, said):
    def rows(district, month):
        shifted = district == "North" and month >= date(2012, 3, 1)
        return round(factor * usual(district, month)) if shifted else usual(district, month)

    extracts = Extracts().events("asb_incident", rows)
    assert extracts.found() == [("shift in recording", "North, asb_incident, from March 2012 on")]
    assert said in extracts.connection.execute("SELECT advice FROM problem").fetchone()[0]


def test_a_shift_that_goes_back_is_two():
    def rows(district, month):
        return (
            usual(district, month) // 2
            if district == "North" and between(month, "2012-03", "2013-02")
            else usual(district, month)
        )

    places = [place for _, place in Extracts().events("asb_incident", rows).found()]
    assert places == ["North, asb_incident, from March 2012 on", "North, asb_incident, from March 2013 on"]


def test_a_change_of_the_whole_county_is_one_shift():
    def rows(district, month):
        return usual(district, month) // 2 if month >= date(2012, 3, 1) else usual(district, month)

    assert Extracts().events("asb_incident", rows).found() == [
        ("shift in recording", "all districts, asb_incident, from March 2012 on")
    ]


@pytest.mark.parametrize("factor", [0.8, 1.3])
def test_small_changes_and_slow_ones_are_everyday_life(factor):
    def rows(district, month):
        slow = 1 + 0.15 * (month.year - 2009)
        shifted = district == "North" and month >= date(2012, 3, 1)
        return round((factor if shifted else 1) * slow * usual(district, month))

    assert Extracts().events("asb_incident", rows).found() == []


def test_a_gap_is_no_shift():
    def rows(district, month):
        return 0 if district == "North" and between(month, "2012-03", "2012-12") else usual(district, month)

    assert Extracts().events("asb_incident", rows).found() == [
        ("missing months", "North, asb_incident, March 2012 to December 2012")
    ]


def test_rows_of_people_without_a_known_home_count_for_the_county_alone():
    extracts = Extracts().events("asb_incident", usual)
    extracts.connection.execute("UPDATE person_home SET district = NULL")
    assert extracts.found() == []


def attended():
    extracts = Extracts().covers("attendance", None, agency="education")
    return extracts.pupils("Hill School", 40).pupils("Lake School", 40)


def without(*gone):
    return [term for place, term in enumerate(TERMS) if place not in gone]


def test_a_term_that_one_school_misses():
    extracts = attended().pupils("Mill School", 40, without(4))
    assert extracts.found() == [("missing term", "school Mill School, spring term 2010/11")]
    assert extracts.connection.execute("SELECT file FROM problem").fetchone() == ("attendance.parquet",)


def test_terms_in_a_row_are_one_line():
    extracts = attended().pupils("Mill School", 40, without(4, 5))
    assert extracts.found() == [("missing term", "school Mill School, spring term 2010/11 to summer term 2010/11")]


def test_a_school_that_closes_or_opens_misses_no_term():
    assert attended().pupils("Old School", 40, TERMS[:6]).pupils("New School", 40, TERMS[6:]).found() == []


def test_a_school_whose_name_fewer_than_ten_pupils_share_is_not_named():
    assert attended().pupils("a note about one child", 9, without(4)).found() == []


def test_a_term_that_all_schools_miss_is_one_gap():
    extracts = Extracts().covers("attendance", None, agency="education")
    for school in ("Hill School", "Lake School", "Mill School"):
        extracts.pupils(school, 40, without(4))
    assert extracts.found() == [("missing term", "all districts, attendance, spring term 2010/11")]


def power(extracts, kind="asb_incident"):
    extracts.found()
    rows = extracts.connection.execute("FROM pattern_power WHERE kind = ?", [kind]).df()
    return rows.set_index(rows.district.fillna("county"))


def test_where_rows_are_many_a_single_month_is_seen():
    found = power(Extracts().events("asb_incident", usual))
    assert sorted(found.index) == ["East", "North", "West", "county"] and (found.gap_periods == 1).all()
    assert found.usual_rows.to_dict() == {"East": 84, "North": 42, "West": 42, "county": 168}
    assert found.fall["North"] == 0.6 and found.rise["North"] == 1.5


def test_where_rows_are_few_it_takes_months_or_cannot_be_told():
    extracts = Extracts().events("asb_contract", lambda district, month: 0 if district == "West" else 3)
    found = power(extracts, "asb_contract")
    assert found.gap_periods["county"] in range(2, 6) and found.gap_periods["East"] > found.gap_periods["county"]
    assert found[["gap_periods", "fall", "rise"]].loc["West"].isna().all()


@pytest.mark.parametrize("months", [1, 2, 3, 4])
def test_a_gap_is_found_if_and_only_if_it_lasts_as_long_as_is_told(months):
    def rows(district, month):
        first = MONTHS[40]
        return 0 if district == "North" and first <= month < MONTHS[40 + months] else 8

    extracts = Extracts().events("asb_contract", rows)
    told = power(Extracts().events("asb_contract", lambda district, month: 8), "asb_contract").gap_periods["North"]
    assert bool(extracts.found()) == (months >= told)


def test_a_district_that_never_reports_does_not_hide_what_is_seen_of_the_others():
    found = power(Extracts().events("asb_incident", lambda *at: 0 if at[0] == "West" else usual(*at)))
    assert (found.gap_periods[["county", "East", "North"]] == 1).all()


def test_terms_are_told_and_kinds_that_come_together_are_too():
    extracts = attended().events("asb_contract", lambda *_: 3).events("asbo", lambda *_: 3)
    extracts.found()
    rows = extracts.connection.execute("FROM pattern_power WHERE kind IS NULL AND district IS NULL").df()
    assert sorted(rows.table_name) == ["attendance", "event"] and rows.fall.isna().all()
    assert rows.set_index("table_name").usual_rows["event"] == 18
