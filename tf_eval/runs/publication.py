"""Publish: the complete run of every plan, as one site that is put in place all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tf_eval.errors import RunError, raise_all
from tf_eval.release import Released
from tf_eval.report import Page, Together, build_site, read_notebook, render_page
from tf_eval.runs.manifest import Manifest, read_manifest
from tf_eval.runs.task import Task
from tf_eval.runs.workspace import NOTEBOOK, Workspace


@dataclass(frozen=True)
class Published:
    """What now stands on the site.

    Attributes:
        index: the site's first page.
        verdicts: title and verdict of each evaluation, in the order of the plans.
    """

    index: Path
    verdicts: tuple[tuple[str, str], ...]


def publish_site(workspace: Workspace, tasks: Sequence[Task]) -> Published:
    """Render the site from the runs of these tasks, all of them of the plans, code and county as they are now.

    Raises:
        RunError: a task has no complete run, so that a page would be missing or of another code, plan or county than
            its neighbours; or a notebook is not the one that its record describes. The site that was there before
            stays as it was.
    """
    with workspace.alone():
        missing = [task.name for task in tasks if not workspace.is_complete(task.name, task.key)]
        advice = "no complete run of the plan, code and county as they are now. Run it: tf-eval run"
        raise_all(RunError, "site", [f"{name}: {advice}" for name in missing])
        read = {task: _read(workspace, task) for task in tasks}
        pages = [_page(task, *found) for task, found in read.items() if not task.is_synthesis]
        together = next((_together(*found) for task, found in read.items() if task.is_synthesis), None)
        stamp = max(manifest.started for _, manifest, _ in read.values())
        index = build_site(pages, workspace.site, stamp=stamp, together=together)
    return Published(index, tuple((page.title, page.verdict.payload["verdict"]) for page in pages))


def _read(workspace: Workspace, task: Task) -> tuple[nbformat.NotebookNode, Manifest, Released]:
    """Return a run's notebook, its record, and what it answers."""
    folder = workspace.run_folder(task.name, task.key)
    manifest = read_manifest(folder)
    notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
    reading = read_notebook(notebook)
    if reading.digests != manifest.digests:
        raise RunError(f"{task.name}: the notebook was changed after its run. Run it again with --force")
    return notebook, manifest, reading.answer


def _page(task: Task, notebook: nbformat.NotebookNode, manifest: Manifest, verdict: Released) -> Page:
    return Page(task.name, verdict.payload["label"], render_page(notebook, stamp=manifest.stamp), verdict)


def _together(notebook: nbformat.NotebookNode, manifest: Manifest, answer: Released) -> Together:
    return Together(render_page(notebook, stamp=manifest.stamp, home="index.html"), answer)
