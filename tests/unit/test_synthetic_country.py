"""A country is its areas, one below the other: nothing twice, nothing lost, and never more than one in memory."""

import hashlib

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from synthetic import generate
from synthetic.areas import areas_of
from synthetic.blocks import WHOLE, Block
from synthetic.folder import stages
from synthetic.presets import load_preset, parse_preset
from synthetic.truth import pooled_effects
from tf_eval.errors import ConfigError

COUNTY = load_preset("oxfordshire").model_copy(update={"families": 600, "started": 30})
PLACES = {"Cherwell": "North", "Oxford City": "Middle", "South Oxfordshire": "South"}


def country(places: dict[str, str] = PLACES, **changes):
    """Return a country of the small county's districts in these places, equally large."""
    kept = [item for item in COUNTY.districts if item.name in places]
    parts = [item.model_copy(update={"area": places[item.name], "share": 1, "capacity": 1}) for item in kept]
    return COUNTY.model_copy(update={"districts": parts, **changes})


def digests(folder) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return generate(country(), 7, tmp_path_factory.mktemp("country") / "small")


@pytest.fixture(scope="module")
def null(tmp_path_factory):
    return generate(country(), 7, tmp_path_factory.mktemp("null") / "small", null=True)


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return generate(COUNTY, 7, tmp_path_factory.mktemp("county") / "small")


def truth(folder, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / "truth" / f"{name}.parquet")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(made, tmp_path):
    assert digests(generate(country(), 7, tmp_path / "again")) == digests(made)
    assert digests(generate(country(), 8, tmp_path / "other")) != digests(made)


def test_families_and_starts_add_up_over_the_areas(made):
    families = truth(made, "families")
    assert families["family_id"].tolist() == list(range(600))
    assert families.groupby("district").size().to_dict() == dict.fromkeys(PLACES, 200)
    assert families.dropna(subset=["intervention"]).groupby("district").size().to_dict() == dict.fromkeys(PLACES, 10)
    effects = truth(made, "effects").query("outcome == 'asb_incident' and event_month == 0")
    assert effects["n_families"].sum() == 30


def test_shares_that_do_not_divide_still_add_up():
    areas = areas_of(country(families=601, started=31), 7)
    assert [area.preset.families for area in areas] == [200, 201, 200]
    assert [area.preset.started for area in areas] == [10, 11, 10]


def test_each_area_is_a_part_of_its_own_in_every_table_of_people(made):
    files = [*(made / "extracts").glob("*.parquet"), *(made / "truth").glob("*.parquet")]
    whole = {"term_dates.parquet", "effects.parquet"}
    groups = {path.name: pq.ParquetFile(path).num_row_groups for path in files}
    assert len(groups) > len(whole)
    assert groups == {name: 1 if name in whole else 3 for name in groups}


def test_the_truth_has_the_tables_columns_and_types_of_a_county(made, county):
    names = {path.name for path in (county / "truth").iterdir()}
    assert {path.name for path in (made / "truth").iterdir()} == names
    for name in names:
        assert pq.read_schema(made / "truth" / name) == pq.read_schema(county / "truth" / name), name


def test_nobody_and_no_number_is_there_twice(made):
    people, links, members = (truth(made, name) for name in ("people", "links", "members"))
    assert people["person_id"].tolist() == list(range(len(people)))
    assert not links.duplicated(["agency", "local_id"]).any()
    assert not links.duplicated(["agency", "person_id"]).any()
    assert set(links["person_id"]) <= set(people["person_id"])
    assert members["person_id"].is_unique
    assert set(members["family_id"]) == set(range(600))
    housing = pd.read_parquet(made / "extracts" / "housing_households.parquet")
    for number in ("Member Ref", "NI number", "NHS number", "UPN"):
        assert housing[number].dropna().is_unique, number
    homes = pd.read_parquet(made / "extracts" / "housing_residences.parquet")
    families = links[links["agency"] == "housing"].set_index("local_id")["family_id"]
    assert (homes.groupby(homes["Member Ref"].map(families))["UPRN"].nunique() == 1).all()
    assert (homes.groupby("UPRN")["District"].nunique() == 1).all()
    assert homes["UPRN"].nunique() == homes["Member Ref"].map(families).nunique()


