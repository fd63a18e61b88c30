"""Who is kept out: an erased person stays out, and nobody else does."""

import stat
from datetime import date

import duckdb
import pytest
import yaml
from typer.testing import CliRunner

from tests.council import found, nhs_number, query, query_linking_store, read_rows, write_rows
from tf_eval.cli import app
from tf_eval.data import open_county
from tf_eval.data.erasure import erase
from tf_eval.errors import InputError


def test_an_erased_person_is_kept_out_and_counted(council):
    council.build()
    certificate = erase(council.folder / "sources.yaml", agency="council", local_id="2", on=date(2016, 5, 1))
    county = open_county(council.folder)
    assert query(county, "SELECT count(*) FROM person") == [(2,)]
    assert query(county, "SELECT count(*) FROM event") == [(1,)]
    assert query(county, "SELECT count(*) FROM attendance") == [(0,)]
    sources = county.sources().set_index("file")
    assert sources.loc["events.csv", ["rows_in", "rows_used", "rows_quarantined"]].tolist() == [3, 1, 2]
    assert (sources["rows_in"] == sources["rows_used"] + sources["rows_quarantined"]).all()
    lines = "SELECT DISTINCT rule, severity, row_number FROM problem WHERE severity <> 'pattern'"
    assert query_linking_store(county, lines) == [("erased person", "set aside", None)]
    written = yaml.safe_load(certificate.read_text(encoding="utf-8"))
    assert (written["certificate"], written["records"], written["agencies"]) == ("erasure", 1, ["council"])


def test_an_erased_person_stays_out_under_a_new_number_of_the_agency(council):
    council.build()
    erase(council.folder / "sources.yaml", agency="council", local_id="2")
    for file, text in council.texts.items():
        council.texts[file] = text.replace(" 2,", " 77,").replace(",2,", ",77,")
    assert "77,Bob" in council.texts["persons.csv"] and "b,77,CALL" in council.texts["events.csv"]
    county = council.build()
    assert query(county, "SELECT count(*) FROM person") == [(2,)]
    assert "erased person" in {rule for _, _, rule, _ in found(county)}


def test_a_person_without_identifiers_is_known_again_by_name_birth_date_and_sex(council):
    council.texts["persons.csv"] = council.texts["persons.csv"].replace("9434765927", "")
    council.build()
    erase(council.folder / "sources.yaml", agency="council", local_id="2")
    for file, text in council.texts.items():
        council.texts[file] = text.replace(" 2,", " 77,").replace(",2,", ",77,").replace("Bob", "BOB")
    assert query(council.build(), "SELECT count(*) FROM person") == [(2,)]


def test_nobody_can_read_from_the_list_who_was_erased(council, store):
    council.build()
    erase(council.folder / "sources.yaml", agency="council", local_id="2")
    listed = store.erased.read_text(encoding="utf-8")
    assert "Bob" not in listed and "9434765927" not in listed and len(listed.splitlines()) == 4
    assert stat.S_IMODE(store.erased.stat().st_mode) == 0o600


def test_erasing_nobody_is_refused(council):
    sources = council.build().path.parent / "sources.yaml"
    with pytest.raises(InputError, match="no linking store here"):
        erase(sources, council.folder / "elsewhere", agency="council", local_id="2")
    with pytest.raises(InputError, match="no usable person record"):
        erase(sources, agency="council", local_id="404")
    with pytest.raises(InputError, match=r"no agency 'counsil'\. Did you mean 'council'"):
        erase(sources, agency="counsil", local_id="2")


def test_erasing_one_person_erases_nobody_else(council):
    """A number that stands in two people's records tells neither of them, and one that fails its check nobody."""
    number = nhs_number(2)
    persons = council.texts["persons.csv"].replace(nhs_number(1), "0000000000").replace(nhs_number(0), "0000000000")
    council.texts["persons.csv"] = persons
    council.add("persons.csv", f"4,Dan,Roe,03/03/1950,M,{number}").build()
    erase(council.folder / "sources.yaml", agency="council", local_id="2")
    erase(council.folder / "sources.yaml", agency="council", local_id="4")
    assert query(open_county(council.folder), "SELECT count(*) FROM person") == [(2,)]


def test_a_person_is_known_by_name_unless_a_number_says_otherwise(council):
    council.texts["persons.csv"] = council.texts["persons.csv"].replace(nhs_number(1), "")
    council.build()
    erase(council.folder / "sources.yaml", agency="council", local_id="2")
    for file, text in council.texts.items():
        council.texts[file] = text.replace(" 2,", " 77,").replace(",2,", ",77,")
    council.texts["persons.csv"] = council.texts["persons.csv"].replace(",M,", f",M,{nhs_number(1)}")
    assert query(council.build(), "SELECT count(*) FROM person") == [(2,)], "sent again, now with a number"
    erase(council.folder / "sources.yaml", agency="council", local_id="1")
    council.add("persons.csv", f"88,Ann,Lee,01/02/1980,F,{nhs_number(7)}")
    assert query(council.build(), "SELECT count(*) FROM person") == [(2,)], "another Ann Lee, by her number"


