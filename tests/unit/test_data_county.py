"""The county: made once, opened at once, never half made."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.council import write_manifest
from tf_eval.data import build_county, open_county
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.origin import is_at_hand, require_current
from tf_eval.errors import InputError

ROWS = [f"{n},01/02/{1975 + n},100100{n // 5:04d},01/01/2009" for n in range(1, 40)]
PERSONS = "\n".join(["ref,dob,home,since", *ROWS, ""])
YAML = """
county: testshire
extracts: {folder}/extracts
agreements:
  - reference: A1
    gateway: Digital Economy Act 2017, section 35
    purposes: [evaluation]
    signed: 2008-01-01
    expires: 2040-12-31
    delete_by: 2041-12-31
sources:
  - agency: council
    agreement: A1
    file: persons.csv
    table: person_record
    format: {{type: csv, encoding: utf-8, delimiter: ","}}
    date_format: "%d/%m/%Y"
    columns: {{local_id: ref, birth_date: dob}}
  - agency: council
    agreement: A1
    file: persons.csv
    table: residence
    format: {{type: csv, encoding: utf-8, delimiter: ","}}
    date_format: "%d/%m/%Y"
    columns: {{local_id: ref, uprn: home, start_date: since}}
  - agency: council
    agreement: A1
    file: calls.csv
    table: event
    format: {{type: csv, encoding: utf-8, delimiter: ","}}
    date_format: "%d/%m/%Y"
    covers: {{start: 2009-04-15, end: 2015-04-01}}
    columns: {{local_id: ref, kind: what, date: day}}
    codes: {{kind: {{C: police_callout, A: asb_incident}}}}
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "extracts").mkdir()
    (tmp_path / "extracts" / "persons.csv").write_text(PERSONS)
    (tmp_path / "extracts" / "calls.csv").write_text("ref,what,day\n1,C,01/05/2010\n2,A,01/05/2010\n2,X,01/05/2010\n")
    write_manifest(tmp_path / "extracts")
    (tmp_path / "sources.yaml").write_text(YAML.format(folder=tmp_path))
    return tmp_path / "sources.yaml"


def made_at(path: Path) -> int:
    return path.stat().st_ino


def test_a_county_stands_beside_its_extracts_and_can_be_opened(sources):
    built = build_county(sources)
    opened = open_county(sources.parent)
    assert built.path == opened.path == sources.parent / "county.duckdb"
    assert (built.name, built.stamp, built.months) == (opened.name, opened.stamp, opened.months)
    assert list(sources.parent.rglob(".draft-*")) == []


def test_what_is_half_made_lies_with_the_linker_and_goes_with_the_next_check(sources, monkeypatch):
    drafts, replace = [], os.replace
    monkeypatch.setattr(os, "replace", lambda draft, place: (drafts.append(Path(draft)), replace(draft, place)))
    county, linking = build_county(sources), sources.parent / "linking"
    assert {draft.name for draft in drafts} >= {"county.duckdb", "linking.duckdb"}
    assert all(draft.is_relative_to(linking) for draft in drafts)
    (linking / ".draft-killed").mkdir()
    (linking / ".draft-killed" / "county.duckdb.wal").write_text("rows of people")
    assert build_county(sources).stamp == county.stamp
    assert not (linking / ".draft-killed").exists()


def test_another_folder_may_be_named(sources, tmp_path):
    assert build_county(sources, tmp_path / "elsewhere").path == tmp_path / "elsewhere" / "county.duckdb"


def test_months_are_the_whole_months_covered(sources):
    months = build_county(sources).months
    assert months == range(2009 * 12 + 4, 2015 * 12 + 3)  # May 2009 to March 2015


def test_a_county_is_made_anew_only_where_something_changed(sources):
    county = build_county(sources)
    first = made_at(county.path)
    assert made_at(build_county(sources).path) == first
    calls = sources.parent / "extracts" / "calls.csv"
    calls.write_text(calls.read_text() + "3,C,01/05/2010\n")
    write_manifest(calls.parent)
    changed = build_county(sources)
    assert changed.stamp != county.stamp
    second = made_at(changed.path)
    sources.write_text(sources.read_text() + "# a remark\n")
    assert build_county(sources).stamp == changed.stamp
    sources.write_text(sources.read_text().replace("A: asb_incident", "A: concern"))
    assert build_county(sources).stamp != changed.stamp
    assert second != first


def test_the_same_extracts_and_key_give_the_same_county(sources, tmp_path):
    one = build_county(sources)
    shutil.copytree(tmp_path / "linking", tmp_path / "other" / "linking", ignore=shutil.ignore_patterns("*.duckdb"))
    other = build_county(sources, tmp_path / "other")
    with one.connect() as left, other.connect() as right:
        tables = left.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        assert len(tables) > 15
        for schema, table in tables:
            rows = [county.execute(f"FROM {schema}.{table}").fetchall() for county in (left, right)]
            assert rows[0] == rows[1], table


def test_a_county_that_cannot_be_made_leaves_the_old_one(sources):
    county = build_county(sources)
    (sources.parent / "extracts" / "calls.csv").write_text("nothing,of,use\n1,2,3\n")
    with pytest.raises(InputError, match=r"calls\.csv"):
        build_county(sources)
    assert open_county(sources.parent).stamp == county.stamp
    assert list(sources.parent.rglob(".draft-*")) == []


def test_a_county_is_read_only_but_takes_temporary_tables(sources):
    with build_county(sources).connect() as connection:
        connection.execute("CREATE TEMP TABLE mine AS SELECT * FROM event")
        with pytest.raises(duckdb.Error):
            connection.execute("DELETE FROM event")


