"""Extracts that were checked before are not read again, and what is made of them is the same."""

import duckdb
import pytest

from tests.council import EVENTS, PERSONS, TERMS, Council
from tf_eval.data import loading
from tf_eval.data.erasure import erase
from tf_eval.data.linking_store import LinkingStore
from tf_eval.errors import InputError

ALL = {"persons.csv", "homes.csv", "events.csv", "benefits.csv", "attendance.csv", "terms.csv"}


@pytest.fixture
def council(tmp_path):
    return Council(tmp_path)


@pytest.fixture
def read(monkeypatch):
    """The names of the extracts that are read."""
    names = set()
    original = loading.read_extract

    def noted(path, *rest):
        names.add(path.name)
        return original(path, *rest)

    monkeypatch.setattr(loading, "read_extract", noted)
    return names


def everything(council):
    """Return all rows of both stores but what names the build: the pseudonyms are those of one key."""
    found = {}
    for path in (council.folder / "county.duckdb", LinkingStore.beside(council.folder).database):
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
            for schema, table in tables:
                if table not in ("county", "stamp"):
                    rows = connection.execute(f"SELECT * FROM {schema}.{table} ORDER BY ALL").fetchall()
                    found[path.name, schema, table] = rows
    return found


@pytest.mark.parametrize(
    ("file", "text", "again"),
    [
        ("events.csv", EVENTS + "    d,3,ASB,01/06/2010,\n    e,9,ASB,01/06/2010,\n", {"events.csv"}),
        ("persons.csv", PERSONS.replace("Cat,Ray", "Cat,Roe"), ALL - {"terms.csv"}),
        ("terms.csv", TERMS.replace("21/07/2010", "20/07/2010"), {"terms.csv", "attendance.csv"}),
    ],
)
def test_only_what_changed_or_looks_at_it_is_read_again(council, read, file, text, again):
    council.build()
    assert read == ALL
    read.clear()
    council.texts[file] = text
    council.build()
    assert read == again
    kept = everything(council)
    council_anew(council)
    assert everything(council) == kept


def council_anew(council):
    """Build the county from its extracts alone, under the same key."""
    store = LinkingStore.beside(council.folder)
    for path in sorted(store.kept.rglob("*.parquet")):
        path.unlink()
    for path in sorted(store.kept.iterdir()):
        path.rmdir()
    (council.folder / "county.duckdb").unlink()
    council.build()


def test_a_changed_mapping_is_read_again(council, read):
    council.build()
    read.clear()
    council.replaced = (("CALL: police_callout", "CALL: concern"),)
    council.build()
    assert read == {"events.csv"}


def test_nothing_is_kept_of_extracts_that_are_gone(council):
    council.build()
    kept = LinkingStore.beside(council.folder).kept
    before = {path.name for path in kept.iterdir()}
    council.texts["events.csv"] = EVENTS + "    d,3,ASB,01/06/2010,\n"
    council.build()
    after = {path.name for path in kept.iterdir()}
    assert len(before) == len(after) == len(ALL) and len(before - after) == 1


def test_nothing_is_kept_once_somebody_is_erased(council, read):
    council.build()
    erase(council.folder / "sources.yaml", agency="council", local_id="2")
    store = LinkingStore.beside(council.folder)
    assert not store.kept.exists()
    read.clear()
    council.texts["events.csv"] = EVENTS + "    d,3,ASB,01/06/2010,\n"
    council.build()
    assert read == ALL and not store.kept.exists()


def test_a_file_that_changes_while_it_is_read_is_refused_and_not_kept(council, monkeypatch):
    """Else the rows of the one file would be kept under the hash of the other."""
    original = loading.check

    def changed(connection, source, *rest, **others):
        counts = original(connection, source, *rest, **others)
        if source.file == "events.csv":
            (council.folder / "extracts" / "events.csv").write_text("REF,ID,TYPE,DAY,RECORDED\n", encoding="utf-8")
        return counts

    monkeypatch.setattr(loading, "check", changed)
    with pytest.raises(InputError, match=r"events\.csv: changed while it was read"):
        council.build()
    assert not (council.folder / "county.duckdb").exists()
    kept = LinkingStore.beside(council.folder).kept
    assert len(list(kept.iterdir())) == len(ALL) - 1
    monkeypatch.undo()
    assert len(everything_of_events(council)) == 3


def everything_of_events(council):
    council.build()
    return everything(council)["county.duckdb", "standard", "event"]


def test_what_is_kept_is_for_the_linker_alone(council):
    council.build()
    kept = LinkingStore.beside(council.folder).kept
    assert {path.stat().st_mode & 0o077 for path in (kept, *kept.iterdir())} == {0}
