"""Every fault befalls about as many rows as its rate says, exactly those that are marked, and no other fault's rows."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from synthetic.county import build_county
from synthetic.extracts import agency_listings
from synthetic.faults.birth_dates import mistyped
from synthetic.faults.numbers import with_wrong_digit
from synthetic.faults.plant import plant_faults
from synthetic.faults.planted import Pattern, Planted
from synthetic.faults.spelling import SHORT_FORMS, TRANSLITERATIONS, misspelt
from synthetic.identification import identify
from synthetic.interventions import assign_support
from synthetic.listing import Listing
from synthetic.names import FEMALE, MALE, SURNAMES
from synthetic.outcomes import draw_histories
from synthetic.presets import load_preset
from synthetic.programme import run_programme
from synthetic.rates import FaultRates
from synthetic.records import AgencyRecords, hold_records

PATTERNS = ("recording_shift", "missing_month", "missing_term")
OF_ROWS = tuple(kind for kind in FaultRates.model_fields if kind not in (*PATTERNS, "twins"))
OFTEN = FaultRates(**dict.fromkeys(FaultRates.model_fields, 0.03))
SMALL = load_preset("oxfordshire").model_copy(update={"families": 1_500, "started": 60, "faults": OFTEN})
END = pd.Timestamp("2015-04-01")
NUMBERS = ["nhs_number", "nino", "upn"]
LISTED_TWICE = ("police", "youth_offending", "dwp", "education", "childrens_services")


@dataclass(frozen=True)
class Draw:
    """One county's records, its flawless listings, and what was planted in them."""

    records: AgencyRecords
    flawless: list[Listing]
    planted: Planted


@pytest.fixture(scope="module")
def draw() -> Draw:
    county = build_county(SMALL, 7)
    histories = draw_histories(county)
    support = assign_support(county, histories, run_programme(county, histories, identify(county, histories)))
    records = hold_records(county, histories, support, faults=True)
    listings = agency_listings(records)
    return Draw(records, listings, plant_faults(records, listings))


def with_rates(draw: Draw, **rates: float) -> Planted:
    """Plant faults in the same records at other rates."""
    preset = draw.records.county.preset
    preset = preset.model_copy(update={"faults": preset.faults.model_copy(update=rates)})
    records = replace(draw.records, county=replace(draw.records.county, preset=preset))
    return plant_faults(records, draw.flawless)


def marks(planted: Planted) -> set[tuple[str, str, int]]:
    """Return each faulty row as its kind, its table, and the flawless row that it comes from."""
    return {
        (kind, listing.layout.name, origin)
        for listing in planted.listings
        for kind, struck in listing.faults.items()
        for origin in listing.origin[struck & (~listing.added | (kind in ("duplicate_row", "overlapping_spell")))]
    }


def table(draw: Draw, name: str) -> pd.DataFrame:
    """Return the flawless rows of one table of the contract, of all agencies."""
    mine = [listing for listing in draw.flawless if listing.layout.table == name]
    return pd.concat([pd.DataFrame(dict(listing.columns)).assign(agency=listing.layout.agency) for listing in mine])


def able(draw: Draw) -> dict[str, float]:
    """Count, independently of the generator, what each fault could befall."""
    people, events, spells = (table(draw, name) for name in ("person_record", "event", "spell"))
    attendance, support, residences = (table(draw, name) for name in ("attendance", "support", "residence"))
    population = draw.records.county.population
    ethnicity = population.ethnicity[population.family[people["person"]]]
    held = people[NUMBERS].fillna("") != ""
    happened = pd.concat([events["date"], spells["start_date"]])
    recorded = pd.concat([rows["recorded_on"] for rows in (events, spells, attendance)])
    lasting = spells["end_date"].fillna(END).clip(upper=END) - spells["start_date"]
    supported = support["ended"].fillna(END).clip(upper=END) - support["started"]
    return {
        "misspelt_name": len(people) + np.isin(ethnicity, ["asian", "black", "other"]).sum(),
        "swapped_names": (people["forename"] != people["surname"]).sum(),
        "nickname": people["forename"].isin(list(SHORT_FORMS)).sum(),
        "placeholder_birth_date": (people["birth_date"].dt.strftime("%m-%d") != "01-01").sum(),
        "missing_birth_date": len(people),
        "birth_date_typo": len(people),
        "missing_identifier": held.any(axis=1).sum(),
        "mistyped_identifier": held[["nhs_number", "upn"]].any(axis=1).sum(),
        "stale_postcode": len(people),
        "duplicate_row": sum(map(len, (people, events, spells, attendance, support, residences))),
        "duplicate_person": people["agency"].isin(LISTED_TWICE).sum(),
        "late_row": (recorded + pd.Timedelta(days=730) < END).sum(),
        "late_start": (supported.dt.days >= 123).sum(),
        "overlapping_spell": (lasting.dt.days >= 28).sum(),
        "end_before_start": spells["end_date"].notna().sum(),
        "future_date": len(happened),
        "before_birth": len(events),
        "orphan_row": len(happened),
    }