def test_an_erasure_does_not_wait_for_an_agreement(council, store):
    council.replaced = (("expires: 2099-12-31", "expires: 2015-12-31"),)
    council.build(on=date(2015, 12, 31))
    certificate = erase(council.folder / "sources.yaml", agency="council", local_id="2", on=date(2016, 1, 1))
    written = yaml.safe_load(certificate.read_text(encoding="utf-8"))
    assert written["county_now"].startswith("deleted, for it cannot be built again: sources.yaml: agreement A1 expired")
    assert not store.database.exists() and not (council.folder / "county.duckdb").exists()
    assert certificate.is_relative_to(store.folder)


def test_rows_of_two_sheets_are_counted_apart(council):
    """Two entries for one table, as from two sheets of a workbook: each loses its own rows."""
    entry = council.yaml().split("  - agency")[3]
    council.replaced = (("  - agency" + entry, "  - agency" + entry + "  - agency" + entry.replace("events", "more")),)
    council.texts["more.csv"] = "REF,ID,TYPE,DAY,RECORDED\nz,1,ASB,01/06/2010,03/06/2010\n"
    council.build()
    erase(council.folder / "sources.yaml", agency="council", local_id="2")
    sources = open_county(council.folder).sources()
    assert (sources["rows_used"] >= 0).all()
    assert (sources["rows_in"] == sources["rows_used"] + sources["rows_quarantined"]).all()


def _full(*_, **__):
    raise duckdb.IOException('IO Error: Could not write file "county.duckdb": No space left on device')


def test_whatever_goes_wrong_the_person_is_not_left_in_the_county(council, store, monkeypatch):
    council.build()
    sources = council.folder / "sources.yaml"
    pair = {"agency_1": "council", "local_id_1": "1", "agency_2": "council"}
    answers = [{**pair, "local_id_2": number, "same": "no", "surname_2": "Canary"} for number in ("2", "3")]
    write_rows(store.review, answers)
    with monkeypatch.context() as broken:
        broken.setattr("tf_eval.data.build.load", _full)
        certificate = erase(sources, agency="council", local_id="2")
    written = yaml.safe_load(certificate.read_text(encoding="utf-8"))
    assert written["county_now"] == (
        "deleted, for it cannot be built again: county.duckdb: the disk is full; make room on it, then run the command "
        "again."
    )
    assert not store.database.exists() and not (council.folder / "county.duckdb").exists()
    (left,) = read_rows(store.review)
    assert (left["local_id_2"], left["surname_2"]) == ("'3", "")

    again = yaml.safe_load(erase(sources, agency="council", local_id="2").read_text(encoding="utf-8"))
    assert (again["county_now"], again["records"], again["agencies"]) == (
        "built again without the person",
        1,
        ["council"],
    )
    assert query(open_county(council.folder), "SELECT count(*) FROM person") == [(2,)]


@pytest.mark.parametrize("step", ["tf_eval.data.build.load", "tf_eval.data.erasure.begin_certificate"])
def test_an_erasure_that_breaks_off_is_finished_by_asking_again(council, monkeypatch, step):
    def killed(*_, **__):
        raise KeyboardInterrupt

    council.build()
    sources = council.folder / "sources.yaml"
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(step, killed)
        erase(sources, agency="council", local_id="2")
    assert not list(council.folder.rglob("erasure-*"))
    council.build()  # somebody checks in between
    certificate = erase(sources, agency="council", local_id="2")
    written = yaml.safe_load(certificate.read_text(encoding="utf-8"))
    assert (written["records"], written["agencies"]) == (1, ["council"])
    assert query(open_county(council.folder), "SELECT count(*) FROM person") == [(2,)]


def test_a_list_of_an_earlier_version_keeps_people_out_and_can_be_asked_again(council, store):
    council.build()
    erase(council.folder / "sources.yaml", agency="council", local_id="2")
    rows = [{name: text for name, text in row.items() if name != "agency"} for row in read_rows(store.erased)]
    write_rows(store.erased, rows)
    store.erased.write_text(store.erased.read_text(encoding="utf-8-sig"), encoding="utf-8")
    certificate = erase(council.folder / "sources.yaml", agency="council", local_id="2")
    written = yaml.safe_load(certificate.read_text(encoding="utf-8"))
    assert (written["records"], written["agencies"]) == (1, ["council"])
    erase(council.folder / "sources.yaml", agency="council", local_id="1")
    assert query(open_county(council.folder), "SELECT count(*) FROM person") == [(1,)]


def test_the_command_writes_the_problem_report_again_and_names_nobody(council):
    council.build()
    sources, report = council.folder / "sources.yaml", council.folder / "check" / "problems.html"
    done = CliRunner().invoke(app, ["erase", str(sources), "--agency", "council", "--local-id", "2"])
    assert done.exit_code == 0, done.output
    assert "rased person" in report.read_text(encoding="utf-8")
    assert "Bob" not in done.output and nhs_number(1) not in done.output
