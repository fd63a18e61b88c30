"""Make a county: read and check every extract, link people, find families, and write one DuckDB file."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import duckdb

from tf_eval import project
from tf_eval.data.check import check, create_loaded_tables
from tf_eval.data.contract import TABLES
from tf_eval.data.county import FILE_NAME, County, open_county, read_stamp
from tf_eval.data.families import build_families, shared_addresses
from tf_eval.data.layout import DDL, LAYOUT
from tf_eval.data.link import link_people
from tf_eval.data.read import read_extract
from tf_eval.data.rules import EARLIEST, LATEST
from tf_eval.data.sources import Source, Sources, load_sources
from tf_eval.errors import InputError, raise_all

NO_FAMILY = ("support without a family", "the person shares no home with a child; ask for their residence")


def build_county(sources_path: str | Path, folder: str | Path | None = None) -> County:
    """Return the county that a sources file describes, made anew only where something changed.

    Args:
        sources_path: the sources file, such as ``params/sources/synthetic_oxfordshire.yaml``.
        folder: where to put it; by default beside the folder of the extracts.

    Raises:
        ConfigError: the sources file is wrong.
        InputError: an extract is missing or cannot be used; all such problems are listed together, and a county that
            was there before stays as it was.
    """
    sources = load_sources(sources_path)
    target = (project.resolve(folder) if folder else sources.extracts.parent) / FILE_NAME
    digests = _digests(sources)
    stamp = _stamp(sources, digests)
    if read_stamp(target) != (stamp, LAYOUT):
        target.parent.mkdir(parents=True, exist_ok=True)
        _build(sources, digests, stamp, target)
    return open_county(target.parent)


def _digests(sources: Sources) -> dict[str, str]:
    """Return the SHA-256 of each extract; refuse where any is missing."""
    digests, missing = {}, []
    for name in dict.fromkeys(source.file for source in sources.entries):
        path = sources.extracts / name
        if path.is_file():
            digests[name] = _sha256([path])
        else:
            missing.append(f"{name} is missing.")
    raise_all(InputError, f"extracts in {sources.extracts.name}/", missing)
    return digests


def _sha256(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def _stamp(sources: Sources, digests: dict[str, str]) -> str:
    """Return what a county is made from: its extracts, their mapping and the code of this room."""
    code = _sha256(sorted(Path(__file__).parent.glob("*.py")))
    made_from = [code, _sha256([sources.path]), *(f"{name} {digests[name]}" for name in sorted(digests))]
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()


def _build(sources: Sources, digests: dict[str, str], stamp: str, target: Path) -> None:
    """Write the county beside its place and put it there in one step, so that nobody meets half of one."""
    with tempfile.TemporaryDirectory(prefix=".county-", dir=target.parent) as folder:
        draft = Path(folder) / FILE_NAME
        with duckdb.connect(str(draft)) as connection:
            connection.execute(DDL)
            create_loaded_tables(connection)
            _load(connection, sources, digests)
            _assemble(connection, sources, stamp)
        os.replace(draft, target)


def _load(connection: duckdb.DuckDBPyConnection, sources: Sources, digests: dict[str, str]) -> None:
    """Read and check every source in the order of the contract's tables, which is the order of their references."""
    _write_entries(connection, sources)
    read = lru_cache(maxsize=2)(read_extract)  # one file often feeds several tables
    problems: list[str] = []
    refused: set[str] = set()
    for table in TABLES:
        for entry, source in enumerate(sources.entries):
            if source.table != table or source.agency in refused:
                continue
            try:
                extract = read(sources.file_of(source), source.format, source.date_format)
                counts = check(connection, source, extract, entry=entry, horizon=sources.horizon)
            except InputError as error:
                problems.append(str(error))
                refused |= {source.agency} if table == "person_record" else set()
                continue
            row = (source.agency, source.file, table, counts.rows_in, counts.rows_used, counts.rows_quarantined)
            connection.execute("INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, digests[source.file]))
    raise_all(InputError, sources.path.name, problems)


def _write_entries(connection: duckdb.DuckDBPyConnection, sources: Sources) -> None:
    connection.execute("CREATE TEMP TABLE entry (entry INTEGER, agency VARCHAR, file VARCHAR)")
    rows = [(number, source.agency, source.file) for number, source in enumerate(sources.entries)]
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)


def _assemble(connection: duckdb.DuckDBPyConnection, sources: Sources, stamp: str) -> None:
    """Link the people, find their families, and write the tables that the rooms below read."""
    start = min((source.covers.start for source in sources.entries if source.covers), default=EARLIEST)
    end = sources.horizon or LATEST
    _link(connection)
    connection.execute(_PERSON)
    build_families(connection, start=start, end=end)
    shared_addresses(connection)
    connection.execute("CREATE TEMP TABLE family_of AS SELECT DISTINCT person_id, family_id FROM family_member")
    connection.execute(_RECORDS)
    connection.execute(_SUPPORT_WITHOUT_FAMILY)
    _write_coverage(connection, sources.entries)
    connection.execute("INSERT INTO county VALUES (?, ?, ?, ?, ?)", (sources.county, stamp, LAYOUT, start, end))


