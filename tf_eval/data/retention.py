"""Retention: extracts are deleted when their agreement says so, with everything that was made from them."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tf_eval.data.agreements import Agreement
from tf_eval.data.build import county_folder
from tf_eval.data.certificates import DELETION, write_certificate
from tf_eval.data.county import FILE_NAME, read_stamp
from tf_eval.data.digest import sha256
from tf_eval.data.extracts import held_sources
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.review import keep_answers
from tf_eval.data.sources import Sources, load_sources

CHECK_FOLDER = "check"


@dataclass(frozen=True)
class Overdue:
    """An agreement whose day of deletion has passed, and the names of the extracts that are there under it."""

    agreement: Agreement
    names: tuple[str, ...]


def overdue(sources_path: str | Path, folder: str | Path | None = None, *, on: date | None = None) -> list[Overdue]:
    """Return what has to be deleted on a day (today by default)."""
    sources = load_sources(sources_path)
    target = county_folder(sources, folder)
    store = LinkingStore.beside(target)
    held = {source.file for source in held_sources(sources, target)}
    found = []
    for agreement in sources.agreements:
        names = {source.file for source in sources.entries if source.agreement == agreement.reference}
        there = sorted(name for name in names if name in held or _files_of(sources, store, name))
        if there and (on or date.today()) > agreement.delete_by:
            found.append(Overdue(agreement, tuple(there)))
    return found


def retain(sources_path: str | Path, folder: str | Path | None = None, *, on: date | None = None) -> list[Path]:
    """Delete what has to be deleted on a day (today by default) and return the certificates.

    Deleted are first what was made from the extracts (both stores and the problem report), then the extracts and the
    snapshots of queries; the certificates are written last, so that they never promise too much. The county has to be
    built again from what is left. Copies elsewhere, such as backups, are the council's.
    """
    due = overdue(sources_path, folder, on=on)
    if not due:
        return []
    sources = load_sources(sources_path)
    target = county_folder(sources, folder)
    store = LinkingStore.beside(target).open()
    with store.alone():
        county_was = (read_stamp(target / FILE_NAME) or ("not built",))[0]
        gone = {item.agreement.reference for item in due}
        keep_answers(store, {source.agency for source in sources.entries if source.agreement not in gone})
        forget(target)
        return [_delete(sources, target, item, on or date.today(), county_was) for item in due]


def is_anything_left(sources_path: str | Path, folder: str | Path | None = None) -> bool:
    """Whether any extract about people is still held, so that there is a county to build."""
    sources = load_sources(sources_path)
    return any(source.contract.of_persons for source in held_sources(sources, county_folder(sources, folder)))


def forget(target: Path) -> None:
    """Delete what was made from the extracts; the key, the erasures and the clerk's bare answers stay."""
    store = LinkingStore.beside(target)
    for path in (target / FILE_NAME, store.database, store.rows_to_mend):
        path.unlink(missing_ok=True)
    shutil.rmtree(target / CHECK_FOLDER, ignore_errors=True)


def _delete(sources: Sources, target: Path, item: Overdue, on: date, county_was: str) -> Path:
    """Delete the files under one agreement and certify it."""
    store = LinkingStore.beside(target)
    files: dict[str, dict[str, Any]] = {}
    for name in item.names:
        paths = _files_of(sources, store, name)
        found = {"sha256": sha256(paths), "bytes": sum(path.stat().st_size for path in paths)}
        files[name] = found if paths else {"found": "already gone"}
        for path in paths:
            path.unlink()
    facts = {
        "county": sources.county,
        "agreement": item.agreement.reference,
        "delete_by": item.agreement.delete_by.isoformat(),
        "files": files,
        "deleted_with_them": "the county's analysis store and linking store, and its problem report",
        "county_was": county_was,
    }
    return write_certificate(target, DELETION, on, facts)


def _files_of(sources: Sources, store: LinkingStore, name: str) -> list[Path]:
    return [path for path in (sources.extracts / name, store.snapshot_of(name)) if path.is_file()]
