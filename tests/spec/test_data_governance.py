"""What may be used for what and until when, what is deleted, who is kept out, and what never leaves the linker."""

import csv
import stat
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.council import AGREEMENTS, Council, found, nhs_number, query
from tf_eval.data import build_county, open_county
from tf_eval.data.agreements import Agreement
from tf_eval.data.erasure import erase
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.pseudonyms import Pseudonymiser
from tf_eval.data.retention import overdue, retain
from tf_eval.errors import InputError

AGREEMENT = Agreement(
    reference="A1",
    gateway="Digital Economy Act 2017, section 35",
    purposes=("identification",),
    signed=date(2012, 1, 1),
    expires=date(2014, 12, 31),
    delete_by=date(2015, 12, 31),
)


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> LinkingStore:
    return LinkingStore.beside(tmp_path)


# Agreements ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "purpose", "reason"),
    [
        (date(2011, 12, 31), "identification", "begins on 2012-01-01"),
        (date(2012, 1, 1), "identification", None),
        (date(2012, 1, 1), "evaluation", "covers identification, not evaluation"),
        (date(2012, 1, 1), None, None),
        (date(2014, 12, 31), "identification", None),
        (date(2015, 1, 1), "identification", "expired on 2014-12-31; have it renewed"),
        (date(2015, 12, 31), "identification", "expired on 2014-12-31; have it renewed"),
        (date(2016, 1, 1), "identification", "had to be deleted by 2015-12-31; run 'tf-eval retain'"),
    ],
)
def test_an_agreement_covers_its_purposes_from_its_first_day_to_its_last(on, purpose, reason):
    assert AGREEMENT.refusal(on, purpose) == reason


def test_extracts_are_not_read_after_their_agreement_has_expired(council):
    council.replaced = (("expires: 2099-12-31", "expires: 2015-12-31"),)
    council.build(on=date(2015, 12, 31))
    with pytest.raises(InputError, match=r"sources\.yaml: agreement A1 expired on 2015-12-31; have it renewed"):
        council.build(on=date(2016, 1, 1))


def test_a_county_is_opened_for_what_was_agreed_and_while_it_is(council):
    council.replaced = (("[identification, evaluation]", "[evaluation]"),)
    folder = council.build().path.parent
    assert open_county(folder, purpose="evaluation").name == "testshire"
    with pytest.raises(InputError, match="agreement A1 covers evaluation, not payment_by_results"):
        open_county(folder, purpose="payment_by_results")
    with pytest.raises(InputError, match="agreement A1 expired on 2099-12-31"):
        open_county(folder, on=date(2100, 1, 1))


# Retention ----------------------------------------------------------------------------------------------------------


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
    (kept,) = rows_of(store.review)
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


# Erasure ------------------------------------------------------------------------------------------------------------


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
    assert query(county, "SELECT DISTINCT rule, severity, row_number FROM problem WHERE severity <> 'pattern'") == [
        ("erased person", "set aside", None)
    ]
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


# Pseudonyms and the linking store -----------------------------------------------------------------------------------


def test_pseudonyms_depend_on_the_key_and_fit_into_a_double():
    one, other = Pseudonymiser(b"1" * 32), Pseudonymiser(b"2" * 32)
    texts = [str(number) for number in range(1000)]
    numbers = one.numbers("person", texts)
    assert numbers.tolist() == one.numbers("person", texts).tolist()
    assert not set(numbers.tolist()) & set(other.numbers("person", texts).tolist())
    assert not set(numbers.tolist()) & set(one.numbers("family", texts).tolist())
    assert numbers.min() >= 0 and numbers.max() < 2**53
    assert "1111" not in repr(one)


def test_another_key_gives_another_county_and_the_same_key_the_same(council, tmp_path, store):
    first = query(council.build(), "SELECT person_id FROM person ORDER BY 1")
    (tmp_path / "county.duckdb").unlink()
    assert query(council.build(), "SELECT person_id FROM person ORDER BY 1") == first
    store.key_file.unlink()
    with pytest.raises(InputError, match=r"the linking key is missing\. This county was built with another key"):
        council.build()
    store.key_file.write_text("ab" * 32)
    with pytest.raises(InputError, match="key: This county was built with another key: put that one back"):
        council.build()
    store.key_check.unlink()
    assert query(council.build(), "SELECT person_id FROM person ORDER BY 1") != first


def test_the_linking_store_is_for_its_owner_alone(council, store):
    council.build()
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    for path in (store.key_file, store.database, store.review):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    with duckdb.connect(str(store.database), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM person_record").fetchone() == (3,)


def test_the_key_may_lie_elsewhere(council, store, tmp_path, monkeypatch):
    monkeypatch.setenv("TF_EVAL_LINKING_KEY_FILE", str(tmp_path / "usb" / "key"))
    with pytest.raises(InputError, match="the linking key, named by TF_EVAL_LINKING_KEY_FILE, cannot be read"):
        council.build()
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "key").write_text("not a key")
    with pytest.raises(InputError, match="not a linking key; expected 64 hexadecimal digits"):
        council.build()
    (tmp_path / "usb" / "key").write_text("ab" * 32)
    council.build()
    assert not (store.folder / "key").exists()


def test_the_analysis_store_holds_ages_in_months_and_no_day_of_birth(council):
    county = council.build()
    # Born on 1 February 1980, 5 June 1985 and 3 April 2005; the county begins on 1 April 2009.
    assert query(county, "SELECT age_months FROM person ORDER BY 1 DESC") == [(350,), (285,), (47,)]
    columns = {name for (name,) in query(county, "SELECT column_name FROM duckdb_columns() WHERE NOT internal")}
    assert not columns & {"forename", "surname", "birth_date", "postcode", "uprn", "upn", "nino", "local_id", "sex"}


def test_the_rows_to_mend_are_listed_for_the_linker_alone(council, store):
    council.add("events.csv", "d,2,FIRE,02/05/2010,03/05/2010").build()
    (row,) = rows_of(store.rows_to_mend)
    assert (row["file"], row["row"], row["column"], row["rule"]) == ("events.csv", "5", "TYPE", "unknown code")
    assert stat.S_IMODE(store.rows_to_mend.stat().st_mode) == 0o600


# Clerical review ----------------------------------------------------------------------------------------------------


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_a_clerks_answers_are_honoured_and_kept(council, store):
    answer = {"agency_1": "council", "local_id_1": "1", "agency_2": "council", "local_id_2": "3", "same": "yes"}
    assert query(council.build(), "SELECT count(*) FROM person") == [(3,)]
    write_rows(store.review, [answer])
    assert query(council.build(), "SELECT count(*) FROM person") == [(2,)]
    assert [(row["local_id_1"], row["local_id_2"], row["same"]) for row in rows_of(store.review)] == [
        ("'1", "'3", "yes")
    ]
    write_rows(store.review, [{**answer, "same": "no"}])
    assert query(council.build(), "SELECT count(*) FROM person") == [(3,)]


def test_an_answer_that_is_neither_yes_nor_no_is_refused(council, store):
    council.build()
    rows = {"agency_1": "council", "local_id_1": "1", "agency_2": "council", "local_id_2": "3", "same": "perhaps"}
    write_rows(store.review, [rows])
    with pytest.raises(InputError, match=r"review\.csv: row 2: 'same' must be yes, no or empty"):
        council.build()
