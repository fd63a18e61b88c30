"""Jobs and places on provision: they follow the claims they are drawn from, and change no other file."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from synthetic import generate
from synthetic.county import build_county
from synthetic.model import Work
from synthetic.presets import load_preset
from synthetic.work import Claims, draw_jobs, draw_places

SMALL = load_preset("oxfordshire").model_copy(update={"families": 1_500, "started": 60})
OWN = {"extracts/dwp_employment.csv", "extracts/dwp_provision.csv", "extracts/manifest.csv", "preset.yaml"}


def with_work(preset, **changes):
    return preset.model_copy(update={"model": preset.model.model_copy(update={"work": Work(**changes)})})


def digests(folder) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return generate(SMALL, 7, tmp_path_factory.mktemp("county") / "small")


def read(folder, name: str) -> pd.DataFrame:
    table = pd.read_csv(folder / "extracts" / f"dwp_{name}.csv", dtype=str)
    dates = table.columns.difference(["CLAIMANT_REF", "BENEFIT", "PROVISION", "BASIS"])
    return table.assign(**{date: pd.to_datetime(table[date], format="%d/%m/%Y") for date in dates})


@pytest.fixture(scope="module")
def claims(county):
    return read(county, "benefits")


@pytest.fixture(scope="module")
def jobs(county):
    return read(county, "employment")


@pytest.fixture(scope="module")
def places(county):
    return read(county, "provision")


@pytest.mark.parametrize("faults", [False, True])
def test_what_becomes_of_claims_changes_no_other_file(faults, tmp_path):
    asked = with_work(SMALL, jobs=dict.fromkeys(Work().jobs, 0.9), loss=0.2, volunteering=0.05, esf=0.05)
    before = digests(generate(SMALL, 7, tmp_path / "before", faults=faults))
    after = digests(generate(asked, 7, tmp_path / "after", faults=faults))
    changed = {name for name in before if before[name] != after[name]}
    # Where faults are planted, the list of them names rows of these files, too.
    assert before.keys() == after.keys()
    assert changed == OWN | ({"truth/faults.parquet"} if faults else set())


def test_a_job_begins_as_a_claim_ends_and_is_over_before_the_next(claims, jobs):
    ended = jobs.merge(claims, left_on=["CLAIMANT_REF", "JOB_START"], right_on=["CLAIMANT_REF", "END_DATE"])
    assert len(ended) == len(jobs) > 100
    both = jobs.merge(claims, on="CLAIMANT_REF")
    before = both["END_DATE"] <= both["JOB_START"]
    after = both["START_DATE"] >= both["JOB_END"]
    assert (before | after).all()


def test_a_share_of_each_benefit_s_claims_ends_in_a_job(claims, jobs):
    ended = claims.dropna(subset="END_DATE")
    found = ended.merge(jobs, how="left", left_on=["CLAIMANT_REF", "END_DATE"], right_on=["CLAIMANT_REF", "JOB_START"])
    by_benefit = found.groupby("BENEFIT")["JOB_START"].agg(["size", "count"])
    for benefit, (size, count) in by_benefit.iterrows():
        share = SMALL.model.work.jobs[benefit]
        # Claims that end as a family leaves the county end in none: up to a tenth. Otherwise four standard errors.
        error = 4 * np.sqrt(share * (1 - share) / size)
        assert 0.9 * share - error <= count / size <= share + error, benefit


def test_jobs_are_lost_as_time_goes_by(jobs):
    early = jobs[jobs["JOB_START"] < "2013-04-01"]
    within = early["JOB_END"] < early["JOB_START"] + pd.Timedelta(days=182)
    # At 5 in 100 a month 26 in 100 are lost within six months, and more as some claim again: of some 300 jobs.
    assert 0.22 < within.mean() < 0.5


def test_places_are_taken_while_a_claim_lasts_once_each_and_none_is_known_of_before(claims, places):
    both = places.reset_index().merge(claims, on="CLAIMANT_REF")
    during = both[(both["START_DATE"] <= both["ATTACHED"]) & ~(both["END_DATE"] <= both["ATTACHED"])]
    assert set(during["index"]) == set(places.index)
    assert not places.duplicated(["CLAIMANT_REF", "PROVISION", "BASIS"]).any()
    assert places["ATTACHED"].between("2011-12-01", "2015-03-31").all()
    assert set(map(tuple, places[["PROVISION", "BASIS"]].to_numpy())) <= {
        ("WP", "MANDATORY"),
        ("WP", "VOLUNTARY"),
        ("ESF", "VOLUNTARY"),
    }


def test_jobseekers_are_sent_after_nine_months_or_a_year_and_nobody_else_is(claims, places):
    sent = places[places["BASIS"] == "MANDATORY"].merge(claims, on="CLAIMANT_REF")
    sent = sent[(sent["START_DATE"] <= sent["ATTACHED"]) & ~(sent["END_DATE"] <= sent["ATTACHED"])]
    assert len(sent) > 50
    assert set(sent["BENEFIT"]) <= {"JSA", "UC"}
    waited = (sent["ATTACHED"] - sent["START_DATE"]).dt.days
    assert waited.between(274 + 7, 365 + 42).all()


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def claims_of(person: int, benefit: str, *spans: tuple[str, str]) -> Claims:
    start, end = zip(*spans, strict=True)
    return Claims(np.full(len(spans), person), np.array([benefit] * len(spans), dtype=object), days(*start), days(*end))


@pytest.fixture(scope="module")
def drawn():
    """A small county in which every claim ends in a job that nobody loses, and nobody volunteers."""
    return build_county(
        with_work(SMALL, jobs=dict.fromkeys(Work().jobs, 1.0), loss=1e-9, volunteering=1e-9, esf=1e-9), 7
    )


@pytest.fixture(scope="module")
def resident(drawn) -> int:
    """An adult over 25 whose family never leaves."""
    population = drawn.population
    stays = np.isnat(population.left) & (population.birth[population.slots[:, 0]] < np.datetime64("1980-01-01"))
    return int(population.slots[np.flatnonzero(stays)[0], 0])


def test_the_next_claim_ends_a_job_and_one_that_is_not_lost_is_open(drawn, resident):
    found = draw_jobs(
        drawn,
        claims_of(resident, "JSA", ("2013-01-10", "2013-05-02"), ("2011-02-01", "2012-06-01"), ("2014-01-02", "NaT")),
    )
    by_start = np.argsort(found.start)
    assert found.start[by_start].tolist() == days("2012-06-01", "2013-05-02").tolist()
    assert found.end[by_start].tolist() == days("2013-01-10", "2014-01-02").tolist()
    (last,) = draw_jobs(drawn, claims_of(resident, "IS", ("2011-02-01", "2014-06-01"))).end
    assert np.isnat(last)


def test_who_leaves_the_county_as_a_claim_ends_has_no_job_there(drawn):
    population = drawn.population
    family = int(np.flatnonzero(population.left > np.datetime64("2012-01-01"))[0])
    left = str(population.left[family])
    assert len(draw_jobs(drawn, claims_of(int(population.slots[family, 0]), "JSA", ("2011-02-01", left))).person) == 0


def test_a_claim_that_ends_before_its_time_is_sent_nowhere(drawn, resident):
    short = draw_places(drawn, claims_of(resident, "JSA", ("2012-02-01", "2012-12-01")))
    long = draw_places(drawn, claims_of(resident, "JSA", ("2012-02-01", "2013-12-01")))
    assert [len(spells.person) for spells in short.values()] == [0, 0, 0]
    assert {kind: len(spells.person) for kind, spells in long.items()} == {
        "work_programme_sent": 1,
        "work_programme": 0,
        "esf_provision": 0,
    }


def test_who_volunteers_is_none_of_those_who_are_sent(resident):
    eager = build_county(with_work(SMALL, volunteering=50.0, esf=1e-9), 7)
    for benefit, kind in (("JSA", "work_programme_sent"), ("IS", "work_programme")):
        places = draw_places(eager, claims_of(resident, benefit, ("2012-02-01", "2014-12-01")))
        assert [name for name, spells in places.items() if len(spells.person)] == [kind]


def test_the_same_claim_comes_to_the_same_whatever_other_claims_there_are():
    county = build_county(SMALL, 7)
    people = county.population.slots[np.isnat(county.population.left), 0][:400]
    spell = ("2011-02-01", "2013-06-01")
    of_all = [claims_of(int(person), "JSA", spell) for person in people]
    together = Claims(*(np.concatenate([getattr(one, name) for one in of_all]) for name in Claims.__annotations__))
    jobs = draw_jobs(county, together)
    assert 200 < len(jobs.person) < 350  # 68 in 100
    for place in range(20):
        alone = draw_jobs(county, claims_of(int(jobs.person[place]), "JSA", spell))
        assert np.array_equal(alone.end, jobs.end[[place]], equal_nan=True)
