"""Publish: the complete run of every plan, as one site that is put in place all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tf_eval.data import open_county
from tf_eval.errors import RunError, raise_all
from tf_eval.release import Released
from tf_eval.report import Page, Paid, Together, build_site, read_notebook, render_page
from tf_eval.runs.estimates import NAME as ESTIMATES
from tf_eval.runs.estimates import estimates_of, grow_estimates
from tf_eval.runs.manifest import Manifest, read_manifest
from tf_eval.runs.payment import Payment
from tf_eval.runs.plan import Plan
from tf_eval.runs.synthesis import Synthesis
from tf_eval.runs.task import Task
from tf_eval.runs.workspace import NOTEBOOK, Workspace

Read = tuple[Task, nbformat.NotebookNode, Manifest, Released]


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
        read = [(task, *_read(workspace, task)) for task in tasks]
        pages = [_page(*found) for found in _of(read, Plan)]
        together = next((_together(workspace, *found) for found in _of(read, Synthesis)), None)
        paid = next((_paid(*found) for found in _of(read, Payment)), None)
        stamp = max(manifest.started for _, _, manifest, _ in read)
        index = build_site(pages, workspace.site, stamp=stamp, together=together, paid=paid)
    return Published(index, tuple((page.title, page.verdict.payload["verdict"]) for page in pages))


def _of(read: Sequence[Read], kind: type) -> list[Read]:
    """Return the runs that are about such a thing."""
    return [found for found in read if isinstance(found[0].plan, kind)]


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


def _paid(task: Task, notebook: nbformat.NotebookNode, manifest: Manifest, answer: Released) -> Paid:
    return Paid(render_page(notebook, stamp=manifest.stamp, home="index.html"), answer)


def _together(
    workspace: Workspace, task: Task, notebook: nbformat.NotebookNode, manifest: Manifest, answer: Released
) -> Together:
    """Return the page of all together, and add their estimates to those of the runs before."""
    county = open_county(task.plan.county, purpose=None)
    until = f"{county.months[-1] // 12}-{county.months[-1] % 12 + 1:02d}"
    estimates = estimates_of(answer, county.name, until, manifest.key[:12])
    grow_estimates(estimates, workspace.folder / ESTIMATES)
    html = render_page(notebook, stamp=manifest.stamp, home="index.html")
    return Together(html, answer, estimates.to_csv(index=False, lineterminator="\n"))