def test_faults_are_planted_at_about_their_rates(draw):
    planted = Counter(kind for kind, *_ in marks(draw.planted))
    for kind, rows in able(draw).items():
        # Rows that were removed as part of a pattern are some 3 % of the table; five standard deviations of a Poisson.
        expected = rows * getattr(OFTEN, kind)
        assert abs(planted[kind] - expected) < 5 * np.sqrt(expected) + 0.03 * expected, kind
    homes = table(draw, "residence").drop_duplicates("home")
    for kind in ("uprn_reused", "placeholder_uprn"):
        struck = struck_rows(draw.planted, "residence", kind)["home"].unique()
        assert abs(len(struck) - len(homes) * 0.03) < 5 * np.sqrt(len(homes) * 0.03), kind


def struck_rows(planted: Planted, name: str, kind: str) -> pd.DataFrame:
    """Return the rows of one table that a fault befell, copies of other rows left out."""
    frames = [
        pd.DataFrame(dict(listing.columns))[listing.faults[kind] & ~listing.added]
        for listing in planted.listings
        if listing.layout.table == name and kind in listing.faults
    ]
    return pd.concat(frames)


def test_nothing_differs_from_the_flawless_tables_but_the_marked_rows(draw):
    for flawless, listing in zip(draw.flawless, draw.planted.listings, strict=True):
        own = np.flatnonzero(~listing.added & (listing.origin < len(flawless)))
        marked = np.logical_or.reduce([np.zeros(len(listing), dtype=bool), *listing.faults.values()])
        for column, values in flawless.columns.items():
            before, after = values[listing.origin[own]], listing.columns[column][own]
            differs = np.flatnonzero((before != after) & ~marked[own])
            differs = differs[~(pd.isna(before[differs]) & pd.isna(after[differs]))]
            if column == "local_id":  # rows about people listed twice stand under either number
                differs = differs[~np.isin(after[differs], draw.records.registers[listing.layout.agency].second_ids)]
            assert not differs.size, f"{listing.layout.name}: {column}"


def test_names_are_written_wrong_as_they_are_said_to_be(draw):
    flawless = table(draw, "person_record").set_index(["agency", "local_id"])
    for listing in draw.planted.listings:
        if listing.layout.table != "person_record":
            continue
        rows = pd.DataFrame(dict(listing.columns)).assign(agency=listing.layout.agency)
        names = {kind: listing.faults[kind] for kind in ("misspelt_name", "swapped_names", "nickname")}
        for kind, struck in names.items():
            others = np.logical_or.reduce([marked for other, marked in names.items() if other != kind])
            mine = rows[struck & ~others].set_index(["agency", "local_id"])
            mine = mine[mine.index.isin(flawless.index)]
            right = flawless.loc[mine.index]
            if kind == "swapped_names":
                assert (mine["forename"] == right["surname"]).all()
            elif kind == "nickname":
                assert (mine["forename"] == right["forename"].map(SHORT_FORMS)).all()
            else:
                assert ((mine["forename"] != right["forename"]) ^ (mine["surname"] != right["surname"])).all()


def test_every_name_can_be_misspelt_and_the_result_be_written_by_an_old_system():
    for name in (*FEMALE, *MALE, *SURNAMES):
        for sort in (0.0, 0.3, 0.5, 0.7, 0.999):
            wrong = misspelt(name, sort, 0.5)
            assert wrong != name
            assert wrong.encode("cp1252")