def test_a_county_made_anew_meanwhile_is_not_mixed_with_the_old_one(sources):
    county = build_county(sources)
    sources.write_text(sources.read_text().replace("A: asb_incident", "A: concern"))
    build_county(sources)
    with pytest.raises(InputError, match="made anew meanwhile"):
        county.connect()


def test_what_is_covered_is_kept_by_kind(sources):
    with build_county(sources).connect() as connection:
        rows = connection.execute("SELECT agency, table_name, kind, start_date::VARCHAR FROM coverage").fetchall()
    assert rows == [
        ("council", "event", "asb_incident", "2009-04-15"),
        ("council", "event", "police_callout", "2009-04-15"),
    ]


def test_the_summary_and_the_repr_round_their_counts(sources):
    county = build_county(sources)
    assert "about 5 families with children and 40 people, from 2 extracts" in county.summary()
    assert repr(county) == f"County(testshire, May 2009 to March 2015, stamp {county.stamp[:12]})"


@pytest.mark.parametrize("synthetic", [True, False])
def test_a_county_knows_whether_its_people_are_made_up(sources, synthetic):
    text = sources.read_text().replace("county: testshire", f"county: testshire\nsynthetic: {str(synthetic).lower()}")
    sources.write_text(text)
    build_county(sources)
    county = open_county(sources.parent)
    assert county.synthetic == synthetic == ("The people are made up." in county.summary())


def test_problems_are_counted_by_rule(sources):
    problems = build_county(sources).problems()
    assert problems[["file", "column_name", "rule", "rows"]].values.tolist() == [
        ["calls.csv", "what", "unknown code", 1]
    ]


def test_a_missing_county_says_how_to_make_one(tmp_path):
    with pytest.raises(InputError) as refused:
        open_county(tmp_path / "oxfordshire")
    assert "tf-eval synth oxfordshire" in str(refused.value)
    assert "tf-eval check params/sources/synthetic_oxfordshire.yaml" in str(refused.value)


def test_a_county_of_another_version_is_refused_by_opening_and_made_anew_by_building(sources):
    county = build_county(sources)
    with duckdb.connect(str(county.path)) as connection:
        connection.execute("UPDATE county SET layout = 'older'")
    with pytest.raises(InputError, match="another version"):
        open_county(sources.parent)
    assert build_county(sources).stamp == county.stamp
    county.path.write_bytes(b"no database at all")
    assert build_county(sources).stamp == county.stamp


def refusal(county) -> str:
    with pytest.raises(InputError) as refused:
        require_current(county)
    return str(refused.value)


def test_a_county_as_it_was_made_is_current(sources):
    county = build_county(sources)
    assert is_at_hand(county)
    require_current(county)
    sources.write_text(sources.read_text() + "# a remark\n")
    require_current(county)


def add_a_call(sources: Path) -> None:
    calls = sources.parent / "extracts" / "calls.csv"
    calls.write_text(calls.read_text() + "3,C,01/05/2010\n")
    write_manifest(calls.parent)


def map_a_code_otherwise(sources: Path) -> None:
    sources.write_text(sources.read_text().replace("A: asb_incident", "A: concern"))


def answer_a_pair(sources: Path) -> None:
    row = "agency_1,local_id_1,agency_2,local_id_2,same\ncouncil,1,council,2,no\n"
    LinkingStore.beside(sources.parent).review.write_text(row)


@pytest.mark.parametrize("change", [add_a_call, map_a_code_otherwise, answer_a_pair])
def test_a_county_older_than_what_it_is_made_from_is_refused_until_it_is_made_anew(sources, change):
    county = build_county(sources)
    change(sources)
    assert f"tf-eval check {sources}" in refusal(county)
    require_current(build_county(sources))


def test_a_county_whose_extract_is_gone_is_refused(sources):
    county = build_county(sources)
    (sources.parent / "extracts" / "calls.csv").unlink()
    assert "calls.csv is missing" in refusal(county)


@pytest.mark.parametrize("part", ["sources.yaml", "extracts", "linking"])
def test_a_county_that_is_held_without_its_extracts_stands_as_it_was_checked(sources, part):
    county = build_county(sources)
    (sources.parent / part).rename(sources.parent / "elsewhere")
    assert not is_at_hand(county)
    require_current(county)
    assert not (sources.parent / "linking" / "key").exists() or part != "linking", "no key may be drawn in passing"


def test_a_sources_file_in_the_project_is_known_from_its_folder(sources, monkeypatch):
    for folder in ("params", "notebooks"):
        (sources.parent / folder).mkdir()
    monkeypatch.chdir(sources.parent)
    assert build_county(sources.name).sources_file == "sources.yaml"


@pytest.mark.parametrize("limit", ["1", "0GB", "-1GB", "1TB; DROP TABLE event", "plenty", ""])
def test_a_limit_that_is_no_amount_of_memory_is_refused(sources, limit):
    county = build_county(sources)
    with pytest.raises(InputError, match="memory_limit: that is no amount of memory; write it as 500MB or 2GB"):
        open_county(county.path.parent, memory_limit=limit)


def test_the_engine_keeps_to_a_limit_of_memory(sources):
    county = open_county(build_county(sources).path.parent, memory_limit="500MB")
    with county.with_linkage("strict").connect() as connection:
        (limit,) = connection.execute("SELECT current_setting('memory_limit')").fetchone()
        assert limit == "476.8 MiB"
