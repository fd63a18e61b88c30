"""Retention: extracts are deleted when their agreement says so, with everything that was made from them."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tf_eval.data.agreements import Agreement
from tf_eval.data.build import county_folder
from tf_eval.data.certificates import (
    DELETION,
    EARLIER_RUNS,
    begin_certificate,
    finish_certificate,
    read_certificate,
    unfinished_certificates,
)
from tf_eval.data.county import COHORTS_FOLDER, FILE_NAME, SPILL_FOLDER, read_stamp
from tf_eval.data.digest import sha256
from tf_eval.data.extracts import files_below, held_sources, unread_files
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.review import keep_answers
from tf_eval.data.sources import Sources, load_sources
from tf_eval.errors import InputError, raise_all

CHECK_FOLDER = "check"
LINKED = (
    "its content lies under another name too, so that deleting it here would delete nothing. Put the file itself here "
    "in place of the link, or delete that other one, and run 'tf-eval retain' again."
)


@dataclass(frozen=True)
class Overdue:
    """An agreement whose day of deletion has passed, and the names of the extracts that are there under it."""

    agreement: Agreement
    names: tuple[str, ...]


def overdue(sources_path: str | Path, folder: str | Path | None = None, *, on: date | None = None) -> list[Overdue]:
    """Return what has to be deleted on a day (today by default)."""
    sources = load_sources(sources_path)
    target = county_folder(sources, folder)
    held = {source.file for source in held_sources(sources, target)}
    found = []
    for agreement in sources.agreements:
        names = {source.file for source in sources.entries if source.agreement == agreement.reference}
        there = sorted(name for name in names if name in held or _file_of(sources, target, name))
        if there and (on or date.today()) > agreement.delete_by:
            found.append(Overdue(agreement, tuple(there)))
    return found


def retain(sources_path: str | Path, folder: str | Path | None = None, *, on: date | None = None) -> list[Path]:
    """Delete what has to be deleted on a day (today by default) and return the certificates.

    The certificates are begun first, with the hash and size of every file; then what was made from the extracts is
    deleted (both stores, the problem report and the cohorts), then the extracts, their copies in the same folder and
    the snapshots of queries; then the certificates are finished, with those of an earlier call that was broken off. The
    county has to be built again from what is left.

    Raises:
        InputError: an extract is a link, or has a second name elsewhere; nothing has been deleted.
    """
    sources = load_sources(sources_path)
    target = county_folder(sources, folder)
    with LinkingStore.beside(target).open().alone():
        certificates = _finish_all(sources, target)
        _begin_all(sources, target, overdue(sources_path, folder, on=on), on or date.today())
        return certificates + _finish_all(sources, target)


def is_anything_left(sources_path: str | Path, folder: str | Path | None = None) -> bool:
    """Whether any extract about people is still held, so that there is a county to build."""
    sources = load_sources(sources_path)
    return any(source.contract.of_persons for source in held_sources(sources, county_folder(sources, folder)))


def forget(target: Path) -> None:
    """Delete what was made from the extracts; the key, the erasures and the clerk's bare answers stay."""
    store = LinkingStore.beside(target)
    for path in (target / FILE_NAME, store.database, store.rows_to_mend):
        path.unlink(missing_ok=True)
    for folder in (*(target / name for name in (CHECK_FOLDER, COHORTS_FOLDER, SPILL_FOLDER)), store.kept):
        if folder.exists():
            shutil.rmtree(folder)


def _begin_all(sources: Sources, target: Path, due: Sequence[Overdue], on: date) -> None:
    """Write what is about to be deleted under each agreement, or refuse where it could not be."""
    found = {name: _file_of(sources, target, name) for item in due for name in item.names}
    _require_own(path for path in found.values() if path)
    described = {name: _description(sources, path) for name, path in found.items()}
    copies = {copy for file in described.values() for copy in file.get("copies", ())}
    _require_own(sources.extracts / copy for copy in copies)
    county_was = (read_stamp(target / FILE_NAME) or ("not built",))[0]
    for item in due:
        facts = {
            "county": sources.county,
            "agreement": item.agreement.reference,
            "delete_by": item.agreement.delete_by.isoformat(),
            "files": {name: described[name] for name in item.names},
            "deleted_with_them": "the county's analysis store, linking store, problem report and cohorts",
            "county_was": county_was,
            "earlier_runs": EARLIER_RUNS,
            "left_beside_them": [name for name in unread_files(sources) if name not in copies],
            "still_to_do": "delete backups, copies elsewhere, and what is left beside them if it holds the same people",
        }
        begin_certificate(target, DELETION, on, facts)


def _require_own(paths: Iterable[Path]) -> None:
    """Refuse to delete a file of which only one name of several would go."""
    linked = sorted(path.name for path in paths if path.is_symlink() or path.stat().st_nlink > 1)
    raise_all(InputError, "nothing is deleted", [f"{name}: {LINKED}" for name in linked])


def _description(sources: Sources, path: Path | None) -> dict[str, Any]:
    """Return what a certificate says of a file: its hash, its size, and its copies that no source reads."""
    if path is None:
        return {"found": "already gone"}
    digest, size = sha256([path]), path.stat().st_size
    others = [name for name in files_below(sources.extracts) if name not in sources.names]
    alike = [name for name in others if (sources.extracts / name).lstat().st_size == size]
    copies = [name for name in alike if sha256([sources.extracts / name]) == digest]
    return {"sha256": digest, "bytes": size, **({"copies": copies} if copies else {})}


def _finish_all(sources: Sources, target: Path) -> list[Path]:
    """Delete what certificates that are begun speak of, with what was made from it, and finish them."""
    begun = _begun(sources, target)
    if begun:
        gone = {facts["agreement"] for facts in begun.values()}
        left = {source.agency for source in sources.entries if source.agreement not in gone}
        keep_answers(LinkingStore.beside(target), lambda agency, _: agency in left)
        forget(target)
    for facts in begun.values():
        for name, described in facts["files"].items():
            copies = [sources.extracts / copy for copy in described.get("copies", ())]
            _delete([_file_of(sources, target, name), *copies], described)
    return [finish_certificate(path) for path in begun]


def _begun(sources: Sources, target: Path) -> dict[Path, dict[str, Any]]:
    """Return the unfinished certificates and what they say, but for those whose agreement was renewed meanwhile."""
    now = {agreement.reference: agreement.delete_by.isoformat() for agreement in sources.agreements}
    begun = ((path, read_certificate(path)) for path in unfinished_certificates(target, DELETION))
    return {path: facts for path, facts in begun if now.get(facts["agreement"]) in (None, facts["delete_by"])}


def _delete(paths: Sequence[Path | None], described: dict[str, Any]) -> None:
    """Delete files, each while it is still the one that was described: another one may have come in the meantime."""
    for path in paths:
        if path and path.is_file() and sha256([path]) == described.get("sha256"):
            path.unlink()


def _file_of(sources: Sources, target: Path, name: str) -> Path | None:
    """Return where an extract of that name lies, or what a query of that name returned; None where there is neither."""
    places = (sources.extracts / name, LinkingStore.beside(target).snapshot_of(name))
    return next((path for path in places if path.is_file() or path.is_symlink()), None)
