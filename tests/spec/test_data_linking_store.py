"""What never leaves the linker, and the clerk's answers that stay there."""

import stat

import duckdb
import pytest

from tests.council import query, query_linking_store, read_rows, write_rows
from tf_eval.data.pseudonyms import Pseudonymiser
from tf_eval.errors import InputError


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
    (row,) = read_rows(store.rows_to_mend)
    assert (row["file"], row["row"], row["column"], row["rule"]) == ("events.csv", "5", "TYPE", "unknown code")
    assert stat.S_IMODE(store.rows_to_mend.stat().st_mode) == 0o600


def test_the_place_of_a_row_is_told_to_the_linker_alone(council):
    county = council.add("events.csv", "d,2,FIRE,02/05/2010,03/05/2010", "e,3,FIRE,02/05/2010,03/05/2010").build()
    columns = {name for (name,) in query(county, "SELECT column_name FROM duckdb_columns() WHERE NOT internal")}
    assert "row_number" not in columns
    assert query(county, "SELECT file, rule, severity, rows FROM finding") == [
        ("events.csv", "unknown code", "set aside", 2)
    ]
    assert query_linking_store(county, "SELECT row_number FROM problem ORDER BY 1") == [(5,), (6,)]


def test_a_clerks_answers_are_honoured_and_kept(council, store):
    answer = {"agency_1": "council", "local_id_1": "1", "agency_2": "council", "local_id_2": "3", "same": "yes"}
    assert query(council.build(), "SELECT count(*) FROM person") == [(3,)]
    write_rows(store.review, [answer])
    assert query(council.build(), "SELECT count(*) FROM person") == [(2,)]
    assert [(row["local_id_1"], row["local_id_2"], row["same"]) for row in read_rows(store.review)] == [
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
