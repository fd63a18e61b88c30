"""What is handed to the functions of a cohort: a slip is answered by what to pass, not by an error from within."""

from dataclasses import replace

import pytest

from tests.cohort_county import FIRST_DAY, LAST_DAY, small_county
from tf_eval.cohort import (
    Criterion,
    Nomination,
    Programme,
    build_cohort,
    build_panel,
    compare_programmes,
    load_programme,
    observed_lag,
)
from tf_eval.errors import ConfigError, InputError

FILE = "params/programmes/kent_2012.yaml"
KENT = load_programme(FILE)
COVERED = [("agency", table, None, FIRST_DAY, LAST_DAY) for table in ("event", "spell", "attendance")]


@pytest.fixture
def county():
    county = small_county()
    county.family(1, ["1975-05-05", "1999-04-10"])
    county.support(1, "mentors", None, "2012-08-15")
    return county


def test_a_path_is_no_programme(county):
    for ask in (
        build_cohort,
        lambda *asked: compare_programmes(*asked, KENT),
        lambda *asked: compare_programmes(asked[0], KENT, asked[1]),
    ):
        with pytest.raises(ConfigError, match=r"programme: pass a programme, such as tf\.load_programme"):
            ask(county, FILE)


def test_a_folder_is_no_county(county):
    cohort = build_cohort(county, KENT)
    asked = [
        lambda folder: build_cohort(folder, KENT),
        lambda folder: compare_programmes(folder, KENT, KENT),
        lambda folder: build_panel(folder, cohort, outcomes=["asb_incident"]),
        observed_lag,
    ]
    for ask in asked:
        with pytest.raises(InputError, match=r"county: pass a county, such as tf\.open_county.* of type 'str'"):
            ask("data/oxfordshire")


@pytest.mark.parametrize("engine", [42, None, ["duckdb"]])
def test_a_number_is_no_engine(county, engine):
    with pytest.raises(ConfigError, match="engine: pass 'duckdb', 'spark' or a Spark session; this is of type"):
        build_cohort(county, KENT, engine=engine)


def test_two_words_are_no_window(county):
    with pytest.raises(ConfigError, match=r"window: pass two days, such as Window\(date\(2012, 4, 1\)"):
        compare_programmes(county, KENT, KENT, window=("2012-04-01", "2013-04-01"))


def nominated_by(*agencies: str) -> Programme:
    node = Nomination(agencies, months=12)
    return Programme("named", "Named", KENT.window, (Criterion("concern", "Concern", "q", "s", node),), node)


def test_a_misspelt_agency_is_refused_with_the_nearest(county):
    county.add("coverage", "police", "event", None, FIRST_DAY, LAST_DAY)
    cohort = build_cohort(county, nominated_by("police", "agency"))
    asked = [
        lambda: build_cohort(county, nominated_by("agency", "polise")),
        lambda: compare_programmes(county, KENT, nominated_by("polise")),
        lambda: replace(cohort, programme=nominated_by("polise")).why(1, "2012-06-01"),
    ]
    for ask in asked:
        with pytest.raises(InputError, match=r"nomination: no agency 'polise'\. Did you mean 'police'\?"):
            ask()


def test_an_agency_that_sends_no_nominations_may_have_made_some():
    county = small_county([*COVERED[1:], ("police", "event", "asbo", FIRST_DAY, LAST_DAY)])
    county.family(1, ["1999-04-10"])
    assert build_cohort(county, nominated_by("police")).criteria_met["cannot_tell"].tolist() == [1]


def test_without_any_coverage_no_agency_is_known_and_nothing_can_be_told():
    county = small_county([])
    county.family(1, ["1999-04-10"])
    assert build_cohort(county, nominated_by("police")).criteria_met["cannot_tell"].tolist() == [1]
