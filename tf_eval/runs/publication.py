"""Publish: the newest complete run of every evaluation, as one site that is put in place all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tf_eval.errors import RunError, raise_all
from tf_eval.report import Page, build_site, read_notebook, render_page
from tf_eval.runs.manifest import read_manifest
from tf_eval.runs.workspace import NOTEBOOK, Workspace


@dataclass(frozen=True)
class Published:
    """What now stands on the site.

    Attributes:
        index: the site's first page.
        verdicts: title and verdict of each evaluation, in the site's order.
    """

    index: Path
    verdicts: tuple[tuple[str, str], ...]


def publish_site(workspace: Workspace, names: Sequence[str]) -> Published:
    """Render the site from the newest complete run of each named evaluation.

    Raises:
        RunError: an evaluation has no complete run, or its notebook is not the one that its record describes. The
            site that was there before stays as it was.
    """
    pages, stamps, problems = [], [], []
    for name in names:
        try:
            page, stamp = _page(workspace, name)
        except RunError as problem:
            problems.append(str(problem))
        else:
            pages.append(page)
            stamps.append(stamp)
    raise_all(RunError, "site", problems)
    index = build_site(pages, workspace.site, stamp=max(stamps))
    return Published(index, tuple((page.title, page.verdict.payload["verdict"]) for page in pages))


def _page(workspace: Workspace, name: str) -> tuple[Page, str]:
    folder = workspace.current(name)
    manifest = read_manifest(folder)
    notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
    reading = read_notebook(notebook)
    if reading.digests != manifest.digests:
        raise RunError(f"{name}: the notebook was changed after its run. Run it again with --force")
    html = render_page(notebook, stamp=manifest.stamp)
    return Page(name, reading.verdict.payload["label"], html, reading.verdict), manifest.started
