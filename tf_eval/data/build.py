"""Make a county: read and check every extract, link people, find families, and write its two stores."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from tf_eval import project
from tf_eval.data import assembly
from tf_eval.data.agreements import Agreement, require_agreed
from tf_eval.data.checking.births import usable_birth_date
from tf_eval.data.checking.patterns import find_patterns
from tf_eval.data.checking.records import check_loaded
from tf_eval.data.contract import TABLES
from tf_eval.data.county import COHORTS_FOLDER, FILE_NAME, County, open_county, read_stamp
from tf_eval.data.erased import read_erased, set_aside_erased
from tf_eval.data.extracts import Extracts, agreements_of, find_extracts, held_sources
from tf_eval.data.families import note_addresses
from tf_eval.data.kept import KeptGroups
from tf_eval.data.layout import COUNTY_DDL, LAYOUT, LINKAGES
from tf_eval.data.linking.link import link_people
from tf_eval.data.linking.rates import linkage_rates
from tf_eval.data.linking_store import LinkingStore, read_linking_stamp, write_linking_store
from tf_eval.data.loading import load
from tf_eval.data.mending import write_rows_to_mend
from tf_eval.data.once import covered_time, write_once
from tf_eval.data.problems import write_findings
from tf_eval.data.review import read_decisions, write_review
from tf_eval.data.source import Source
from tf_eval.data.sources import Sources, load_sources
from tf_eval.data.stamp import made_by, stamp_of


def build_county(sources_path: str | Path, folder: str | Path | None = None, *, on: date | None = None) -> County:
    """Return the county that a sources file describes, made anew only where something changed.

    Args:
        sources_path: the sources file, such as ``params/sources/synthetic_oxfordshire.yaml``.
        folder: where to put the county and, in its folder ``linking``, the linking store; by default beside the
            folder of the extracts.
        on: the day on which agreements have to be in force; today by default.

    Raises:
        ConfigError: the sources file is wrong.
        InputError: an agreement is not in force, an extract is missing or cannot be used; all such problems are
            listed together, and a county that was there before stays as it was.
    """
    sources = load_sources(sources_path)
    target = county_folder(sources, folder)
    store = LinkingStore.beside(target).open()
    with store.alone():
        held = held_sources(sources, target)
        agreements = agreements_of(sources, held)
        require_agreed(agreements, on or date.today(), sources.path.name)
        extracts = find_extracts(sources, held, store)
        decisions = read_decisions(store)
        stamp = stamp_of(sources, extracts, store, decisions)
        if (read_stamp(target / FILE_NAME), read_linking_stamp(store)) != ((stamp, LAYOUT), stamp):
            _write(_Made(sources, held, agreements, extracts, decisions, stamp), target, store)
            write_review(store)
            write_rows_to_mend(store)
    return open_county(target, purpose=None)


def county_folder(sources: Sources, folder: str | Path | None = None) -> Path:
    """Return where a county is put: in ``folder``, or beside the folder of its extracts."""
    return project.resolve(folder) if folder else sources.extracts.parent


@dataclass(frozen=True, eq=False)
class _Made:
    """What a county is made from."""

    sources: Sources
    held: list[Source]
    agreements: list[Agreement]
    extracts: Extracts
    decisions: pa.Table
    stamp: str

    @property
    def covered(self) -> tuple[date, date]:
        """The first day that any extract covers, and the day after the last."""
        return covered_time(self.held)


def _write(made: _Made, target: Path, store: LinkingStore) -> None:
    """Write both stores as drafts and put them in their places in one step each, so that nobody meets half of one.

    The linking store comes last: where it and the county do not bear the same stamp, both are built again.
    """
    sources = made.sources
    with store.draft() as private:
        draft, linking_draft = Path(private) / FILE_NAME, Path(private) / store.database.name
        with duckdb.connect(str(draft), config={"temp_directory": f"{private}/spill"}) as connection:
            connection.execute(COUNTY_DDL)
            county = (sources.county, made.stamp, LAYOUT, sources.short, sources.synthetic, *made.covered)
            connection.execute("INSERT INTO county VALUES (?, ?, ?, ?, ?, ?, ?)", county)
            load(connection, sources, made.held, made.extracts, _kept(made, store))
            set_aside_erased(connection, store)
            _link(connection, made, Path(private))
            _write_standard(connection, made, store)
            for linkage in LINKAGES[1:]:
                assembly.write_other(connection, linkage, store.pseudonymiser())
            linkage_rates(connection)
            write_findings(connection)
            write_linking_store(connection, linking_draft, made.stamp)
        linking_draft.chmod(0o600)
        if (target / COHORTS_FOLDER).exists():  # of the county that is replaced
            shutil.rmtree(target / COHORTS_FOLDER)
        os.replace(draft, target / FILE_NAME)
        os.replace(linking_draft, store.database)


def _kept(made: _Made, store: LinkingStore) -> KeptGroups | None:
    """Return what is kept of checked extracts; once somebody is erased, their rows may stand in the extracts alone."""
    if read_erased(store).people:
        shutil.rmtree(store.kept, ignore_errors=True)
        return None
    return KeptGroups(store.kept, made_by(), made.extracts.digests, made.sources.horizon)


def _link(connection: duckdb.DuckDBPyConnection, made: _Made, private: Path) -> None:
    """Write the temporary tables ``person_links`` and ``review``, and what the linkage noticed to ``problem``."""
    birth_date = usable_birth_date("birth_date", made.covered[1])
    records = connection.execute(f"""
        SELECT {_PERSON_COLUMNS} FROM (SELECT * REPLACE ({birth_date} AS birth_date) FROM loaded_person_record)
    """).to_arrow_table()
    linkage = link_people(records, decisions=made.decisions, spill=private / "linking")
    for name, table in (("person_links", linkage.person_link), ("review", linkage.review)):
        connection.register("linked", table)
        connection.execute(f"CREATE TEMP TABLE {name} AS FROM linked")
        connection.unregister("linked")
    connection.register("conflicts", linkage.conflicts)
    connection.execute(_CONFLICTS)
    connection.unregister("conflicts")


def _write_standard(connection: duckdb.DuckDBPyConnection, made: _Made, store: LinkingStore) -> None:
    """Write what stands once, and the standard way of linking with what can only be seen through it."""
    start, end = made.covered
    write_once(connection, made.held, made.agreements)
    assembly.use_linkage(connection, assembly.STANDARD)
    assembly.write_linkage(connection, assembly.STANDARD, store.pseudonymiser())
    check_loaded(connection, made.sources.entries, horizon=end)
    connection.execute(_PERSON_HOME)
    find_patterns(connection, start=start, end=end)
    note_addresses(connection)
    assembly.note_support_without_family(connection)
    _note_files(connection, made)


def _note_files(connection: duckdb.DuckDBPyConnection, made: _Made) -> None:
    """Note in ``problem`` whole files that nobody vouches for, that nobody reads, or that did not come."""
    extracts, entries = made.extracts, made.sources.entries
    unlisted = _by_agency(source for source in made.held if source.file in extracts.unlisted)
    notes = [(agency, files, *NOT_LISTED) for agency, files in unlisted]
    orphans = _by_agency(
        source for source in entries if source not in made.held and made.sources.file_of(source).exists()
    )
    notes += [(agency, files, *ORPHANED) for agency, files in orphans]
    notes += [(NOBODY, file, *NOT_READ) for file in extracts.unread]
    notes += [(NOBODY, file, *ABSENT) for file in extracts.absent]
    for note in notes:
        connection.execute("INSERT INTO problem VALUES (?, ?, NULL, NULL, NULL, ?, 'pattern', NULL, NULL, ?)", note)


def _by_agency(sources: Iterable[Source]) -> list[tuple[str, str]]:
    """Return each agency with the names of its files."""
    files: dict[str, set[str]] = {}
    for source in sources:
        files.setdefault(source.agency, set()).add(source.file)
    return [(agency, ", ".join(sorted(files[agency]))) for agency in sorted(files)]


NOBODY = "unknown"
ORPHANED = (
    "not used, for the agency's people are gone",
    "the agency's list of people was deleted under its agreement, so nobody can tell whose these rows are: delete them "
    "too, or have the list sent again under an agreement that lasts",
)
NOT_LISTED = (
    "not in a manifest",
    "ask for a manifest.csv (file,bytes,sha256): without one, a file cut at the end of a row looks whole",
)
NOT_READ = ("read by no source", "it lies among the extracts: write a source for it, or take it away")
ABSENT = ("named by the manifest and not there", "ask for it, or for a manifest without it")
_PERSON_COLUMNS = ", ".join(TABLES["person_record"].column_names)
_PERSON_HOME = """
    CREATE TEMP TABLE person_home AS
    SELECT person_id, district, start_date, end_date
    FROM loaded_residence JOIN person_link USING (agency, local_id)
"""
_CONFLICTS = """
    INSERT INTO problem
    SELECT entry.agency, entry.file, 'person_record', record.row_number, column_name, rule, 'noted', NULL, NULL,
        conflicts.advice
    FROM conflicts
    JOIN loaded_person_record AS record USING (agency, local_id)
    JOIN entry ON entry.entry = record.entry
    ORDER BY ALL
"""
