"""The record that a run leaves beside its notebook: what went in, what came out, when."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tf_eval.errors import RunError
from tf_eval.report.moments import made_words

NAME = "run.json"


@dataclass(frozen=True)
class Manifest:
    """One complete run.

    Attributes:
        name: the evaluation's name, which is its file's name without ending.
        key: hash of everything that the result depends on; the run's folder bears it.
        inputs: hash of each of these things.
        parameters: the validated plan, JSON-safe.
        started: UTC time of the start, ISO 8601.
        seconds: how long the notebook took.
        digests: digest of each released object, in the notebook's order.
    """

    name: str
    key: str
    inputs: dict[str, str]
    parameters: dict[str, Any]
    started: str
    seconds: float
    digests: list[str]

    def write(self, folder: Path) -> None:
        """Write the record. It is written last: a run without it is not complete."""
        text = json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    @property
    def stamp(self) -> str:
        """When and by which run a page was made, for its foot."""
        return f"{made_words(self.started)}, by run {self.key[:12]}"


def read_manifest(folder: Path) -> Manifest:
    """Read the record in ``folder``; raise ``RunError`` where it is missing or damaged."""
    try:
        return Manifest(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as failure:
        raise RunError(f"{folder.name}: the record of this run cannot be read ({type(failure).__name__})") from None


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
