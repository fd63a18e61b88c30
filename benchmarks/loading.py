"""How long does it take to read, check and load an agency's events, beside plain DuckDB reading of the same files?

    python benchmarks/loading.py --rows 10000000
    python benchmarks/loading.py --rows 10000000 --quoted     # every cell in quote marks

Writes a file of events and one of their people into a temporary folder, as CSV and as Parquet, with one row in two
hundred broken. Each way of reading them runs in a process of its own, so that its peak memory is its own: plain DuckDB
reads every column with its declared type into a table and checks nothing; ours reads, checks and loads as a build does.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from tf_eval.data.checking.check import check, create_loaded_tables
from tf_eval.data.formats import CsvFormat, Format, ParquetFormat
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.reading.extract import read_extract
from tf_eval.data.source import Covers, Source

COVERS = Covers(start=date(2009, 4, 1), end=date(2015, 4, 1))
DATE_FORMAT = "%d/%m/%Y"
EVENTS_OF_A_PERSON = 20
ROWS_FOR_ONE_BROKEN = 200
THREADS = 2
FILES = ("persons", "events")
TEXT, DATE = "VARCHAR", "DATE"
PLAIN_COLUMNS = {
    "persons": {"NOMINAL_REF": TEXT, "SURNAME": TEXT, "FORENAME": TEXT, "DOB": DATE, "GENDER": TEXT, "PCODE": TEXT},
    "events": {
        "INCIDENT_NO": TEXT,
        "NOMINAL_REF": TEXT,
        "INCIDENT_TYPE": TEXT,
        "INCIDENT_DATE": DATE,
        "RECORDED_DATE": DATE,
    },
}


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), options.rows, quoted=options.quoted)
        for kind in ("csv", "parquet"):
            compare(Path(folder), kind, options.repeats)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000, help="how many events")
    parser.add_argument("--quoted", action="store_true", help="write every cell of the CSV in quote marks")
    parser.add_argument("--repeats", type=int, default=1, help="how often each way runs; the quickest counts")
    return parser.parse_args()


def compare(folder: Path, kind: str, repeats: int) -> None:
    """Run both ways in processes of their own and print what each took."""
    plain, ours = (min(measured(way, folder, kind) for _ in range(repeats)) for way in (read_plainly, read_checked))
    for name, (wall, processor, memory, told) in (("plain DuckDB", plain), ("checked and loaded", ours)):
        print(
            f"{kind:8}{name:20}{wall / 60:7.2f} minutes {processor / 60:7.2f} processor minutes"
            f"{memory:8.0f} MB at most   {told}"
        )
    print(f"{kind:8}ratio{'':15}{ours[0] / plain[0]:7.2f}{'':9}{ours[1] / plain[1]:7.2f}")


def measured(way: Callable[[Path, str], str], folder: Path, kind: str) -> tuple[float, float, float, str]:
    """Return seconds, seconds of the processors, peak memory in MB and what was read, of a process of its own."""
    queue = multiprocessing.get_context("spawn").SimpleQueue()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(way, folder, kind, queue))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{way.__name__} failed with status {process.exitcode}.")
    return queue.get()


def _run(way: Callable[[Path, str], str], folder: Path, kind: str, queue: multiprocessing.SimpleQueue) -> None:
    before, started = _processor_seconds(), time.perf_counter()
    told = way(folder, kind)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    queue.put((seconds, _processor_seconds() - before, peak, told))


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def read_plainly(folder: Path, kind: str) -> str:
    """Read both files into tables as DuckDB does by itself, every column declared."""
    with connected(folder) as connection:
        for name in FILES:
            read = f"read_parquet('{folder}/{name}.parquet')"
            if kind == "csv":
                read = (
                    f"read_csv('{folder}/{name}.csv', auto_detect = false, header = true, delim = ',', quote = '\"', "
                    f"escape = '\"', dateformat = '{DATE_FORMAT}', columns = {PLAIN_COLUMNS[name]})"
                )
            connection.execute(f"CREATE TEMP TABLE {name} AS FROM {read}")
        return f"{connection.execute('SELECT count(*) FROM events').fetchone()[0]:,} rows"


def read_checked(folder: Path, kind: str) -> str:
    """Read, check and load both files as a build does."""
    layout = CsvFormat(type="csv", encoding="utf-8", delimiter=",") if kind == "csv" else ParquetFormat(type="parquet")
    with connected(folder) as connection:
        connection.execute(COUNTY_DDL)
        create_loaded_tables(connection)
        for entry, source in enumerate(sources(layout, kind)):
            extract = read_extract(folder / source.file, layout, DATE_FORMAT)
            counts = check(connection, source, extract, entry=entry, horizon=COVERS.end)
    return f"{counts.rows_used:,} rows used, {counts.rows_quarantined:,} set aside"


def connected(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to a file of its own, as a build has one."""
    name = tempfile.mktemp(suffix=".duckdb", dir=folder)
    connection = duckdb.connect(name, config={"threads": THREADS, "temp_directory": f"{folder}/spill"})
    connection.execute("SET enable_progress_bar = false")
    return connection