def _link(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(TABLES["person_record"].column_names)
    linkage = link_people(connection.execute(f"SELECT {columns} FROM loaded_person_record").to_arrow_table())
    connection.register("linkage", linkage.person_link)
    connection.register("conflicts", linkage.conflicts)
    connection.execute("INSERT INTO person_link SELECT agency, local_id, person_id FROM linkage ORDER BY ALL")
    connection.execute(_CONFLICTS)
    connection.unregister("linkage")
    connection.unregister("conflicts")


def _write_coverage(connection: duckdb.DuckDBPyConnection, entries: Iterable[Source]) -> None:
    rows = {
        (source.agency, source.table, kind, source.covers.start, source.covers.end)
        for source in entries
        if source.covers
        for kind in (source.kinds if source.contract.has_kinds else ()) or (None,)
    }
    for row in sorted(rows, key=lambda row: tuple(str(part) for part in row)):
        connection.execute("INSERT INTO coverage VALUES (?, ?, ?, ?, ?)", row)


_CONFLICTS = """
    INSERT INTO problem
    SELECT entry.agency, entry.file, 'person_record', record.row_number, column_name, rule, conflicts.advice
    FROM conflicts
    JOIN loaded_person_record AS record USING (agency, local_id)
    JOIN entry ON entry.entry = record.entry
    ORDER BY ALL
"""

# What most of a person's records say; of two equally frequent values the earlier one.
_PERSON = """
    INSERT INTO person
    WITH said AS (
        SELECT person_id, birth_date, sex FROM loaded_person_record JOIN person_link USING (agency, local_id)
    ), birth AS (
        SELECT person_id, birth_date FROM said WHERE birth_date IS NOT NULL GROUP BY person_id, birth_date
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY count(*) DESC, birth_date) = 1
    ), sexes AS (
        SELECT person_id, sex FROM said WHERE sex IS NOT NULL GROUP BY person_id, sex
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY count(*) DESC, sex) = 1
    )
    SELECT person_id, birth_date, sex
    FROM (SELECT DISTINCT person_id FROM person_link)
    LEFT JOIN birth USING (person_id)
    LEFT JOIN sexes USING (person_id)
    ORDER BY person_id
"""

_RECORDS = """
    INSERT INTO event
    SELECT row_number() OVER (ORDER BY entry, row_number) AS event_id, agency, person_id, family_id, kind, date,
        recorded_on, value
    FROM loaded_event JOIN person_link USING (agency, local_id) LEFT JOIN family_of USING (person_id)
    ORDER BY event_id;
    INSERT INTO spell
    SELECT row_number() OVER (ORDER BY entry, row_number) AS spell_id, agency, person_id, family_id, kind,
        start_date, end_date, recorded_on, detail
    FROM loaded_spell JOIN person_link USING (agency, local_id) LEFT JOIN family_of USING (person_id)
    ORDER BY spell_id;
    INSERT INTO term
    SELECT row_number() OVER (ORDER BY start_date), academic_year, term, start_date, end_date
    FROM loaded_term ORDER BY start_date;
    INSERT INTO attendance
    SELECT row_number() OVER (ORDER BY entry, row_number) AS attendance_id, agency, person_id, family_id,
        academic_year, term, term_no, possible, authorised, unauthorised, recorded_on
    FROM loaded_attendance JOIN person_link USING (agency, local_id) LEFT JOIN family_of USING (person_id)
    JOIN (SELECT academic_year, term, term_no FROM main.term) USING (academic_year, term)
    ORDER BY attendance_id;
    INSERT INTO support
    SELECT row_number() OVER (ORDER BY entry, row_number) AS support_id, agency, family_id, intervention, provider,
        worker, district, offered, started, ended, consent
    FROM loaded_support JOIN person_link USING (agency, local_id) LEFT JOIN family_of USING (person_id)
    ORDER BY support_id
"""

_SUPPORT_WITHOUT_FAMILY = f"""
    INSERT INTO problem
    SELECT entry.agency, entry.file, 'support', support.row_number, 'local_id', '{NO_FAMILY[0]}', '{NO_FAMILY[1]}'
    FROM loaded_support AS support
    JOIN person_link USING (agency, local_id)
    JOIN entry ON entry.entry = support.entry
    WHERE person_id NOT IN (SELECT person_id FROM family_of)
    ORDER BY ALL
"""
