"""Publish: the complete run of every plan, as one site that is put in place all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from tf_eval.cohort import load_outcomes
from tf_eval.cohort.words import listed
from tf_eval.data import open_county
from tf_eval.errors import RunError, raise_all
from tf_eval.release import Released, publish
from tf_eval.release.failure import FailureView
from tf_eval.report import (
    Besides,
    CountyPage,
    Download,
    FailedPage,
    Imprint,
    Page,
    Releases,
    brief_changes,
    build_site,
    page_files,
    page_html,
    read_notebook,
    render_failure,
)
from tf_eval.report.moments import made_words
from tf_eval.runs import archive
from tf_eval.runs.estimates import NAME as ESTIMATES
from tf_eval.runs.estimates import estimates_of, grow_estimates
from tf_eval.runs.manifest import Manifest, now, read_manifest
from tf_eval.runs.plan import Plan
from tf_eval.runs.present import judged_in, present_edition, settled
from tf_eval.runs.publisher import load_publisher
from tf_eval.runs.quality_assurance import load_log, readings_of
from tf_eval.runs.synthesis import Synthesis
from tf_eval.runs.task import Task, counties_of
from tf_eval.runs.workspace import NOTEBOOK, Workspace

Read = tuple[Task, nbformat.NotebookNode, Manifest, Released]
Judged = Mapping[str, Mapping[str, Released]]
ALONE = (
    "All interventions together could not be looked at this time, so each answer stands by itself. Where many things "
    "are looked at, one or another seems clear by chance alone."
)


@dataclass(frozen=True)
class Published:
    """What now stands on the site.

    Attributes:
        index: the site's first page.
        verdicts: title and verdict of each evaluation, in the order of the plans; where all interventions have a page
            together, the verdict that allows for all of them.
        failed: title of each page that could not be made, and why.
    """

    index: Path
    verdicts: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str], ...] = ()


def publish_site(workspace: Workspace, tasks: Sequence[Task]) -> Published:
    """Render the site from the runs of these tasks, all of them of the plans, code and county as they are now.

    A run that failed has a page that says so and why. The release that was on the site before goes into the archive,
    if another takes its place.

    Raises:
        RunError: a task was never run as it is now, so that a page would be missing or of another code, plan or county
            than its neighbours; no evaluation at all could be made; or a notebook is not the one that its record
            describes. The site that was there before stays as it was.
    """
    with workspace.alone():
        tasks = settled(tasks, workspace)
        failures = {task.name: why for task in tasks if (why := workspace.failure(task.name, task.key))}
        made = [task for task in tasks if workspace.is_complete(task.name, task.key)]
        _require_tried(tasks, {*failures, *(task.name for task in made)})
        _require_some(made, failures)
        read = [(task, *_read(workspace, task)) for task in made]
        imprint = _imprint(tasks)
        county = [_county_page(workspace, imprint, *found) for found in read if not isinstance(found[0].plan, Plan)]
        judged = judged_in({page.name: [page.answer] for page in county})
        doubt = ALONE if any(isinstance(task.plan, Synthesis) for task in tasks if task.name in failures) else ""
        pages = [_page(imprint, judged, doubt, *found) for found in read if isinstance(found[0].plan, Plan)]
        stamp = made_words(max(manifest.started for _, _, manifest, _ in read))
        releases = _releases(workspace, tasks, county)
        failed = [_failed_page(task, failures[task.name], releases) for task in tasks if task.name in failures]
        if [edition.key for edition in archive.on_site(workspace)] != [releases.now.key]:
            archive.keep(workspace)
        besides = Besides(failed, doubt, releases)
        index = build_site(pages, workspace.site, stamp=stamp, county=county, imprint=imprint, besides=besides)
    told = tuple((page.title, page.verdict.payload["verdict"]) for page in pages)
    return Published(index, told, tuple((page.label, page.problem) for page in failed))


def _require_tried(tasks: Sequence[Task], tried: set[str]) -> None:
    advice = "no complete run of the plan, code and county as they are now. Run it: tf-eval run"
    raise_all(RunError, "site", [f"{task.name}: {advice}" for task in tasks if task.name not in tried])


def _require_some(made: Sequence[Task], failures: Mapping[str, str]) -> None:
    if not any(isinstance(task.plan, Plan) for task in made):
        advice = "no evaluation could be made, so what was published before stays as it was"
        raise_all(RunError, f"site: {advice}", [f"{name}: {problem}" for name, problem in failures.items()])


def _releases(workspace: Workspace, tasks: Sequence[Task], county: Sequence[CountyPage]) -> Releases:
    """Return the release that is to be published, and those before; one that is on the site already keeps its day."""
    edition = present_edition(workspace, tasks)
    before = archive.editions(workspace)
    same = before and before[-1].key == edition.key
    published = before[-1].published if same else now()
    edition = replace(edition, published=published, changed=brief_changes(county))
    return Releases(edition, tuple(reversed(before[:-1] if same else before)), workspace.archive)


def _failed_page(task: Task, problem: str, releases: Releases) -> FailedPage:
    question = task.plan.question if isinstance(task.plan, Plan) else ""
    released = publish(FailureView(task.title, question, problem))
    return render_failure(task.page, released, stamp=made_words(releases.now.stamp), last=releases.last_good(task.name))


def _read(workspace: Workspace, task: Task) -> tuple[nbformat.NotebookNode, Manifest, Released]:
    """Return a run's notebook, its record, and what it answers."""
    folder = workspace.run_folder(task.name, task.key)
    manifest = read_manifest(folder)
    notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
    reading = read_notebook(notebook)
    if reading.digests != manifest.digests:
        raise RunError(f"{task.name}: the notebook was changed after its run. Run it again with --force")
    return notebook, manifest, reading.answer


