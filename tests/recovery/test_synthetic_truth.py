"""The truth is true: counted again, slowly, from the extracts of a county and of its null twin.

In the null county everybody's records are those without support. The difference between the two counties' records of
the same family is therefore the family's effect, and its mean over the started families must be the truth's.
"""

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache

import openpyxl
import pandas as pd
import pytest

from synthetic import generate
from synthetic.presets import load_preset
from tf_eval.cohort import load_outcomes

SMALL = load_preset("oxfordshire").model_copy(update={"families": 1_500, "started": 60})
FIRST, LAST = 2009 * 12 + 3, 2015 * 12 + 2
CALLOUTS = {"CALL", "DACALL"}
AGES = {"proven_offence": (10, 18), "exclusion": (4, 19), "plan_or_care": (0, 18)}
BANDS = {"before": (-12, -1), "7 to 12": (7, 12)}


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twins")
    return generate(SMALL, 11, folder / "county"), generate(SMALL, 11, folder / "null", null=True)


@pytest.fixture(scope="module")
def county(twins):
    return twins[0]


@pytest.fixture(scope="module")
def null(twins):
    return twins[1]


def read_csv(path, encoding="utf-8", delimiter=","):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def read_sheet(path, sheet):
    header, *rows = openpyxl.load_workbook(path, read_only=True)[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


@cache
def day(text) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


@cache
def month(text) -> int:
    return day(text).year * 12 + day(text).month - 1


@cache
def month_end(number: int) -> date:
    year, place = divmod(number + 1, 12)
    return date(year, place + 1, 1) - timedelta(days=1)


def families_of(folder, agency) -> dict[str, int]:
    links = pd.read_parquet(folder / "truth" / "links.parquet")
    links = links[links["agency"] == agency]
    return dict(zip(links["local_id"], links["family_id"], strict=True))


def event_counts(folder) -> dict[str, Counter]:
    """Count events by family and month, for each outcome that is a count."""
    extracts = folder / "extracts"
    police = families_of(folder, "police")
    incidents = read_csv(extracts / "police_incidents.csv", encoding="cp1252")
    keyed = [(row["INCIDENT_TYPE"], (police[row["NOMINAL_REF"]], month(row["INCIDENT_DATE"]))) for row in incidents]
    young = families_of(folder, "youth_offending")
    pupils = families_of(folder, "education")
    exclusions = pd.read_parquet(extracts / "education_exclusions.parquet").to_dict("records")
    offences = read_csv(extracts / "yos_offences.csv", delimiter=";")
    return {
        "asb_incident": Counter(key for kind, key in keyed if kind == "ASB"),
        "police_callout": Counter(key for kind, key in keyed if kind in CALLOUTS),
        "proven_offence": Counter((young[row["PersonID"]], month(row["OffenceDate"])) for row in offences),
        "exclusion": Counter((pupils[row["pupil_id"]], month(row["start_date"])) for row in exclusions),
    }


def states(folder) -> dict[str, Counter]:
    """Mark families and months at whose end anybody is in a state."""
    extracts = folder / "extracts"
    claimants = families_of(folder, "dwp")
    children = families_of(folder, "childrens_services")
    benefits = read_csv(extracts / "dwp_benefits.csv")
    involvements = read_sheet(extracts / "childrens_services.xlsx", "Involvements")
    plans = [row for row in involvements if row["Status"] in ("CPP", "LAC")]
    return {
        "out_of_work_benefit": open_at_month_ends(
            (claimants[row["CLAIMANT_REF"]], row["START_DATE"], row["END_DATE"]) for row in benefits
        ),
        "plan_or_care": open_at_month_ends((children[row["Child ID"]], row["From"], row["To"]) for row in plans),
    }


def open_at_month_ends(spells) -> Counter:
    found = Counter()
    for family, start, end in spells:
        for number in range(max(FIRST, month(start)), LAST + 1):
            if day(start) <= month_end(number) and (not end or month_end(number) < day(end)):
                found[family, number] = 1
    return found


def absence(folder) -> dict[tuple[int, int], float]:
    """Return the unauthorised share by family and month, for months whose 15th day lies in a term."""
    pupils = families_of(folder, "education")
    rows = pd.read_parquet(folder / "extracts" / "education_attendance.parquet")
    rows["family"] = rows["pupil_id"].map(pupils)
    sums = rows.groupby(["family", "academic_year", "term"])[
        ["sessions_unauthorised_absence", "sessions_possible"]
    ].sum()
    shares = sums["sessions_unauthorised_absence"] / sums["sessions_possible"]
    known = set(shares.index.droplevel("family"))
    found = {}
    for term in read_csv(folder / "extracts" / "term_dates.csv"):
        key = (term["Academic year"], int(term["Term"]))
        if key not in known:
            continue
        for number in range(month(term["First day"]), month(term["Last day"]) + 1):
            if day(term["First day"]) <= month_end(number).replace(day=15) <= day(term["Last day"]):
                found |= {(family, number): share for family, share in shares.xs(key, level=(1, 2)).items()}
    return found


def last_months(folder) -> dict[int, int]:
    """Return the last whole month that each family lived in the county."""
    members = families_of(folder, "housing")
    rows = read_csv(folder / "extracts" / "housing_residences.csv")
    return {members[row["Member Ref"]]: month(row["Moved out"]) - 1 if row["Moved out"] else LAST for row in rows}


def birth_months(folder) -> dict[int, list[int]]:
    """Return the months of birth of each family's people."""
    members = families_of(folder, "housing")
    found = {}
    for row in read_csv(folder / "extracts" / "housing_households.csv"):
        found.setdefault(members[row["Member Ref"]], []).append(month(row["Date of birth"]))
    return found


def is_to_be_seen(outcome, births, number) -> bool:
    """Whether somebody is old enough before the month begins, and does not become too old in it."""
    if outcome not in AGES:
        return True
    youngest, oldest = (12 * age for age in AGES[outcome])
    return any(birth + youngest < number < birth + oldest for birth in births)


def test_the_truth_is_of_the_same_ages_as_the_outcomes_of_an_evaluation():
    """The two are written down apart, because what makes a county knows nothing of what evaluates it."""
    outcomes = load_outcomes().values()
    assert {each.name: (each.from_age or 0, each.under_age) for each in outcomes if each.under_age} == AGES


def counted_again(county, null) -> dict[tuple[str, str, int], tuple[int, float, float]]:
    """Return families, effect and base for each intervention, outcome and event month."""
    tables = [
        {**event_counts(folder), **states(folder), "unauthorised_absence": absence(folder)} for folder in (county, null)
    ]
    stays, births = last_months(county), birth_months(county)
    started = pd.read_parquet(county / "truth" / "families.parquet").dropna(subset=["intervention"])
    found = {}
    for row in started.itertuples():
        for number in range(FIRST, stays[row.family_id] + 1):
            for outcome, without in tables[1].items():
                key = (row.family_id, number)
                if outcome == "unauthorised_absence" and key not in without:
                    continue
                if not is_to_be_seen(outcome, births[row.family_id], number):
                    continue
                cell = (row.intervention, outcome, number - int(row.start_month))
                found.setdefault(cell, []).append((tables[0][outcome][key] - without[key], without[key]))
    return {
        cell: (len(pairs), sum(d for d, _ in pairs) / len(pairs), sum(b for _, b in pairs) / len(pairs))
        for cell, pairs in found.items()
    }


def test_the_true_effects_are_those_that_the_extracts_show(county, null):
    again = counted_again(county, null)
    effects = pd.read_parquet(county / "truth" / "effects.parquet")
    assert len(effects) == 5 * 7 * 61
    assert not effects.duplicated(["intervention", "outcome", "event_month"]).any()
    assert effects["att"].abs().max() > 0
    for row in effects.itertuples():
        families, att, base = again.get((row.intervention, row.outcome, row.event_month), (0, None, None))
        assert row.n_families == families
        if families:
            assert (row.att, row.base) == pytest.approx((att, base), abs=1e-12)


def test_effects_go_the_way_they_are_meant_to(county):
    effects = pd.read_parquet(county / "truth" / "effects.parquet").set_index(["intervention", "outcome"])
    before = effects[effects["event_month"] < 0]
    assert (before["att"].fillna(0) == 0).all()
    after = effects[effects["event_month"].between(1, 24)].groupby(level=[0, 1])[["att", "att_need"]].mean()
    assert (after.loc["volunteer_mentors"] == 0).all(axis=None)
    assert after.loc[("family_intervention_project", "asb_incident"), "att"] < 0
    assert after.loc[("parenting_programme", "unauthorised_absence"), "att"] < 0
    assert after.loc[("employment_adviser", "out_of_work_benefit"), "att"] < 0
    assert after.loc[("employment_adviser", "unauthorised_absence"), "att"] > 0
    assert after.loc[("domestic_abuse_outreach", "police_callout"), "att"] > 0
    assert (after.loc["domestic_abuse_outreach", "att_need"] == 0).all()
    own = after.drop("domestic_abuse_outreach")
    assert (own["att"] == own["att_need"]).all()


def test_started_families_improve_by_themselves(null):
    """They were picked at a bad time: without any effect their incidents fall after the start."""
    effects = pd.read_parquet(null / "truth" / "effects.parquet")
    incidents = effects[effects["outcome"].isin(["asb_incident", "police_callout"])]
    mean = {}
    for band, (first, last) in BANDS.items():
        cells = incidents[incidents["event_month"].between(first, last)]
        mean[band] = (cells["base"] * cells["n_families"]).sum() / cells["n_families"].sum()
    # About 60 families with about 0.4 records a month: twelve and six months of them have a standard error near 7 %
    # of their mean, and the fall is near 40 %.
    assert mean["7 to 12"] < 0.85 * mean["before"]
