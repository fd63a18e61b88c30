"""Extracts that were checked before: what became of their rows is kept, so that none is ever processed twice.

Rows are compared with others of their agency and table, and look at the agency's people and at the school terms. So
the extracts that feed one table of one agency stay together, under the hash of all that decides about them.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from tf_eval.data.contract import ATTENDANCE, PERSON_RECORD, TABLES, TERM, Table
from tf_eval.data.source import Source
from tf_eval.data.sql import literal, words


@dataclass(frozen=True)
class Group:
    """The sources that feed one table of one agency, by their numbers; those of a table about nobody are one group."""

    table: Table
    agency: str
    entries: Mapping[int, Source]

    @property
    def looks_at(self) -> list[tuple[str, str]]:
        """The table and agency of each other group on which it depends which of its rows can be used."""
        looks_at_people = self.table.of_persons and self.table is not PERSON_RECORD
        people = [(PERSON_RECORD.name, self.agency)] if looks_at_people else []
        return [*people, *([(TERM.name, "")] if self.table is ATTENDANCE else [])]

    @property
    def parts(self) -> dict[str, str]:
        """What is kept of a group: the tables that checking fills, and the SQL of the group's rows of each."""
        numbers = ", ".join(str(number) for number in self.entries)
        agencies = words({source.agency for source in self.entries.values()})
        return {
            f"loaded_{self.table.name}": f"entry IN ({numbers})",
            "problem": f"table_name = {literal(self.table.name)} AND agency IN ({agencies})",
            "source": f"entry IN ({numbers})",
        }


def groups(entries: Sequence[Source], held: Collection[Source]) -> Iterator[Group]:
    """Yield the groups of the sources that are held, in an order in which none looks at a later one."""
    for table in TABLES.values():
        found: dict[str, dict[int, Source]] = {}
        for number, source in enumerate(entries):
            if source.contract is table and source in held:
                found.setdefault(source.agency if table.of_persons else "", {})[number] = source
        yield from (Group(table, agency, numbered) for agency, numbered in found.items())


@dataclass
class KeptGroups:
    """Checked groups, each in a folder named by its hash.

    ``folder`` lies in the linking store, for the rows are about people. ``made_by`` is the hash of what reads and
    checks, ``digests`` the SHA-256 of each extract by its name, ``horizon`` the end of the county's covered time.
    """

    folder: Path
    made_by: str
    digests: Mapping[str, str]
    horizon: date | None
    _keys: dict[tuple[str, str], str] = field(default_factory=dict)

    def restore(self, connection: duckdb.DuckDBPyConnection, group: Group) -> bool:
        """Fill the tables with what is kept of a group, if anything is; say whether it was."""
        kept = self._place(group)
        if not kept.is_dir():
            return False
        for table in group.parts:
            rows = f"read_parquet({literal(kept / f'{table}.parquet')})"
            connection.execute(f"INSERT INTO {table} BY NAME FROM {rows}")
        return True

    def keep(self, connection: duckdb.DuckDBPyConnection, group: Group) -> None:
        """Keep what checking has made of a group."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=self.folder))
        for table, condition in group.parts.items():
            rows = f"SELECT * FROM {table} WHERE {condition}"
            connection.execute(f"COPY ({rows}) TO {literal(draft / f'{table}.parquet')} (COMPRESSION zstd)")
        draft.rename(self._place(group))

    def forget_others(self) -> None:
        """Delete what is kept of groups that the county does not have any more."""
        for path in self.folder.glob("*"):
            if path.name not in self._keys.values():
                shutil.rmtree(path)

    def _place(self, group: Group) -> Path:
        name = (group.table.name, group.agency)
        if name not in self._keys:
            self._keys[name] = self._key(group)
        return self.folder / self._keys[name]

    def _key(self, group: Group) -> str:
        described = [f"{number} {source.model_dump_json()}" for number, source in group.entries.items()]
        files = [self.digests[source.file] for source in group.entries.values()]
        others = [self._keys.get(other, "none") for other in group.looks_at]
        return hashlib.sha256(repr((self.made_by, self.horizon, described, files, others)).encode()).hexdigest()
