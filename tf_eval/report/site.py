"""The site: an index, a page for each evaluation and pages of the whole county, put in place all at once."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence
from tf_eval.errors import RunError, raise_all
from tf_eval.release.released import Released
from tf_eval.release.shorthand import MEANINGS, NOT_APPLICABLE
from tf_eval.report.archive import FEED, FOLDER, LIST, Releases, render_archive, render_feed
from tf_eval.report.by_outcome import IMPRINT, anchor, render_outcomes
from tf_eval.report.by_outcome import NAME as OUTCOMES
from tf_eval.report.county_pages import CountyPage, answer_of, entries
from tf_eval.report.downloads import Download
from tf_eval.report.edition import NAME
from tf_eval.report.explained import explained
from tf_eval.report.failure import FailedPage, failed_badge
from tf_eval.report.figures.outcome import FINDINGS
from tf_eval.report.first_screen import months_words
from tf_eval.report.markup import fill, style
from tf_eval.report.page_files import Imprint
from tf_eval.report.together import doubt_words
from tf_eval.report.unjudged import DEPENDS, is_unjudged
from tf_eval.report.verdicts import badge, verdict_key
from tf_eval.report.words import (
    VERDICT_WORDS,
    outcome_name,
    short_effect,
    tally,
    unit_words,
    verdict_meaning,
    verdict_sentence,
    verdict_words,
)

HEADING = "Which interventions really work here?"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, eq=False)
class Page:
    """A finished page: its name (of its file), its title, its HTML, and the verdict that the index tells of it.

    ``downloads`` are the files beside it, ``facts`` say where its numbers come from.
    """

    name: str
    title: str
    html: str
    verdict: Released
    downloads: tuple[Download, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Besides:
    """What a site says beside what its pages tell.

    Attributes:
        failed: pages that could not be made.
        doubt: what puts every verdict in doubt.
        releases: this release and those before it; ``None`` where none are kept.
    """

    failed: Sequence[FailedPage] = ()
    doubt: str = ""
    releases: Releases | None = None


NOTHING = Besides()


def address(name: str, *, of_county: bool = False) -> str:
    """Return where a page stands within the site."""
    return f"{name}.html" if of_county else f"evaluations/{name}.html"


def build_site(
    pages: Sequence[Page],
    folder: Path,
    *,
    stamp: str,
    county: Sequence[CountyPage] = (),
    imprint: Imprint = IMPRINT,
    besides: Besides = NOTHING,
) -> Path:
    """Write the index, ``outcomes.html``, ``evaluations/NAME.html`` and the pages of the county; return the index.

    Where releases are kept, the earlier ones go along, with the list and the feed of all. All is written beside
    ``folder`` first and then put in its place; where anything fails, the site that was there stays as it was. Raises
    ``RunError`` for no pages, or names that cannot be files or are used twice.
    """
    _check(pages, county)
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    built = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(pages, built, stamp, county, imprint, besides)
        if besides.releases:
            _write_releases(besides.releases, built, stamp, imprint.made_up)
        _swap(built, folder)
    finally:
        shutil.rmtree(built, ignore_errors=True)
    return folder / "index.html"


def render_index(
    pages: Sequence[Page],
    *,
    stamp: str,
    county: Sequence[CountyPage] = (),
    downloads: Sequence[Download] = (),
    imprint: Imprint = IMPRINT,
    besides: Besides = NOTHING,
) -> str:
    """Return the index: the interventions side by side, those that work first, and what is true of all together.

    Pages that could not be made come after them. ``place`` is where all this was found.
    """
    ordered = _ordered(pages)
    verdicts = [page.verdict.payload["verdict"] for page in ordered]
    grid = _grid([page.verdict for page in ordered])
    said = {cell["said"] for row in grid for cell in row["cells"]}
    return explained(
        fill(
            "index.html.j2",
            style=style(),
            made_up=imprint.made_up,
            place=imprint.place,
            heading=HEADING,
            summary=f"{tally(verdicts)}{_missing(besides.failed)}",
            doubt=doubt_words(together) if (together := answer_of(county, "what_works")) else besides.doubt,
            county=entries(county),
            cards=[_card(page) for page in ordered],
            months=_months([page.verdict.payload for page in ordered]),
            failed=[{**vars(page), "badge": failed_badge()} for page in besides.failed],
            releases=besides.releases is not None,
            grid=grid,
            by_outcome=f"{OUTCOMES}.html",
            downloads=downloads,
            shorthand=[(sign, meaning) for sign, meaning in MEANINGS.items() if sign in said],
            verdicts=[(badge(verdict), verdict_meaning(verdict)) for verdict in VERDICT_WORDS],
            stamp=stamp,
        )
    )


def _ordered(pages: Sequence[Page]) -> list[Page]:
    return sorted(pages, key=lambda page: (list(VERDICT_WORDS).index(page.verdict.payload["verdict"]), page.title))


def _check(pages: Sequence[Page], county: Sequence[CountyPage]) -> None:
    names = [OUTCOMES, *(page.name for page in (*pages, *county))]
    problems = [f"'{name}' cannot be the name of a page (a-z, 0-9, _ and -)" for name in names if not _fits(name)]
    problems += [f"the name '{name}' is used twice" for name in sorted({n for n in names if names.count(n) > 1})]
    raise_all(RunError, "site", problems if pages else ["there are no pages to publish"])


def _fits(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _missing(failed: Sequence[FailedPage]) -> str:
    if not failed:
        return ""
    return f" {len(failed)} page{'s' * (len(failed) > 1)} could not be made this time."


def _write(
    pages: Sequence[Page],
    built: Path,
    stamp: str,
    county: Sequence[CountyPage],
    imprint: Imprint,
    besides: Besides,
) -> None:
    built.chmod(0o755)  # a temporary folder is closed to others, and a site is there to be read
    (built / "evaluations").mkdir()
    verdicts = {page.name: page.verdict for page in _ordered(pages)}
    shared = [fact for fact in pages[0].facts if all(fact in page.facts for page in pages)]
    outcomes = render_outcomes(verdicts, stamp=stamp, imprint=imprint, facts=shared)
    index = render_index(
        pages, stamp=stamp, county=county, downloads=outcomes.downloads, imprint=imprint, besides=besides
    )
    html = {"index.html": index, f"{OUTCOMES}.html": outcomes.html}
    html |= {address(page.name, of_county=True): page.html for page in county}
    html |= {address(page.name): page.html for page in pages}
    html |= {page.address: page.html for page in besides.failed}
    files = {name: bytes(text, "utf-8") for name, text in html.items()}
    files |= {f"evaluations/{file.name}": file.content for page in pages for file in page.downloads}
    files |= {file.name: file.content for page in county for file in (*page.tables, *page.downloads)}
    files |= {file.name: file.content for file in outcomes.downloads}
    for name, content in files.items():
        (built / name).write_bytes(content)


def _write_releases(releases: Releases, built: Path, stamp: str, made_up: str) -> None:
    releases.now.write(built / NAME)
    texts = {
        LIST: render_archive(releases, stamp=stamp, made_up=made_up),
        FEED: render_feed(releases, made_up=made_up),
    }
    for name, text in texts.items():
        (built / name).write_text(text, encoding="utf-8", newline="\n")
    for edition in releases.shown:
        shutil.copytree(releases.kept / edition.name, built / FOLDER / edition.name, copy_function=_linked)


def _linked(source: str, target: str) -> None:
    """Earlier pages never change, so that one copy on the disk serves; not every disk can say so."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _swap(built: Path, folder: Path) -> None:
    """Put the new folder in the place of the old one; the old one goes only when the new one stands."""
    if not folder.exists():
        built.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    aside = old / folder.name
    folder.rename(aside)
    try:
        built.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _card(page: Page) -> dict[str, Any]:
    facts = page.verdict.payload
    return {
        "key": verdict_key(facts["verdict"]),
        "href": address(page.name),
        "label": facts["label"],
        "badge": badge(facts["verdict"]),
        "sentence": verdict_sentence(facts["verdict"], facts["facts"]),
        "outcomes": _each(facts["rows"]),
    }


