"""Certificates: what was deleted or erased, when and why, as files that name no person.

A certificate of a deletion is begun before it, with the proof of what is there, and finished after it: one without a
time in ``finished`` was broken off. An erasure is certified once it is done: the list of the erased is its beginning.
"""

from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from tf_eval.data.durable import write_durably

FOLDER = "certificates"
DELETION, ERASURE = "deletion", "erasure"
EARLIER_RUNS = (
    "what they published (output/runs, output/site) holds counts and means only, and stays; notebooks of runs that "
    "failed (output/failed) may hold records: delete them"
)


def begin_certificate(county_folder: Path, act: str, on: date, facts: dict[str, Any]) -> Path:
    """Write a certificate of an act (deletion or erasure) that is about to be done; no earlier one is replaced."""
    folder = county_folder / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{act}-{1 + len(_of(county_folder, act)):03d}-{on}.yaml"
    begun = {"certificate": act, "on": on.isoformat(), "begun": _now(), "finished": None}
    _write(path, {**begun, "by": f"tf_eval {version('tf_eval')}", **facts})
    return path


def finish_certificate(path: Path) -> Path:
    """Write into a certificate that its act is done, and return its file."""
    _write(path, {**read_certificate(path), "finished": _now()})
    return path


def read_certificate(path: Path) -> dict[str, Any]:
    """Return what a certificate says."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_certificates(county_folder: Path, act: str) -> list[dict[str, Any]]:
    """Return the certificates of an act, the oldest first."""
    return [read_certificate(path) for path in _of(county_folder, act)]


def unfinished_certificates(county_folder: Path, act: str) -> list[Path]:
    """Return the certificates of acts that were broken off, the oldest first."""
    return [path for path in _of(county_folder, act) if not read_certificate(path).get("finished", True)]


def _of(county_folder: Path, act: str) -> list[Path]:
    return sorted((county_folder / FOLDER).glob(f"{act}-*.yaml"))


def _write(path: Path, certified: dict[str, Any]) -> None:
    write_durably(path, yaml.safe_dump(certified, sort_keys=False, allow_unicode=True))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
