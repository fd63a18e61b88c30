"""The manifest that comes with the extracts: how many bytes each file has, and their hash.

Nothing else shows that a file was cut short at the end of a row, or a digit changed on the way.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tf_eval.errors import InputError, raise_all

FILE_NAME = "manifest.csv"
HEADER = ["file", "bytes", "sha256"]
MOST_DIGITS = 18
_HEX_DIGITS = set("0123456789abcdef")


@dataclass(frozen=True)
class Entry:
    """What the sender says about one file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the sender says about the files in a folder."""

    folder: Path
    entries: dict[str, Entry]

    def check(self, files: Iterable[str]) -> tuple[str, ...]:
        """Hold every one of ``files`` that the manifest names against it; return those that it does not name.

        Files that nobody asks for may be missing: they may have been deleted under their agreement.

        Raises:
            InputError: names each file that is missing, cut short or altered, and what to do.
        """
        asked = sorted(set(files))
        raise_all(InputError, FILE_NAME, list(self._problems(asked)))
        return tuple(name for name in asked if name not in self.entries)

    def _problems(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            if name not in self.entries:
                continue
            entry = self.entries[name]
            path = self.folder / name
            if not path.is_file():
                yield f"{name} is missing; ask for it again."
                continue
            size = path.stat().st_size
            if size < entry.size:
                yield f"{name}: {size:,} of {entry.size:,} bytes: cut short; ask for it again."
            elif size > entry.size:
                yield f"{name}: {size:,} bytes, not {entry.size:,}: altered after it was listed; ask for it again."
            elif _sha256(path) != entry.sha256:
                yield f"{name}: the same size and another content: altered after it was listed; ask for it again."


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, ``manifest.csv`` with the columns file, bytes, sha256; None without one.

    Raises:
        InputError: the manifest itself cannot be used; all that is wrong with it.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise InputError(f"{FILE_NAME}: not utf-8 text with commas between its cells.") from None
    if not rows or [cell.strip() for cell in rows[0]] != HEADER:
        raise InputError(f"{FILE_NAME}: the first row must be {','.join(HEADER)}.")
    problems: list[str] = []
    entries: dict[str, Entry] = {}
    for number, row in enumerate(rows[1:], start=2):
        problem = _add(entries, [cell.strip() for cell in row])
        problems += [f"row {number}: {problem}"] if problem else []
    raise_all(InputError, FILE_NAME, problems)
    return Manifest(folder, entries)


def _add(entries: dict[str, Entry], row: list[str]) -> str | None:
    """Add the entry that a row makes; return what is wrong with it instead, if anything is."""
    if not any(row):
        return None
    if len(row) != len(HEADER):
        return f"{len(row)} cells where there should be {len(HEADER)}."
    name, size, sha256 = row[0], row[1], row[2].lower()
    if not name or Path(name).name != name:
        return "the file must be a plain name, in the same folder."
    if name in entries:
        return f"'{name}' is named twice."
    if not (size.isascii() and size.isdigit() and len(size) <= MOST_DIGITS):
        return "bytes must be a whole number."
    if len(sha256) != hashlib.sha256().digest_size * 2 or not set(sha256) <= _HEX_DIGITS:
        return "sha256 must be 64 hexadecimal digits."
    entries[name] = Entry(int(size), sha256)
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
