"""Certificates: what was deleted or erased, when and why, as files that name no person."""

from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

FOLDER = "certificates"
DELETION, ERASURE = "deletion", "erasure"


def write_certificate(county_folder: Path, act: str, on: date, facts: dict[str, Any]) -> Path:
    """Write a certificate of an act (deletion or erasure) and return its file; an earlier one is never replaced."""
    folder = county_folder / FOLDER
    folder.mkdir(exist_ok=True)
    certified = {
        "certificate": act,
        "on": on.isoformat(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": f"tf_eval {version('tf_eval')}",
        **facts,
    }
    number = 1 + len(list(folder.glob(f"{act}-*.yaml")))
    path = folder / f"{act}-{number:03d}-{on}.yaml"
    with path.open("x", encoding="utf-8") as file:
        yaml.safe_dump(certified, file, sort_keys=False, allow_unicode=True)
    return path


def read_certificates(county_folder: Path, act: str) -> list[dict[str, Any]]:
    """Return the certificates of an act, the oldest first."""
    paths = sorted((county_folder / FOLDER).glob(f"{act}-*.yaml"))
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
