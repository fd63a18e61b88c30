"""What is deleted when its agreement says so, with what was made from it."""

import hashlib
import os
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from tests.council import AGREEMENTS, Council, found, query, read_rows, write_rows
from tf_eval.cli import app
from tf_eval.data import build_county
from tf_eval.data.retention import overdue, retain
from tf_eval.errors import InputError


@pytest.fixture
def two_agreements(council: Council) -> Council:
    """The council, with its calls for the police under an agreement of another length, and another agency's list."""
    council.texts["nominals.csv"] = "ID,LAST\n1,Lee\n2,Lee\n"
    short = AGREEMENTS.split("agreements:\n")[1].replace("A1", "A2").replace("2100-12-31", "2020-06-30")
    nominals = (
        "sources:\n  - agency: police\n    file: nominals.csv\n    table: person_record\n    agreement: A2\n"
        "    format: {type: csv, encoding: utf-8, delimiter: ','}\n    columns: {local_id: ID, surname: LAST}\n"
    )
    council.replaced = (
        ("sources:\n", short.replace("2099-12-31", "2020-05-31") + nominals),
        ("  - agency: council\n    file: events.csv", "  - agency: police\n    file: events.csv"),
    )
    yaml_before = council.yaml()
    place = yaml_before.index("file: events.csv")
    events = yaml_before[place : yaml_before.index("  - agency", place)]
    council.replaced += ((events, events.replace("agreement: A1", "agreement: A2")),)
    return council


def test_what_is_overdue_is_deleted_with_what_was_made_from_it_and_certified(two_agreements):
    two_agreements.add("events.csv", "d,1,ASB,05/05/2010,06/05/2010")
    two_agreements.texts["events.csv"] = "REF,ID,TYPE,DAY,RECORDED\na,1,ASB,01/05/2010,03/05/2010\n"
    county = two_agreements.build(on=date(2020, 5, 31))
    assert query(county, "SELECT count(*) FROM event") == [(1,)]
    sources = two_agreements.folder / "sources.yaml"
    assert overdue(sources, on=date(2020, 6, 30)) == []
    (item,) = overdue(sources, on=date(2020, 7, 1))
    assert (item.agreement.reference, item.names) == ("A2", ("events.csv", "nominals.csv"))

    (certificate,) = retain(sources, on=date(2020, 7, 1))
    written = yaml.safe_load(certificate.read_text(encoding="utf-8"))
    assert written["certificate"] == "deletion" and written["agreement"] == "A2"
    assert written["on"] == "2020-07-01" and written["county_was"] == county.stamp
    assert set(written["files"]) == {"events.csv", "nominals.csv"}
    assert not (two_agreements.folder / "extracts" / "events.csv").exists()
    left = build_county(sources, on=date(2020, 7, 1))
    assert query(left, "SELECT count(*) FROM event") == [(0,)]
    assert query(left, "SELECT DISTINCT agency FROM coverage") == [("council",)]  # no rows, but no zeros either
    assert query(left, "SELECT count(*) FROM spell") == [(3,)]
    assert retain(sources, on=date(2020, 7, 1)) == []
    assert len(list(certificate.parent.iterdir())) == 1


def test_files_whose_people_are_gone_are_not_used_and_told(two_agreements):
    """The calls for the police stay under an agreement that lasts; the list of its people does not."""
    *others, (events, _) = two_agreements.replaced
    two_agreements.replaced = (*others, (events, events))
    two_agreements.build(on=date(2020, 1, 1))
    retain(two_agreements.folder / "sources.yaml", on=date(2020, 7, 1))
    county = build_county(two_agreements.folder / "sources.yaml", on=date(2020, 7, 1))
    told = county.problems().set_index("rule").loc["not used, for the agency's people are gone"]
    assert (told["agency"], told["file"]) == ("police", "events.csv")
    assert query(county, "SELECT count(*) FROM term") == [(3,)]  # terms are about nobody, and stay whoever goes