def test_short_forms_and_transliterations_are_of_names_that_people_have():
    assert set(SHORT_FORMS) <= {*FEMALE, *MALE}
    assert set(TRANSLITERATIONS) <= {*FEMALE, *MALE, *SURNAMES}
    assert all(name != other for pairs in (SHORT_FORMS, TRANSLITERATIONS) for name, other in pairs.items())


@pytest.mark.parametrize("day", [date(2004, 2, 29), date(2012, 1, 1), date(2015, 3, 31), date(1985, 11, 12)])
def test_a_mistyped_birth_date_is_another_real_one_before_the_county_ends(day):
    found = {mistyped(day, date(2015, 4, 1), sort, place) for sort in (0.0, 0.5, 0.99) for place in (0.0, 0.5, 0.99)}
    assert day not in found
    assert max(found) < date(2015, 4, 1)
    assert len(found) > 3


def test_a_mistyped_number_fails_its_check_digit(draw):
    for name, fails in (("nhs_number", nhs_fails), ("upn", upn_fails)):
        right = table(draw, "person_record")[name].fillna("")
        right = right[right != ""].head(300)
        assert not right.map(fails).any()
        wrong = [with_wrong_digit(number, place, 0.4) for number in right for place in (0.0, 0.5, 0.99)]
        assert all(fails(number) for number in wrong)


def nhs_fails(number: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(number, range(10, 0, -1), strict=True)) % 11 != 0


def upn_fails(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[1:], range(2, 14), strict=True))
    return number[0] != "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23]


def test_birth_dates_are_missing_or_the_first_of_january(draw):
    placeholders = struck_rows(draw.planted, "person_record", "placeholder_birth_date")
    birth = pd.Series(draw.records.county.population.birth[placeholders["person"]], index=placeholders.index)
    assert (placeholders["birth_date"].dt.strftime("%m-%d") == "01-01").all()
    assert (placeholders["birth_date"].dt.year == birth.dt.year).all()
    assert struck_rows(draw.planted, "person_record", "missing_birth_date")["birth_date"].isna().all()


def test_impossible_dates_are_impossible(draw):
    planted = draw.planted
    assert (struck_rows(planted, "event", "future_date")["date"] >= END).all()
    assert (struck_rows(planted, "spell", "future_date")["start_date"] >= END).all()
    early = struck_rows(planted, "event", "before_birth")
    assert (early["date"] < draw.records.county.population.birth[early["person"]]).all()
    backwards = struck_rows(planted, "spell", "end_before_start")
    assert (backwards["end_date"] < backwards["start_date"]).all()
    late = struck_rows(planted, "event", "late_row")
    # An exclusion is recorded up to 260 days after it, anything else sooner.
    assert (late["recorded_on"] - late["date"]).dt.days.between(365, 730 + 260).all()
    assert (late["recorded_on"] < END).all()


def test_a_late_start_is_four_to_nine_months_late_and_before_the_end(draw):
    rows = struck_rows(with_rates(draw, late_start=0.1), "support", "late_start")
    right = table(draw, "support").set_index(["local_id", "offered"])["started"]
    late = rows.set_index(["local_id", "offered"])
    assert len(late)
    assert (late["started"] - right.loc[late.index]).dt.days.between(122, 274).all()
    assert (rows["started"] < rows["ended"].fillna(END)).all()


def test_a_second_spell_lies_inside_the_first(draw):
    for listing in draw.planted.listings:
        if listing.layout.table == "spell":
            rows = pd.DataFrame(dict(listing.columns))
            for place in np.flatnonzero(listing.faults["overlapping_spell"]):
                first, second = rows.iloc[place - 1], rows.iloc[place]
                assert (first["local_id"], first["kind"]) == (second["local_id"], second["kind"])
                assert first["start_date"] < second["start_date"] < first["end_date"] or pd.isna(first["end_date"])


def test_orphans_are_of_nobody_and_people_listed_twice_have_rows_under_both_numbers(draw):
    for agency in LISTED_TWICE:
        mine = [listing for listing in draw.planted.listings if listing.layout.agency == agency]
        people = next(listing for listing in mine if listing.layout.table == "person_record")
        known = set(people.columns["local_id"])
        second = people.columns["local_id"][people.faults["duplicate_person"]]
        assert len(second)
        seen = set()
        for listing in mine:
            if listing.layout.table in ("event", "spell"):
                unknown = ~np.isin(listing.columns["local_id"], list(known))
                assert (unknown & ~listing.added == listing.faults["orphan_row"] & ~listing.added).all()
                seen |= set(listing.columns["local_id"])
        assert agency == "education" or seen & set(second)