def sources(layout: Format, kind: str) -> list[Source]:
    """Return how both files feed the contract."""
    common = {"agency": "police", "format": layout, "date_format": DATE_FORMAT, "agreement": "none"}
    persons = Source(
        **common,
        file=f"persons.{kind}",
        table="person_record",
        columns={
            "local_id": "NOMINAL_REF",
            "forename": "FORENAME",
            "surname": "SURNAME",
            "birth_date": "DOB",
            "sex": "GENDER",
            "postcode": "PCODE",
        },
        codes={"sex": {"F": "female", "M": "male"}},
    )
    events = Source(
        **common,
        file=f"events.{kind}",
        table="event",
        covers=(COVERS,),
        columns={
            "local_id": "NOMINAL_REF",
            "kind": "INCIDENT_TYPE",
            "date": "INCIDENT_DATE",
            "recorded_on": "RECORDED_DATE",
        },
        codes={"kind": {"ASB": "asb_incident", "CALL": "police_callout", "DACALL": "domestic_abuse_callout"}},
        unique=("INCIDENT_NO",),
    )
    return [persons, events]


def write_files(folder: Path, rows: int, *, quoted: bool) -> None:
    """Write both files as CSV and as Parquet."""
    rng = np.random.default_rng(2012)
    people = max(rows // EVENTS_OF_A_PERSON, 1)
    ids = pa.array([f"N{number:07d}" for number in rng.choice(10_000_000, people, replace=False).tolist()])
    persons, events = _persons(rng, ids), _events(rng, ids, rows)
    options = pa_csv.WriteOptions(quoting_style="all_valid" if quoted else "none", quoting_header="none")
    for name, table in zip(FILES, (persons, events), strict=True):
        pa_csv.write_csv(table, folder / f"{name}.csv", options)
        pq.write_table(table, folder / f"{name}.parquet")


def _persons(rng: np.random.Generator, ids: pa.Array) -> pa.Table:
    born = np.datetime64("1955-01-01") + rng.integers(0, 45 * 365, len(ids))
    columns = {
        "NOMINAL_REF": ids,
        "SURNAME": _drawn(rng, ["Smith", "Jones", "O'Neill", "Zoë-Lee"], len(ids)),
        "FORENAME": _drawn(rng, ["Ann", "Bob", "Cat", "Siân"], len(ids)),
        "DOB": _written(born),
        "GENDER": _drawn(rng, ["F", "M"], len(ids)),
        "PCODE": _drawn(rng, ["OX1 1AA", "OX4 2BB"], len(ids)),
    }
    return pa.table(columns)


def _events(rng: np.random.Generator, ids: pa.Array, rows: int) -> pa.Table:
    happened = np.datetime64(COVERS.start) + rng.integers(0, 2000, rows)
    kinds = np.where(rng.random(rows) < 1 / ROWS_FOR_ONE_BROKEN, 3, rng.integers(0, 3, rows))
    columns = {
        "INCIDENT_NO": pa.array([f"I{number:09d}" for number in range(rows)]),
        "NOMINAL_REF": ids.take(pa.array(rng.integers(0, len(ids), rows))),
        "INCIDENT_TYPE": _taken(["ASB", "CALL", "DACALL", "FIRE"], kinds),
        "INCIDENT_DATE": _written(happened),
        "RECORDED_DATE": _written(happened + rng.integers(0, 6, rows)),
    }
    return pa.table(columns)


def _drawn(rng: np.random.Generator, words: list[str], number: int) -> pa.Array:
    return _taken(words, rng.integers(0, len(words), number))


def _taken(words: list[str], places: np.ndarray) -> pa.Array:
    return pa.array(words).take(pa.array(places))


def _written(days: np.ndarray) -> pa.Array:
    distinct, place = np.unique(days, return_inverse=True)
    return _taken([day.strftime(DATE_FORMAT) for day in distinct.tolist()], place)


if __name__ == "__main__":
    main()