def _months(verdicts: Sequence[Mapping[str, Any]]) -> str:
    """Say which months effects are of, where that is the same for all."""
    of_all = {tuple(facts["months"] or ()) for facts in verdicts}
    return months_words(of_all.pop(), "Each effect") if len(of_all) == 1 else ""


def _each(rows: Sequence[dict[str, Any]]) -> str:
    """Name the outcomes that decide by their verdicts, and of the others those on which there is a finding."""
    named: dict[str, list[str]] = {}
    for verdict in VERDICT_WORDS:
        for row in rows:
            if row["verdict"] == verdict and (row["primary"] or verdict in FINDINGS):
                named.setdefault(verdict_words(verdict).name, []).append(in_sentence(outcome_name(row)))
    return " ".join(f"{name}: {', '.join(labels)}." for name, labels in named.items())


def _grid(verdicts: Sequence[Released]) -> list[dict[str, Any]]:
    """One row for each outcome that any intervention was judged on, one cell for each intervention."""
    outcomes = {row["outcome"]: row for verdict in verdicts for row in verdict.payload["rows"]}
    found = [{row["outcome"]: row for row in verdict.payload["rows"]} for verdict in verdicts]
    return [
        {
            "anchor": anchor(outcome),
            "label": row["label"],
            "unit": unit_words(row["unit"]).axis,
            "cells": [_grid_cell(rows.get(outcome)) for rows in found],
        }
        for outcome, row in outcomes.items()
    ]


def _grid_cell(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {"badge": Markup(""), "said": NOT_APPLICABLE, "why": ""}
    why = DEPENDS if is_unjudged(row) else ""
    return {"badge": badge(row["verdict"]), "said": short_effect(row["unit"], row["effect"]), "why": why}
