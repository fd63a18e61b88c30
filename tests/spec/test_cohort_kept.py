"""A cohort kept in the secure workspace: its files, who may read them, and that they go with the county."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.cohort_county import SmallCounty, small_county
from tf_eval.cli import app
from tf_eval.cohort import Programme, build_cohort, load_programme
from tf_eval.cohort.kept_cohort import keep_cohort
from tf_eval.data.erasure import erase
from tf_eval.data.retention import retain
from tf_eval.errors import ConfigError

PROGRAMME = "params/programmes/oxfordshire_2012.yaml"
KEPT = "oxfordshire_2012_happened"


@pytest.fixture
def county() -> SmallCounty:
    county = small_county()
    county.family(1, ["1975-05-05", "1999-04-10"])
    county.event(11, "proven_offence", "2012-06-01")
    county.spell(10, "out_of_work_benefit", "2011-01-01", None, "JSA")
    county.spell(11, "off_roll", "2011-01-01")
    return county


def test_what_is_kept_is_the_cohort_for_its_owner_alone(county, tmp_path):
    cohort = build_cohort(county, load_programme(PROGRAMME))
    kept = keep_cohort(cohort, tmp_path / "cohorts")
    assert kept == tmp_path / "cohorts" / KEPT
    for name in ("families", "evidence", "truth"):
        pd.testing.assert_frame_equal(pd.read_parquet(kept / f"{name}.parquet"), getattr(cohort, name))
    assert json.loads((kept / "cohort.json").read_text(encoding="utf-8")) == cohort.to_dict()
    assert [folder.stat().st_mode & 0o777 for folder in (kept, kept.parent)] == [0o700, 0o700]
    assert sorted(path.name for path in kept.parent.iterdir()) == [".gitignore", KEPT]


def test_what_was_kept_before_is_replaced_and_another_clock_is_kept_beside_it(county, tmp_path):
    programme = load_programme(PROGRAMME)
    keep_cohort(build_cohort(county, programme), tmp_path)
    county.family(2, ["1975-05-05", "1999-04-10"])
    county.support(2, "mentors", None, "2012-08-15")
    keep_cohort(build_cohort(county, programme), tmp_path)
    keep_cohort(build_cohort(county, programme, clock="arrived"), tmp_path)
    assert pd.read_parquet(tmp_path / KEPT / "families.parquet")["family_id"].tolist() == [1, 2]
    assert (tmp_path / "oxfordshire_2012_arrived" / "families.parquet").is_file()


@pytest.mark.parametrize("name", ["../escaped", "sub/x", "/escaped"])
def test_no_name_leads_out_of_the_folder(county, tmp_path, name):
    """A programme refuses such a name itself; the folder does not rest on that."""
    cohort = build_cohort(county, load_programme(PROGRAMME))
    other = Programme.__new__(Programme)
    vars(other).update(vars(cohort.programme), name=name)
    folder = tmp_path / "cohorts"
    with pytest.raises(ConfigError, match="would lead out of the folder 'cohorts'"):
        keep_cohort(replace(cohort, programme=other), folder)
    assert list(tmp_path.iterdir()) == []


def test_what_was_kept_is_put_back_if_the_new_cannot_take_its_place(county, tmp_path, monkeypatch):
    cohort = build_cohort(county, load_programme(PROGRAMME))
    kept = keep_cohort(cohort, tmp_path)
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == KEPT and ".draft" in path.parent.name:
            raise OSError("full")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="full"):
        keep_cohort(cohort, tmp_path)
    assert (kept / "families.parquet").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".gitignore", KEPT]


@pytest.fixture
def identified(council) -> Path:
    """The folder of a county with a cohort that the command has kept."""
    council.build()
    done = CliRunner().invoke(app, ["identify", PROGRAMME, "--county", str(council.folder)])
    assert done.exit_code == 0, done.output
    assert "identified" in done.output and "fewer than 10" in done.output
    assert (council.folder / "cohorts" / KEPT / "evidence.parquet").is_file()
    return council.folder


def test_cohorts_go_when_the_county_is_made_anew(council, identified):
    council.build()
    assert (identified / "cohorts").exists(), "nothing changed"
    council.add("events.csv", "d,1,ASB,05/05/2010,06/05/2010")
    council.build()
    assert not (identified / "cohorts").exists()


def test_cohorts_go_when_a_person_is_erased(identified):
    erase(identified / "sources.yaml", agency="council", local_id="2")
    assert not (identified / "cohorts").exists()


def test_cohorts_go_with_the_extracts_they_are_from(identified):
    assert retain(identified / "sources.yaml", on=date(2200, 1, 1))
    assert not (identified / "cohorts").exists()
