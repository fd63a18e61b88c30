"""The archive: every release of the site that another one took the place of, kept whole."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tf_eval.report import Edition, read_edition
from tf_eval.report.archive import OF_ALL_RELEASES, as_archived
from tf_eval.report.edition import NAME
from tf_eval.runs.workspace import Workspace


def editions(workspace: Workspace) -> list[Edition]:
    """Return all releases that were published, the oldest first; the last one stands on the site."""
    kept = [read_edition(path) for path in workspace.archive.glob(f"[0-9]*/{NAME}")]
    present = {edition.name: edition for edition in (*kept, *on_site(workspace))}
    return sorted(present.values(), key=lambda edition: edition.published)


def last_other(workspace: Workspace, key: str) -> Edition | None:
    """Return the last release that was published and is another than that of this key."""
    return next((edition for edition in reversed(editions(workspace)) if edition.key != key), None)


def keep(workspace: Workspace) -> None:
    """Keep the release that stands on the site, before another takes its place; asked twice, it is kept once."""
    for edition in on_site(workspace):
        workspace.archive.mkdir(parents=True, exist_ok=True)
        built = Path(tempfile.mkdtemp(prefix=".new-", dir=workspace.archive))
        try:
            shutil.copytree(workspace.site, built, dirs_exist_ok=True, ignore=_of_all_releases(workspace.site))
            _mark(built.rglob("*.html"), built, edition)
            folder = workspace.archive / edition.name
            shutil.rmtree(folder, ignore_errors=True)
            built.rename(folder)
        finally:
            shutil.rmtree(built, ignore_errors=True)


def on_site(workspace: Workspace) -> list[Edition]:
    """Return the release on the site; none where there is no site, or one from before sites said what they told."""
    path = workspace.site / NAME
    return [read_edition(path)] if path.exists() else []


def _of_all_releases(site: Path):
    """What a site has about all releases, and copies of earlier ones, is no part of its own release."""
    return lambda folder, names: set(OF_ALL_RELEASES) & set(names) if Path(folder) == site else set()


def _mark(pages: Iterable[Path], folder: Path, edition: Edition) -> None:
    for page in pages:
        depth = len(page.relative_to(folder).parts) - 1
        html = as_archived(page.read_text(encoding="utf-8"), edition, depth)
        page.write_text(html, encoding="utf-8", newline="\n")