def test_retention_that_was_broken_off_is_finished(two_agreements, store):
    two_agreements.build(on=date(2020, 5, 31))
    sources = two_agreements.folder / "sources.yaml"
    (two_agreements.folder / "extracts" / "nominals.csv").unlink()
    (store.folder / ".draft-killed").mkdir()
    (certificate,) = retain(sources, on=date(2020, 7, 1))
    files = yaml.safe_load(certificate.read_text(encoding="utf-8"))["files"]
    assert files["nominals.csv"] == {"found": "already gone"} and files["events.csv"]["bytes"] > 0
    assert not (two_agreements.folder / "county.duckdb").exists() and not store.database.exists()
    assert not (store.folder / ".draft-killed").exists()


def test_a_deletion_that_breaks_off_keeps_its_proof_and_is_finished_by_the_next(two_agreements, monkeypatch):
    two_agreements.build(on=date(2020, 5, 31))
    sources, extracts = two_agreements.folder / "sources.yaml", two_agreements.folder / "extracts"
    digests = {
        name: hashlib.sha256((extracts / name).read_bytes()).hexdigest() for name in ("events.csv", "nominals.csv")
    }
    unlink = Path.unlink

    def unlink_all_but_nominals(path, **options):
        if path.name == "nominals.csv":
            raise OSError("the disk went away")
        unlink(path, **options)

    with monkeypatch.context() as broken, pytest.raises(OSError, match="the disk went away"):
        broken.setattr(Path, "unlink", unlink_all_but_nominals)
        retain(sources, on=date(2020, 7, 1))
    (begun,) = (two_agreements.folder / "certificates").iterdir()
    assert not (extracts / "events.csv").exists() and (extracts / "nominals.csv").exists()
    assert yaml.safe_load(begun.read_text(encoding="utf-8"))["finished"] is None

    assert retain(sources, on=date(2020, 7, 2)) == [begun]
    written = yaml.safe_load(begun.read_text(encoding="utf-8"))
    assert {name: file["sha256"] for name, file in written["files"].items()} == digests
    assert written["finished"] and not (extracts / "nominals.csv").exists()
    assert retain(sources, on=date(2020, 7, 2)) == []


def test_a_deletion_that_broke_off_is_not_finished_once_its_agreement_is_renewed(two_agreements, monkeypatch):
    two_agreements.build(on=date(2020, 5, 31))
    sources = two_agreements.folder / "sources.yaml"
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr("tf_eval.data.retention.forget", _interrupted)
        retain(sources, on=date(2020, 7, 1))
    text = sources.read_text(encoding="utf-8").replace("delete_by: 2020-06-30", "delete_by: 2030-06-30")
    sources.write_text(text, encoding="utf-8")
    assert retain(sources, on=date(2020, 7, 1)) == []
    assert (two_agreements.folder / "extracts" / "events.csv").exists()


def _interrupted(*_):
    raise KeyboardInterrupt


def test_a_problem_report_that_cannot_be_deleted_is_not_certified(two_agreements, monkeypatch):
    two_agreements.build(on=date(2020, 5, 31))
    (two_agreements.folder / "check").mkdir()
    with monkeypatch.context() as broken, pytest.raises(PermissionError):
        broken.setattr(os, "rmdir", _forbidden)
        retain(two_agreements.folder / "sources.yaml", on=date(2020, 7, 1))
    (begun,) = (two_agreements.folder / "certificates").iterdir()
    assert yaml.safe_load(begun.read_text(encoding="utf-8"))["finished"] is None


def _forbidden(*_, **__):
    raise PermissionError


@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_an_extract_whose_content_would_stay_elsewhere_is_not_certified(two_agreements, link):
    county = two_agreements.build(on=date(2020, 5, 31))
    extract, elsewhere = two_agreements.folder / "extracts" / "events.csv", two_agreements.folder / "shared.csv"
    extract.rename(elsewhere)
    link(extract, elsewhere)
    with pytest.raises(InputError, match=r"nothing is deleted: events\.csv: its content lies under another name too"):
        retain(two_agreements.folder / "sources.yaml", on=date(2020, 7, 1))
    assert elsewhere.exists() and extract.exists() and county.path.exists()
    assert (two_agreements.folder / "extracts" / "nominals.csv").exists()
    assert not (two_agreements.folder / "certificates").exists()


