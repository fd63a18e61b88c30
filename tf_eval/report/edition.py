"""What one release of a site told: of each page its verdict and what went into it, in one file beside the pages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from tf_eval.errors import DisclosureError, RunError
from tf_eval.release.released import Released

NAME = "release.json"
NOT_MADE = "could not be made"


@dataclass(frozen=True, eq=False)
class Told:
    """One page of a release.

    Attributes:
        name: the name of its run.
        label: what it is about.
        page: its address within the site.
        is_evaluation: whether it is about one intervention, and not about the county as a whole.
        is_made: whether it could be made.
        verdict: what it told of the intervention.
        inputs: hash of each thing that went in.
        content: what the plan of an evaluation that was made said, see ``runs.register.content_of``.
    """

    name: str
    label: str
    page: str
    is_evaluation: bool
    is_made: bool = True
    verdict: Released | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Edition:
    """One release of a site.

    Attributes:
        key: hash of everything that its pages depend on; the same key, the same pages.
        county: the county's name.
        stamp: UTC time of its last run, ISO 8601.
        published: UTC time at which it was first put in place; empty while it is not.
        changed: what it says of the release before it, in a sentence or two.
        extracts: hash of what each agency had sent.
        pages: what it told, page by page.
    """

    key: str
    county: str
    stamp: str
    published: str = ""
    changed: str = ""
    extracts: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[Told, ...] = ()

    @property
    def name(self) -> str:
        """The name of its folder in the archive."""
        return f"{self.published[:10]}-{self.key[:12]}"

    @property
    def evaluations(self) -> list[Told]:
        """The pages that tell a verdict, or would if they could be made."""
        return [told for told in self.pages if told.is_evaluation]

    def table(self) -> pd.DataFrame:
        """Return what it told of each intervention, or that it could not tell anything."""
        rows = [
            (told.label, told.verdict.payload["verdict"] if told.verdict else NOT_MADE) for told in self.evaluations
        ]
        return pd.DataFrame(rows, columns=["intervention", "verdict"])

    def summary(self) -> str:
        told = sum(page.verdict is not None for page in self.evaluations)
        when = f"published {self.published}" if self.published else "not yet published"
        return f"A release of {self.county} ({when}) with {told} verdicts"

    def write(self, path: Path) -> None:
        """Write all of it to a file."""
        pages = [{**vars(told), "verdict": told.verdict.to_dict() if told.verdict else None} for told in self.pages]
        text = json.dumps({**vars(self), "pages": pages}, indent=1, sort_keys=True, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_edition(path: Path) -> Edition:
    """Read such a file; raise ``RunError`` where it is missing or not as it was written."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return Edition(**{**facts, "pages": tuple(map(_told, facts["pages"]))})
    except (OSError, ValueError, TypeError, KeyError, DisclosureError) as failure:
        where = "/".join(path.parts[-2:])
        advice = "put the file back as it was, or take the release's folder away"
        raise RunError(f"{where}: what a release told cannot be read ({type(failure).__name__}); {advice}") from None


def _told(facts: Mapping[str, Any]) -> Told:
    verdict = Released.from_dict(facts["verdict"]) if facts["verdict"] else None
    return Told(**{**facts, "verdict": verdict})
