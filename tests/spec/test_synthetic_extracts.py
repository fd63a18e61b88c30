"""The extracts keep what the sources files say about them, and tell nothing that agencies do not know."""

import csv
import hashlib
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from synthetic import generate
from synthetic.presets import load_preset

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = sorted((PROJECT / "params" / "sources").glob("synthetic_*.yaml"))
SMALL = load_preset("oxfordshire").model_copy(update={"families": 1_500, "started": 60})
AREAS = {"Cherwell": "North", "Oxford City": "Middle"}
SMALL_COUNTRY = SMALL.model_copy(
    update={
        "districts": [item.model_copy(update={"area": AREAS.get(item.name, "South")}) for item in SMALL.districts],
    }
)
DATES = ("birth_date", "start_date", "end_date", "date", "recorded_on", "offered", "started", "ended")


def entries(path: Path) -> list[dict]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]


def in_parquet(sources: list[dict]) -> list[dict]:
    """Return the entries of a county as those of a country, which has a Parquet file for each table."""
    return [
        {
            **entry,
            "file": "_".join([Path(entry["file"]).stem, *filter(None, [entry["format"].get("sheet", "").lower()])])
            + ".parquet",
            "format": {"type": "parquet"},
        }
        for entry in sources
    ]


ENTRIES = entries(PROJECT / "params" / "sources" / "synthetic_oxfordshire.yaml")


def without_local_words(sources: list[dict]) -> list[dict]:
    """Leave out what differs from county to county: the names of districts and providers."""
    return [
        {**entry, "codes": {name: codes for name, codes in entry.get("codes", {}).items() if isinstance(codes, dict)}}
        for entry in sources
    ]


