"""The extracts keep what the sources files say about them, and tell nothing that agencies do not know."""

import csv
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
DATES = ("birth_date", "start_date", "end_date", "date", "recorded_on", "offered", "started", "ended")


def entries(path: Path) -> list[dict]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]


ENTRIES = entries(PROJECT / "params" / "sources" / "synthetic_oxfordshire.yaml")


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
def county(tmp_path_factory):
    return generate(SMALL, 7, tmp_path_factory.mktemp("county") / "small")


@pytest.fixture(scope="module")
def tables(county):
    return [(entry, read(county / "extracts" / entry["file"], entry["format"])) for entry in ENTRIES]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_synthetic_sources_file_maps_the_same_extracts(path):
    assert entries(path) == ENTRIES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_intervention_of_a_preset_has_its_code_mapped(path):
    preset = load_preset(path.stem.removeprefix("synthetic_"))
    codes = next(entry["codes"]["intervention"] for entry in entries(path) if entry["table"] == "support")
    assert {item.code: name for name, item in preset.interventions.items()}.items() <= codes.items()


def test_every_file_is_mapped(county):
    assert {path.name for path in (county / "extracts").iterdir()} == {entry["file"] for entry in ENTRIES}


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


def test_names_need_the_code_page_they_are_written_in(county):
    text = (county / "extracts" / "police_nominals.csv").read_bytes()
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
            sexes = named["sex"].map(entry["codes"]["sex"])
            records.append(named.assign(agency=entry["agency"], sex=sexes))
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
    people = linked(tables, county)
    housing = people[people["agency"] == "housing"]
    assert (housing.groupby("family_id")["uprn"].nunique() == 1).all()
    assert (housing.groupby("uprn")["family_id"].nunique() == 1).all()
