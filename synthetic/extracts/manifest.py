"""The manifest: what was sent, so that a file cut short on its way is noticed."""

import hashlib
from pathlib import Path

import numpy as np

from synthetic.files import write_csv

_NAME = "manifest.csv"


def write_manifest(folder: Path) -> None:
    """Write manifest.csv with one row for each other file of the folder: file, bytes, sha256."""
    paths = sorted(path for path in folder.iterdir() if path.name != _NAME)
    columns = {
        "file": np.array([path.name for path in paths], dtype=object),
        "bytes": np.array([path.stat().st_size for path in paths]),
        "sha256": np.array([_sha256(path) for path in paths], dtype=object),
    }
    write_csv(folder / _NAME, columns)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