@pytest.mark.parametrize(
    ("file", "column"), [("police_incidents", "INCIDENT_NO"), ("childrens_services_contacts", "Contact ID")]
)
def test_rows_are_numbered_on_from_area_to_area(made, file, column):
    numbers = pd.read_parquet(made / "extracts" / f"{file}.parquet")[column]
    assert numbers.str.extract(r"(\d+)")[0].astype(int).tolist() == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("police_nominals", "NOMINAL_REF"),
        ("yos_young_people", "PersonID"),
        ("dwp_claimants", "CLAIMANT_REF"),
        ("dwp_claimants", "NINO"),
        ("housing_households", "Member Ref"),
        ("housing_households", "NHS number"),
        ("housing_households", "UPN"),
        ("housing_residences", "UPRN"),
        ("education_pupils", "pupil_id"),
        ("education_attendance", "urn"),
        ("childrens_services_children", "Child ID"),
        ("programme_people", "Person ref"),
        ("programme_families", "Worker"),
    ],
)
def test_the_numbers_of_an_area_all_lie_above_those_of_the_area_before(made, file, column):
    """Chance alone would rarely give a number twice, and would never keep them in this order."""
    extract = pq.ParquetFile(made / "extracts" / f"{file}.parquet")
    areas = [extract.read_row_group(area).column(column).to_pandas().dropna() for area in range(3)]
    numbers = [area.str.extract(r"(\d+)")[0].astype(int) for area in areas]
    assert numbers[0].max() < numbers[1].min() <= numbers[1].max() < numbers[2].min()


def test_the_school_calendar_is_that_of_a_county(made, county):
    calendar = pd.read_parquet(made / "extracts" / "term_dates.parquet").astype(str)
    pd.testing.assert_frame_equal(calendar, pd.read_csv(county / "extracts" / "term_dates.csv", dtype=str))


def test_the_null_country_has_the_same_families_and_starts_and_no_effect(made, null):
    pd.testing.assert_frame_equal(truth(made, "families"), truth(null, "families"))
    assert truth(made, "effects")["att"].abs().max() > 0
    assert (truth(null, "effects")[["att", "att_need"]].fillna(0) == 0).all(axis=None)


def test_the_effects_of_areas_are_weighted_by_their_families():
    one = {"event_month": np.array([1, 2, 3]), "n_families": np.array([3, 2, 0])}
    other = {"event_month": np.array([1, 2, 3]), "n_families": np.array([1, 0, 0])}
    for name in ("att", "att_need", "base"):
        one[name], other[name] = np.array([0.2, 0.5, np.nan]), np.array([1.0, np.nan, np.nan])
    pooled = pooled_effects([one, other])
    assert pooled["n_families"].tolist() == [4, 2, 0]
    for name in ("att", "att_need", "base"):
        assert pooled[name] == pytest.approx([0.4, 0.5, np.nan], nan_ok=True)


def test_an_area_draws_the_same_whatever_other_areas_there_are():
    fewer = areas_of(country({"Oxford City": "Middle", "South Oxfordshire": "South"}), 7)
    assert [area.seed for area in fewer] == [area.seed for area in areas_of(country(), 7)[1:]]
    assert len({area.seed for area in areas_of(country(), 7) + areas_of(country(), 8)}) == 6


def test_blocks_share_a_range_out_without_a_gap():
    rng = np.random.default_rng(1)
    drawn = [sorted(Block(first, size, 3).draw(rng, 10, count)) for first, size, count in ((0, 1, 3), (1, 2, 7))]
    assert drawn == [[0, 1, 2], [3, 4, 5, 6, 7, 8, 9]]
    assert sorted(WHOLE.draw(rng, 10, 10)) == list(range(10))


def test_a_block_that_is_too_small_is_told():
    with pytest.raises(ConfigError, match=r"4 numbers are wanted of a block of 3\. Lower 'families'"):
        Block(0, 1, 3).draw(np.random.default_rng(1), 10, 4)


def test_faults_are_refused_in_a_country(tmp_path):
    with pytest.raises(ConfigError, match="'Oxfordshire' is a country; ask for 'kent'"):
        generate(country(), 7, tmp_path / "country", faults=True)
    assert list(tmp_path.iterdir()) == []


def test_a_country_whose_districts_do_not_all_lie_in_areas_is_refused():
    content = COUNTY.model_dump(mode="json")
    content["districts"][0]["area"] = "North"
    with pytest.raises(ConfigError, match="some districts name an area and others do not"):
        parse_preset(content, where="preset")


def test_an_area_in_which_nobody_starts_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"area 'North'.*started"):
        generate(country(started=1), 7, tmp_path / "country")


def test_every_stage_of_every_area_is_reported(tmp_path):
    told = []
    generate(country(), 7, tmp_path / "country", report=told.append)
    assert len(told) == stages(country()) == 3 * stages(COUNTY)
    assert told[0] == "North: families"
    assert told[-1] == "South: files"


def test_england_is_the_programme_of_2012():
    england = load_preset("england")
    assert (england.families, england.started) == (1_200_000, 120_000)
    assert len({district.name for district in england.districts}) == len(england.districts) == 150
    areas = areas_of(england, 2012)
    assert len(areas) == 33
    assert sum(area.preset.families for area in areas) == 1_200_000
    assert sum(area.preset.started for area in areas) == 120_000
    assert max(area.preset.families for area in areas) <= load_preset("kent").families
