"""The linking store: the one folder that holds names, birth dates, identifiers and the key; for the linker alone."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock

from tf_eval.data.durable import OWNER_ONLY, write_durably
from tf_eval.data.pseudonyms import KEY_BYTES, Pseudonymiser
from tf_eval.data.sql import literal
from tf_eval.errors import InputError

FOLDER = "linking"
KEY_FILE_FROM = "TF_EVAL_LINKING_KEY_FILE"
OTHER_KEY = (
    "This county was built with another key: put that one back. To begin anew without it, remove key.check from the "
    "linking store; people on the list of the erased are then no longer known, and all numbers change."
)


@dataclass(frozen=True)
class LinkingStore:
    """Where a county's linking store is; ``folder`` lies beside the county and can be read by its owner only."""

    folder: Path

    @classmethod
    def beside(cls, county_folder: Path) -> "LinkingStore":
        """Return the linking store of the county in a folder."""
        return cls(county_folder / FOLDER)

    @property
    def database(self) -> Path:
        """Person records as the agencies sent them, and who is who."""
        return self.folder / "linking.duckdb"

    @property
    def review(self) -> Path:
        """The pairs that a clerk is asked about, with the answers."""
        return self.folder / "review.csv"

    @property
    def rows_to_mend(self) -> Path:
        """Which row of which file breaks which rule."""
        return self.folder / "rows_to_mend.csv"

    @property
    def erased(self) -> Path:
        """The keyed codes of people who are kept out."""
        return self.folder / "erased.csv"

    @property
    def kept(self) -> Path:
        """What became of the rows of extracts that were checked before."""
        return self.folder / "kept"

    @property
    def snapshots(self) -> Path:
        """What queries last returned."""
        return self.folder / "snapshots"

    def snapshot_of(self, name: str) -> Path:
        """Return where the rows of the query of that name are kept."""
        return self.snapshots / f"{name}.parquet"

    @property
    def key_file(self) -> Path:
        """The key's file: where the environment says, or in the store."""
        elsewhere = os.environ.get(KEY_FILE_FROM)
        return Path(elsewhere) if elsewhere else self.folder / "key"

    def open(self) -> "LinkingStore":
        """Make the folder, for its owner alone and out of sight of version control, where it is missing."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        (self.folder / ".gitignore").write_text("*\n", encoding="ascii")
        return self

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock under which the county is built or anything is deleted; a second one waits its turn.

        Whoever holds it is alone, so that what is half made then is what a killed command has left: it is removed.
        """
        with FileLock(self.folder / ".lock", is_singleton=True):
            self._tidy()
            yield

    def draft(self) -> tempfile.TemporaryDirectory[str]:
        """Return a folder for a county that is half made; with people's rows in it, it may lie nowhere else."""
        return tempfile.TemporaryDirectory(prefix=".draft-", dir=self.folder)

    def _tidy(self) -> None:
        for path in (*self.folder.glob(".*-*"), *self.snapshots.glob(".*")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    @property
    def key_check(self) -> Path:
        """What tells the county's key from any other, and nothing else about it."""
        return self.folder / "key.check"

    def pseudonymiser(self) -> Pseudonymiser:
        """Return the pseudonymiser under the county's key; a key is drawn where there never was one.

        Raises:
            InputError: the key is missing or is another one than before (people who were erased would come back), the
                environment names a key file that is not there, or the file holds no key.
        """
        path = self.key_file
        if not path.exists() and path.parent == self.folder and not self.key_check.exists():
            write_durably(path, secrets.token_bytes(KEY_BYTES).hex() + "\n", mode=OWNER_ONLY)
        pseudonymiser = self._read_key(path)
        token = pseudonymiser.token("key", "check") + "\n"
        if not self.key_check.exists():
            write_durably(self.key_check, token, mode=OWNER_ONLY)
        elif self.key_check.read_text(encoding="ascii") != token:
            raise InputError(f"{path.name}: {OTHER_KEY}")
        return pseudonymiser

    def _read_key(self, path: Path) -> Pseudonymiser:
        if not path.exists() and self.key_check.exists():
            raise InputError(f"the linking key is missing. {OTHER_KEY}")
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except OSError:
            raise InputError(f"the linking key, named by {KEY_FILE_FROM}, cannot be read: {path.name}.") from None
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise InputError(f"{path.name}: not a linking key; expected {2 * KEY_BYTES} hexadecimal digits.")
        return Pseudonymiser(key)


def read_linking_stamp(store: LinkingStore) -> str | None:
    """Return the stamp of the linking store's database; None where there is none that can be read."""
    if not store.database.is_file():
        return None
    try:
        with duckdb.connect(str(store.database), read_only=True) as connection:
            return connection.execute("SELECT stamp FROM stamp").fetchone()[0]
    except duckdb.Error:
        return None


def write_linking_store(connection: duckdb.DuckDBPyConnection, path: Path, stamp: str) -> None:
    """Write person records as the agencies sent them, their homes, who is who, the doubtful pairs, and every problem.

    Args:
        connection: the connection that builds the county, with its temporary tables.
        path: the file to write.
        stamp: the county's stamp, which says that the two stores belong together.
    """
    tables = {"person_record": "loaded_person_record", "residence": "loaded_residence"}
    tables |= {"person_link": "temp.person_links", "review": "temp.review", "problem": "temp.problem"}
    connection.execute(f"ATTACH {literal(path)} AS linking")
    for table, made_as in tables.items():
        connection.execute(f"CREATE TABLE linking.{table} AS FROM {made_as}")
    connection.execute("CREATE TABLE linking.stamp AS SELECT ? AS stamp", [stamp])
    connection.execute("DETACH linking")
