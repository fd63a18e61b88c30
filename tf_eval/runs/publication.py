"""Publish: the complete run of every plan, as one site that is put in place all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import nbformat

from tf_eval.data import open_county
from tf_eval.errors import RunError, raise_all
from tf_eval.release import Released, publish
from tf_eval.report import CountyPage, Page, build_site, read_notebook, render_page
from tf_eval.runs.estimates import NAME as ESTIMATES
from tf_eval.runs.estimates import estimates_of, grow_estimates
from tf_eval.runs.manifest import Manifest, read_manifest
from tf_eval.runs.plan import Plan
from tf_eval.runs.quality_assurance import load_log, readings_of
from tf_eval.runs.synthesis import Synthesis
from tf_eval.runs.task import Task
from tf_eval.runs.workspace import NOTEBOOK, Workspace

Read = tuple[Task, nbformat.NotebookNode, Manifest, Released]


@dataclass(frozen=True)
class Published:
    """What now stands on the site.

    Attributes:
        index: the site's first page.
        verdicts: title and verdict of each evaluation, in the order of the plans; where all interventions have a page
            together, the verdict that allows for all of them.
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
        county = [_county_page(workspace, *found) for found in read if not isinstance(found[0].plan, Plan)]
        judged = _judged(county)
        pages = [_page(*found, judged) for found in read if isinstance(found[0].plan, Plan)]
        stamp = max(manifest.started for _, _, manifest, _ in read)
        index = build_site(pages, workspace.site, stamp=stamp, county=county)
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


def _judged(county: Sequence[CountyPage]) -> dict[str, dict[str, Released]]:
    """Return by intervention what is said of it once all are looked at together: its verdict and its standards."""
    found = [page.answer.payload["judged"] for page in county if page.answer.kind == "what_works"]
    each = [[Released.from_dict(one) for one in judged] for judged in chain.from_iterable(found)]
    return {judged[0].payload["intervention"]: {one.kind: one for one in judged} for judged in each}


def _page(
    task: Task,
    notebook: nbformat.NotebookNode,
    manifest: Manifest,
    verdict: Released,
    judged: Mapping[str, Mapping[str, Released]],
) -> Page:
    instead = judged.get(verdict.payload["intervention"], {})
    html = render_page(notebook, stamp=manifest.stamp, judged=instead, readings=_readings(task))
    return Page(task.name, verdict.payload["label"], html, instead.get("verdict", verdict))


def _county_page(
    workspace: Workspace, task: Task, notebook: nbformat.NotebookNode, manifest: Manifest, answer: Released
) -> CountyPage:
    """Return a page of the whole county; that of all interventions together adds their estimates to those before."""
    html = render_page(notebook, stamp=manifest.stamp, home="index.html", readings=_readings(task))
    tables = _estimates(workspace, task, manifest, answer) if isinstance(task.plan, Synthesis) else {}
    return CountyPage(task.name, html, answer, tables)


def _readings(task: Task) -> Released:
    """Who has read this page, by the log as it is now."""
    return publish(readings_of(load_log(), task.name, task.key))


def _estimates(workspace: Workspace, task: Task, manifest: Manifest, answer: Released) -> dict[str, tuple[str, str]]:
    county = open_county(task.plan.county, purpose=None)
    until = f"{county.months[-1] // 12}-{county.months[-1] % 12 + 1:02d}"
    estimates = estimates_of(answer, county.name, until, manifest.key[:12])
    grow_estimates(estimates, workspace.folder / ESTIMATES)
    text = estimates.to_csv(index=False, lineterminator="\n")
    return {ESTIMATES: (text, "The estimates as a table, for other councils to pool")}