def test_a_reused_number_is_another_home_s_where_people_live_at_the_same_time(draw):
    (residences,) = [listing for listing in draw.planted.listings if listing.layout.table == "residence"]
    rows = pd.DataFrame(dict(residences.columns)).assign(end_date=lambda rows: rows["end_date"].fillna(END))
    reused = rows[residences.faults["uprn_reused"]]
    for uprn, mine in reused.groupby("uprn"):
        others = rows[(rows["uprn"] == uprn) & ~rows["home"].isin(mine["home"])]
        assert set(mine["postcode"]) != set(others["postcode"])
        assert (others["start_date"] < mine["end_date"].max()).any()
        assert (others["end_date"] > mine["start_date"].min()).any()


def test_a_pattern_can_be_seen_where_it_is_said_to_be(draw):
    planted = with_rates(draw, **dict.fromkeys(OF_ROWS, 0.0), **dict.fromkeys(PATTERNS, 0.1))
    assert Counter(pattern.kind for pattern in planted.patterns).keys() == set(PATTERNS)
    for pattern in planted.patterns:
        before, after = (rows_at(draw, listings, pattern) for listings in (draw.flawless, planted.listings))
        assert before >= 30
        if pattern.kind != "recording_shift":
            assert after == 0
        elif after > before:
            assert after == 2 * before
        else:
            assert abs(after - 0.45 * before) < 5 * np.sqrt(0.45 * 0.55 * before)


def rows_at(draw: Draw, listings: list[Listing], pattern: Pattern) -> int:
    """Count the rows at the place of a pattern, from its words."""
    district, subject, period = pattern.place.split(", ")
    first, last = (pd.Period(month) for month in period.split(" to "))
    tables = ("attendance",) if pattern.kind == "missing_term" else ("event", "spell")
    mine = [item for item in listings if item.layout.agency == pattern.agency and item.layout.table in tables]
    rows = pd.concat([pd.DataFrame(dict(item.columns)) for item in mine])
    population = draw.records.county.population
    here = population.district[population.family[rows["person"]]] == [d.name for d in SMALL.districts].index(district)
    if pattern.kind == "missing_term":
        ends = pd.Series(draw.records.county.terms.end[rows["place_in_calendar"]]).dt.to_period("M")
        return int((here & (rows["school"] == subject.removeprefix("school ")) & (ends == last).array).sum())
    happened = rows["date"].fillna(rows["start_date"]) if "start_date" in rows else rows["date"]
    here &= happened.dt.to_period("M").between(first, last)
    return int((here & (rows["kind"] == subject)).sum() if pattern.kind == "recording_shift" else here.sum())


@pytest.mark.parametrize("kind", OF_ROWS)
def test_switching_one_fault_off_removes_it_alone(draw, kind):
    without = marks(with_rates(draw, **{kind: 0.0}))
    expected = {mark for mark in marks(draw.planted) if mark[0] != kind}
    if kind == "duplicate_person":  # the second records are gone, with the faults they had
        expected = {mark for mark in expected if mark in without or not is_second(draw, mark)}
    assert without == expected


def is_second(draw: Draw, mark: tuple[str, str, int]) -> bool:
    return any(mark[1] == listing.layout.name and mark[2] >= len(listing) for listing in draw.flawless)


@pytest.mark.parametrize("kind", PATTERNS)
def test_switching_a_pattern_off_brings_its_rows_back_and_changes_no_others(draw, kind):
    planted = with_rates(draw, **{kind: 0.0})
    assert planted.patterns == [pattern for pattern in draw.planted.patterns if pattern.kind != kind]
    sent = {(listing.layout.name, origin) for listing in draw.planted.listings for origin in listing.origin.tolist()}
    assert {mark for mark in marks(planted) if mark[1:] in sent} == marks(draw.planted)


def test_nothing_is_planted_when_everything_is_off(draw):
    planted = with_rates(draw, **dict.fromkeys(FaultRates.model_fields, 0.0))
    assert not marks(planted)
    assert not planted.patterns
    for flawless, listing in zip(draw.flawless, planted.listings, strict=True):
        for column, values in flawless.columns.items():
            assert pd.Series(values).equals(pd.Series(listing.columns[column]))