def test_copies_among_the_extracts_are_deleted_and_what_is_left_there_is_told(two_agreements):
    two_agreements.build(on=date(2020, 5, 31))
    extracts = two_agreements.folder / "extracts"
    (extracts / "old").mkdir()
    copies = [extracts / "Copy of events.csv", extracts / "old" / "events.csv", extracts / ".events.csv.bak"]
    for copy in copies:
        copy.write_bytes((extracts / "events.csv").read_bytes())
    (extracts / "old" / "nominals 2019.csv").write_text("ID,LAST\n1,Lee\n", encoding="utf-8")
    county = build_county(two_agreements.folder / "sources.yaml", on=date(2020, 5, 31))
    told = [file for file, _, rule, _ in found(county) if rule == "read by no source"]
    assert told == ["Copy of events.csv", "old/events.csv", "old/nominals 2019.csv"]

    (certificate,) = retain(two_agreements.folder / "sources.yaml", on=date(2020, 7, 1))
    written = yaml.safe_load(certificate.read_text(encoding="utf-8"))
    assert written["files"]["events.csv"]["copies"] == [".events.csv.bak", "Copy of events.csv", "old/events.csv"]
    assert not any(copy.exists() for copy in copies)
    assert written["left_beside_them"] == ["old/nominals 2019.csv"]
    assert "output/failed" in written["earlier_runs"]


def test_the_command_builds_the_county_again_with_its_problem_report(two_agreements):
    two_agreements.build(on=date(2020, 5, 31))
    sources, report = two_agreements.folder / "sources.yaml", two_agreements.folder / "check" / "problems.html"
    done = CliRunner().invoke(app, ["retain", str(sources), "--yes"])
    assert done.exit_code == 0, done.output
    assert "Built again from what is left" in done.output
    assert "nominals.csv" not in report.read_text(encoding="utf-8")
    assert "Nothing has to be deleted today" in CliRunner().invoke(app, ["retain", str(sources)]).output


def test_a_file_that_nobody_reads_any_more_is_deleted_when_it_is_due(two_agreements):
    """Without its people's list an agency's other extracts are not read, for they cannot be linked; they are held."""
    two_agreements.build(on=date(2020, 5, 31))
    two_agreements.replaced += (("agreement: A2\n    format", "agreement: A1\n    format"),)
    two_agreements.build(on=date(2020, 5, 31))
    sources = two_agreements.folder / "sources.yaml"
    retain(sources, on=date(2020, 7, 1))
    retain(sources, on=date(2101, 1, 1))
    left = sorted(path.name for path in (two_agreements.folder / "extracts").iterdir())
    assert left == ["manifest.csv", "terms.csv"]


def test_retention_keeps_the_clerks_answers_about_those_who_stay(two_agreements, store):
    two_agreements.build(on=date(2020, 5, 31))
    answers = [
        {"agency_1": "council", "local_id_1": "1", "agency_2": "council", "local_id_2": "3", "same": "no"},
        {"agency_1": "council", "local_id_1": "1", "agency_2": "police", "local_id_2": "2", "same": "no"},
    ]
    write_rows(store.review, [{**answer, "surname_1": "Lee"} for answer in answers])
    retain(two_agreements.folder / "sources.yaml", on=date(2020, 7, 1))
    (kept,) = read_rows(store.review)
    assert (kept["local_id_1"], kept["local_id_2"], kept["same"]) == ("'1", "'3", "no") and not kept["surname_1"]


def test_a_deleted_extract_that_comes_again_under_a_renewed_agreement_is_read_again(two_agreements):
    two_agreements.build(on=date(2020, 5, 31))
    sources = two_agreements.folder / "sources.yaml"
    retain(sources, on=date(2020, 7, 1))
    with pytest.raises(InputError, match="agreement A2 had to be deleted by 2020-06-30"):
        two_agreements.build(on=date(2020, 7, 1))  # the test writes the files again
    two_agreements.replaced += (("delete_by: 2020-06-30", "delete_by: 2030-06-30"),)
    two_agreements.replaced += (("expires: 2020-05-31", "expires: 2029-05-31"),)
    assert query(two_agreements.build(on=date(2020, 7, 1)), "SELECT count(*) FROM event") == [(3,)]


def test_retention_without_anything_overdue_touches_nothing(council):
    before = council.build().path.read_bytes()
    assert retain(council.folder / "sources.yaml", on=date(2050, 1, 1)) == []
    assert (council.folder / "county.duckdb").read_bytes() == before