def read(path: Path, layout: dict) -> pd.DataFrame:
    if layout["type"] == "csv":
        with path.open(encoding=layout["encoding"], newline="") as file:
            header, *rows = csv.reader(file, delimiter=layout["delimiter"])
    elif layout["type"] == "excel":
        header, *rows = openpyxl.load_workbook(path, read_only=True)[layout["sheet"]].iter_rows(values_only=True)
    else:
        table = pq.read_table(path)
        header, rows = table.column_names, list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return pd.DataFrame(rows, columns=header, dtype=object).fillna("")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A county whose agencies send files of their own kinds."""
    return generate(SMALL, 7, tmp_path_factory.mktemp("county") / "small")


@pytest.fixture(scope="module", params=["county", "country"])
def made(request, tmp_path_factory):
    """The folder of a county or of a country, and the entries that map its extracts."""
    if request.param == "county":
        return request.getfixturevalue("alone"), ENTRIES
    return generate(SMALL_COUNTRY, 7, tmp_path_factory.mktemp("country") / "small"), in_parquet(ENTRIES)


@pytest.fixture(scope="module")
def county(made):
    return made[0]


@pytest.fixture(scope="module")
def tables(made):
    return [(entry, read(made[0] / "extracts" / entry["file"], entry["format"])) for entry in made[1]]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_synthetic_sources_file_maps_the_same_extracts(path):
    preset = load_preset(path.stem.removeprefix("synthetic_"))
    assert without_local_words(entries(path)) == without_local_words(in_parquet(ENTRIES) if preset.areas else ENTRIES)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_districts_and_providers_of_a_preset_are_listed(path):
    preset = load_preset(path.stem.removeprefix("synthetic_"))
    support = next(entry["codes"] for entry in entries(path) if entry["table"] == "support")
    residence = next(entry["codes"] for entry in entries(path) if entry["table"] == "residence")
    assert support["district"] == residence["district"] == [district.name for district in preset.districts]
    assert set(support["provider"]) == {item.provider for item in preset.interventions.values()}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_source_about_people_has_an_agreement(path):
    agreements = yaml.safe_load(path.read_text(encoding="utf-8"))["agreements"]
    named = {entry["agreement"] for entry in entries(path) if entry["table"] != "term"}
    assert named == {agreement["reference"] for agreement in agreements}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_intervention_of_a_preset_has_its_code_mapped(path):
    preset = load_preset(path.stem.removeprefix("synthetic_"))
    codes = next(entry["codes"]["intervention"] for entry in entries(path) if entry["table"] == "support")
    assert {item.code: name for name, item in preset.interventions.items()}.items() <= codes.items()


def test_every_file_is_mapped(made):
    written = {path.name for path in (made[0] / "extracts").iterdir()}
    assert written == {entry["file"] for entry in made[1]} | {"manifest.csv"}


def test_the_manifest_tells_of_every_other_file(county):
    with (county / "extracts" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        manifest = {row.pop("file"): row for row in csv.DictReader(file)}
    others = [path for path in (county / "extracts").iterdir() if path.name != "manifest.csv"]
    assert manifest == {
        path.name: {
            "bytes": str(path.stat().st_size),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in others
    }


def test_every_mapped_column_is_there_and_holds_something(tables):
    for entry, table in tables:
        assert len(table), entry["file"]
        for column in entry["columns"].values():
            assert (table[column] != "").any(), f"{entry['file']}: {column}"


def test_every_code_is_mapped_and_every_mapped_code_of_a_kind_is_used(tables):
    for entry, table in tables:
        for name, codes in entry.get("codes", {}).items():
            used = set(table[entry["columns"][name]])
            assert used <= set(codes), entry["file"]
            assert name == "kind" or name == "intervention" or used == set(codes), entry["file"]


def test_dates_are_written_the_british_way(tables):
    pattern = re.compile(r"(|\d\d/\d\d/\d{4})")
    for entry, table in tables:
        for name in set(DATES) & set(entry["columns"]):
            assert table[entry["columns"][name]].map(pattern.fullmatch).notna().all(), f"{entry['file']}: {name}"


def test_events_lie_in_the_covered_time_and_are_recorded_after_they_happened(tables):
    for entry, table in tables:
        if entry["table"] == "event":
            date, recorded = (
                pd.to_datetime(table[entry["columns"][name]], format="%d/%m/%Y") for name in ("date", "recorded_on")
            )
            assert date.between(str(entry["covers"]["start"]), str(entry["covers"]["end"]), inclusive="left").all()
            assert (recorded >= date).all()


def test_unique_columns_are_unique_and_every_record_is_of_a_listed_person(tables):
    people = {
        entry["agency"]: table[entry["columns"]["local_id"]]
        for entry, table in tables
        if entry["table"] == "person_record"
    }
    for agency, ids in people.items():
        assert ids.is_unique, agency
    for entry, table in tables:
        assert not entry.get("unique") or not table.duplicated(entry["unique"]).any()
        if entry["table"] != "term":
            assert table[entry["columns"]["local_id"]].isin(people[entry["agency"]]).all(), entry["file"]


def test_names_need_the_code_page_they_are_written_in(alone):
    text = (alone / "extracts" / "police_nominals.csv").read_bytes()
    assert "ë".encode("cp1252") in text
    with pytest.raises(UnicodeDecodeError):
        text.decode("utf-8")


def test_no_extract_holds_a_column_of_the_truth(tables):
    secret = re.compile(r"theta|motivation|deprivation|family.?id|person_id|true", re.IGNORECASE)
    for entry, table in tables:
        assert [column for column in table.columns if secret.search(column)] == [], entry["file"]


def linked(tables, county) -> pd.DataFrame:
    """Return all agencies' person records under the contract's names, with the true person."""
    records = []
    for entry, table in tables:
        if entry["table"] == "person_record":
            named = table[list(entry["columns"].values())].set_axis(list(entry["columns"]), axis=1)
            words = {name: named[name].map(codes) for name, codes in entry["codes"].items()}
            records.append(named.assign(agency=entry["agency"], **words))
    links = pd.read_parquet(county / "truth" / "links.parquet")
    return pd.concat(records).merge(links, on=["agency", "local_id"], validate="one_to_one")


def test_shared_numbers_tie_every_agency_to_the_housing_list(tables, county):
    people = linked(tables, county)
    housing = people[people["agency"] == "housing"]
    assert housing["person_id"].is_unique
    shared = {
        "education": ["upn"],
        "childrens_services": ["nhs_number"],
        "dwp": ["nino"],
        "programme": ["nino", "nhs_number"],
        "police": ["forename", "surname", "birth_date", "sex", "postcode"],
        "youth_offending": ["forename", "surname", "birth_date", "sex", "postcode"],
    }
    for agency, keys in shared.items():
        theirs = people[people["agency"] == agency]
        assert (theirs[keys] != "").all(axis=None), agency
        found = theirs.merge(housing, on=keys, suffixes=("", "_housing"))
        assert len(found) == len(theirs), agency
        assert (found["person_id"] == found["person_id_housing"]).all(), agency


def test_a_family_shares_one_home(tables, county):
    homes = contract_rows(tables, "residence").merge(links_of(county, "housing"), on="local_id")
    assert not homes.duplicated("local_id").any()
    assert (homes.groupby("family_id")["uprn"].nunique() == 1).all()
    assert (homes.groupby("uprn")["family_id"].nunique() == 1).all()
    deciles = homes.drop_duplicates("family_id").set_index("family_id")["deprivation_decile"]
    families = pd.read_parquet(county / "truth" / "families.parquet").set_index("family_id")
    assert (families.loc[deciles.index, "deprivation"] == deciles.astype(int)).all()


def test_children_go_to_a_school_of_their_district(tables, county):
    rows = contract_rows(tables, "attendance").merge(links_of(county, "education"), on="local_id")
    families = pd.read_parquet(county / "truth" / "families.parquet")
    rows = rows.merge(families[["family_id", "district"]], on="family_id")
    assert rows["school"].str.fullmatch("[0-9]{6}").all()
    assert (rows.groupby("school")["district"].nunique() == 1).all()
    pupils = rows.groupby(["school", "academic_year", "term"]).size()
    # About 200 a school, but a district of 300 families has one to three schools, and families differ.
    assert pupils.groupby("school").mean().between(100, 300).all()


def test_an_ethnic_group_is_the_family_s_and_drawn_at_the_preset_s_shares(tables, county):
    people = linked(tables, county)
    known = people[people["ethnicity"].notna()]
    assert set(known["agency"]) == {"education", "childrens_services"}
    assert (known.groupby("family_id")["ethnicity"].nunique() == 1).all()
    shares = known.drop_duplicates("family_id")["ethnicity"].value_counts(normalize=True)
    # Of some 1,400 families a share of 91 % has a standard error of 0.8 points, one of 5 % of 0.6.
    assert shares["white"] == pytest.approx(SMALL.ethnicity.white, abs=0.03)
    assert shares["asian"] == pytest.approx(SMALL.ethnicity.asian, abs=0.025)


def test_children_have_a_national_insurance_number_from_their_sixteenth_birthday(tables, county):
    people = linked(tables, county).query("agency == 'housing'")
    birth = pd.to_datetime(people["birth_date"], format="%d/%m/%Y")
    assert ((people["nino"] != "") == (birth < "1999-04-01")).all()


def contract_rows(tables, table: str) -> pd.DataFrame:
    """Return the rows of the only source of a table under the contract's names."""
    ((entry, rows),) = [(entry, rows) for entry, rows in tables if entry["table"] == table]
    return rows[list(entry["columns"].values())].set_axis(list(entry["columns"]), axis=1)


def links_of(county, agency: str) -> pd.DataFrame:
    links = pd.read_parquet(county / "truth" / "links.parquet")
    return links[links["agency"] == agency]
