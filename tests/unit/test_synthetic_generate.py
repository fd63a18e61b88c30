"""A county as a folder: the same bytes for the same seed, nothing half, nothing of anybody else's replaced."""

import csv
import hashlib

import numpy as np
import openpyxl
import pandas as pd
import pytest
import yaml

from synthetic import generate
from synthetic.__main__ import main
from synthetic.county import build_county
from synthetic.faults.table import FAULT_TYPES
from synthetic.identification import identify
from synthetic.outcomes import draw_histories
from synthetic.presets import load_preset, parse_preset, preset_names
from synthetic.programme import NOT_STARTED, monthly_quotas, run_programme
from synthetic.rates import FaultRates
from tf_eval.errors import ConfigError, InputError

SMALL = load_preset("oxfordshire").model_copy(update={"families": 1_500, "started": 60})


def digests(folder) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return generate(SMALL, 7, tmp_path_factory.mktemp("county") / "small")


@pytest.fixture(scope="module")
def null(tmp_path_factory):
    return generate(SMALL, 7, tmp_path_factory.mktemp("null") / "small", null=True)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(county, tmp_path, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert digests(generate(SMALL, 7, tmp_path / "again")) == digests(county)
    assert digests(generate(SMALL, 8, tmp_path / "other")) != digests(county)


def test_exactly_as_many_families_start_as_the_preset_says(county):
    families = pd.read_parquet(county / "truth" / "families.parquet")
    assert families["intervention"].notna().sum() == SMALL.started
    starts = families["start_month"].dropna()
    assert starts.between(2012 * 12 + 3, 2014 * 12 + 8).all()


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return generate(SMALL, 7, tmp_path_factory.mktemp("faulty") / "small", faults=True)


def test_a_county_with_faults_is_the_same_again(faulty, tmp_path):
    assert digests(generate(SMALL, 7, tmp_path / "again", faults=True)) == digests(faulty)


def test_a_clean_county_has_no_faults_and_nobody_in_two_families(county):
    faults = pd.read_parquet(county / "truth" / "faults.parquet")
    assert list(faults.columns) == list(FAULT_TYPES)
    assert faults.empty
    members = pd.read_parquet(county / "truth" / "members.parquet")
    assert members["person_id"].is_unique
    people = pd.read_parquet(county / "truth" / "links.parquet").drop_duplicates("person_id")
    assert (members.merge(people, on="person_id").eval("family_id_x == family_id_y")).all()


def test_every_kind_of_fault_is_planted(faulty):
    planted = pd.read_parquet(faulty / "truth" / "faults.parquet")
    assert set(planted["kind"]) == set(FaultRates.model_fields)
    patterns = planted[planted["place"].notna()]
    assert set(patterns["kind"]) == {"recording_shift", "missing_month", "missing_term"}
    assert patterns["row_number"].isna().all()
    assert patterns["place"].str.fullmatch(r".+, .+, \d{4}-\d\d to \d{4}-\d\d").all()


def test_a_fault_is_in_the_row_that_it_is_said_to_be_in(faulty):
    """The number in that row of the written file is the one that the fault is said to be about."""
    planted = pd.read_parquet(faulty / "truth" / "faults.parquet").dropna(subset=["row_number"])
    assert planted.groupby(["file", "table_name"]).ngroups > 15
    for (file, table), rows in planted.groupby(["file", "table_name"]):
        written = written_rows(faulty / "extracts" / file, table)
        found = [written[int(number)] for number in rows["row_number"]]
        assert all(local_id in cells for local_id, cells in zip(rows["local_id"], found, strict=True)), file


def written_rows(path, table: str) -> dict[int, tuple]:
    """Return the rows of a file or sheet under their numbers, as a person counts who opens it."""
    if path.suffix == ".parquet":
        return dict(enumerate(pd.read_parquet(path).itertuples(index=False), start=1))
    if path.suffix == ".xlsx":
        sheets = {
            "childrens_services.xlsx": {"person_record": "Children", "spell": "Involvements", "event": "Contacts"},
            "programme.xlsx": {"person_record": "People", "support": "Families"},
        }
        rows = openpyxl.load_workbook(path, read_only=True)[sheets[path.name][table]].iter_rows(values_only=True)
        return dict(enumerate(rows, start=1))
    encoding = "cp1252" if path.name.startswith("police") else "utf-8"
    delimiter = ";" if path.name.startswith("yos") else ","
    with path.open(encoding=encoding, newline="") as file:
        return dict(enumerate(csv.reader(file, delimiter=delimiter), start=1))


def test_twins_share_a_birth_date_and_some_their_sex(faulty):
    twins = pd.read_parquet(faulty / "truth" / "faults.parquet").query("kind == 'twins'")
    people = pd.read_parquet(faulty / "truth" / "people.parquet").set_index("person_id").loc[twins["person_id"]]
    links = pd.read_parquet(faulty / "truth" / "links.parquet").drop_duplicates("person_id").set_index("person_id")
    pairs = people.groupby(links["family_id"].reindex(people.index))
    assert len(pairs) > 5
    assert pairs.size().eq(2).all()
    assert pairs["birth_date"].nunique().eq(1).all()
    assert 0 < pairs["sex"].nunique().eq(1).sum() < len(pairs)


def test_the_null_county_has_the_same_families_and_starts_and_no_effect(county, null):
    left, right = (pd.read_parquet(folder / "truth" / "families.parquet") for folder in (county, null))
    pd.testing.assert_frame_equal(left, right)
    effects = pd.read_parquet(null / "truth" / "effects.parquet")
    assert (effects["att"].fillna(0) == 0).all()
    assert (effects["att_need"].fillna(0) == 0).all()
    untouched = ("term_dates.csv", "housing_residences.csv", "programme.xlsx", "education_provision.parquet")
    for name in untouched:
        assert (county / "extracts" / name).read_bytes() == (null / "extracts" / name).read_bytes()


def test_the_folder_says_what_was_asked_for(null):
    asked = yaml.safe_load((null / "preset.yaml").read_text(encoding="utf-8"))
    assert asked["seed"] == 7
    assert asked["null"] is True
    assert parse_preset(asked["parameters"], where="echo") == SMALL


def test_a_county_is_replaced_and_anything_else_is_left_alone(county, tmp_path):
    target = generate(SMALL, 8, tmp_path / "county")
    generate(SMALL, 7, target)
    assert digests(target) == digests(county)
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(InputError, match="no synthetic county"):
        generate(SMALL, 7, other)
    assert (other / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_a_run_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def full_disk(folder, listings):
        raise OSError("no space left")

    monkeypatch.setattr("synthetic.folder.write_extracts", full_disk)
    with pytest.raises(OSError, match="no space"):
        generate(SMALL, 7, tmp_path / "county")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_preset_is_named_with_its_near_miss(tmp_path, capsys):
    arguments = ["--preset", "oxfordshir", "--seed", "1", "--out", str(tmp_path / "county")]
    assert main(arguments) == 1
    assert "Did you mean 'oxfordshire'?" in capsys.readouterr().err


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, True, "2012"])
def test_a_bad_seed_is_refused(seed, tmp_path):
    with pytest.raises(ConfigError, match="seed"):
        generate(SMALL, seed, tmp_path / "county")


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_whole_and_its_places_add_up(name):
    preset = load_preset(name)
    quotas = monthly_quotas(preset, 30)
    assert quotas.sum() == preset.started
    assert (quotas >= 0).all()