def _imprint(tasks: Sequence[Task]) -> Imprint:
    counties = counties_of(tasks)
    place = listed([county.name.title() for county in counties])
    notes = {name: outcome.note for name, outcome in load_outcomes().items()}
    return Imprint(place, load_publisher(), notes, any(county.synthetic for county in counties))


def _page(
    imprint: Imprint,
    judged: Judged,
    doubt: str,
    task: Task,
    notebook: nbformat.NotebookNode,
    manifest: Manifest,
    verdict: Released,
) -> Page:
    instead = judged.get(verdict.payload["intervention"], {})
    reading = read_notebook(notebook, instead)
    files = page_files(task.name, reading, imprint)
    html = page_html(
        reading, stamp=manifest.stamp, beside=bool(instead), downloads=files, readings=_readings(task), doubt=doubt
    )
    return Page(task.name, verdict.payload["label"], html, instead.get("verdict", verdict), files, reading.facts)


def _county_page(
    workspace: Workspace,
    imprint: Imprint,
    task: Task,
    notebook: nbformat.NotebookNode,
    manifest: Manifest,
    answer: Released,
) -> CountyPage:
    """Return a page of the whole county; that of all interventions together adds their estimates to those before."""
    reading = read_notebook(notebook)
    files = page_files(task.name, reading, imprint)
    html = page_html(reading, stamp=manifest.stamp, home="index.html", downloads=files, readings=_readings(task))
    tables = [_estimates(workspace, task, manifest, answer)] if isinstance(task.plan, Synthesis) else []
    return CountyPage(task.name, html, answer, tuple(tables), files)


def _readings(task: Task) -> Released:
    """Who has read this page, by the log as it is now."""
    return publish(readings_of(load_log(), task.name, task.key))


def _estimates(workspace: Workspace, task: Task, manifest: Manifest, answer: Released) -> Download:
    county = open_county(task.plan.county, purpose=None)
    until = f"{county.months[-1] // 12}-{county.months[-1] % 12 + 1:02d}"
    estimates = estimates_of(answer, county.name, until, manifest.key[:12])
    grow_estimates(estimates, workspace.folder / ESTIMATES)
    text = estimates.to_csv(index=False, lineterminator="\n")
    return Download(ESTIMATES, text.encode("utf-8"), "The estimates as a table, for other councils to pool")
