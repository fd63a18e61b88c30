"""Retention: extracts are deleted when their agreement says so, with everything that was made from them."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tf_eval.data.agreements import Agreement
from tf_eval.data.build import build_county, county_folder
from tf_eval.data.certificates import DELETION, write_certificate
from tf_eval.data.county import FILE_NAME, read_stamp
from tf_eval.data.extracts import held_sources
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.sources import Sources, load_sources
from tf_eval.data.stamp import sha256

CHECK_FOLDER = "check"


@dataclass(frozen=True)
class Overdue:
    """An agreement whose day of deletion has passed, and the names of the extracts that are held under it."""

    agreement: Agreement
    names: tuple[str, ...]


def overdue(sources_path: str | Path, folder: str | Path | None = None, *, on: date | None = None) -> list[Overdue]:
    """Return what has to be deleted on a day (today by default)."""
    sources = load_sources(sources_path)
    held = held_sources(sources, county_folder(sources, folder))
    found = []
    for agreement in sources.agreements:
        names = sorted({source.file for source in held if source.agreement == agreement.reference})
        if names and (on or date.today()) > agreement.delete_by:
            found.append(Overdue(agreement, tuple(names)))
    return found


def retain(sources_path: str | Path, folder: str | Path | None = None, *, on: date | None = None) -> list[Path]:
    """Delete what has to be deleted on a day (today by default) and return the certificates.

    Deleted are the extracts, the snapshots of queries, and both stores and the problem report, which hold what was
    made from them; what is left of the county is built again. Copies elsewhere, such as backups, are the council's.
    """
    due = overdue(sources_path, folder, on=on)
    if not due:
        return []
    sources = load_sources(sources_path)
    target = county_folder(sources, folder)
    certificates = [_delete(sources, target, item, on or date.today()) for item in due]
    _forget(target)
    if any(source.contract.of_persons for source in held_sources(sources, target)):
        build_county(sources_path, folder, on=on)
    return certificates


def _delete(sources: Sources, target: Path, item: Overdue, on: date) -> Path:
    """Delete the files under one agreement; the certificate is written last, so that it never promises too much."""
    store = LinkingStore.beside(target)
    files = {}
    for name in item.names:
        paths = [path for path in (sources.extracts / name, store.snapshot_of(name)) if path.is_file()]
        files[name] = {"sha256": sha256(paths), "bytes": sum(path.stat().st_size for path in paths)}
        for path in paths:
            path.unlink()
    facts = {
        "county": sources.county,
        "agreement": item.agreement.reference,
        "delete_by": item.agreement.delete_by.isoformat(),
        "files": files,
        "deleted_with_them": "the county's analysis store and linking store, and its problem report",
        "county_was": (read_stamp(target / FILE_NAME) or ("not built",))[0],
    }
    return write_certificate(target, DELETION, on, facts)


def _forget(target: Path) -> None:
    """Delete what was made from the extracts, and the clerk's list, which shows names; key and erasures stay."""
    store = LinkingStore.beside(target)
    for path in (target / FILE_NAME, store.database, store.review):
        path.unlink(missing_ok=True)
    shutil.rmtree(target / CHECK_FOLDER, ignore_errors=True)