def test_all_problems_of_a_preset_are_told_at_once():
    content = load_preset("oxfordshire").model_dump(mode="json")
    content["effects"][0]["kinds"] = ["asb_incidents"]
    content["effects"][1]["intervention"] = "family_intervention"
    with pytest.raises(ConfigError, match=r"(?s)'asb_incident'.*'family_intervention_project'"):
        parse_preset(content, where="preset")


def test_a_programme_larger_than_its_list_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="Raise 'families' or lower 'started'"):
        generate(SMALL.model_copy(update={"started": 1_400}), 7, tmp_path / "county")


def test_offers_go_to_listed_families_only_and_not_again_within_the_wait():
    county = build_county(SMALL, 7)
    untreated = draw_histories(county)
    identification = identify(county, untreated)
    offers = run_programme(county, untreated, identification)
    position = offers.offered - identification.columns[0]
    assert identification.listed[offers.family, position].all()
    rows = pd.DataFrame({"family": offers.family, "offered": offers.offered, "started": offers.started})
    gaps = rows.sort_values("offered").groupby("family")["offered"].diff().dropna()
    assert (gaps >= SMALL.model.selection.wait_after_refusal).all()
    started = rows[rows["started"] != NOT_STARTED]
    assert not started["family"].duplicated().any()
    assert (started["started"] >= started["offered"]).all()
    assert np.isin(rows["family"], started["family"]).mean() < 1
