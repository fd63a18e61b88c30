"""What the site would tell if it were published now: the runs that there are, as one release."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tf_eval import project
from tf_eval.data import County, open_county
from tf_eval.release import Released
from tf_eval.report import Edition, Told, read_notebook
from tf_eval.runs import fingerprint
from tf_eval.runs.archive import last_other
from tf_eval.runs.manifest import read_manifest
from tf_eval.runs.plan import Plan
from tf_eval.runs.register import content_of
from tf_eval.runs.task import Task, prepare_one, site_files
from tf_eval.runs.workspace import NOTEBOOK, PRESENT, Workspace

Releases = Mapping[str, Sequence[Released]]


def settled(tasks: Sequence[Task], workspace: Workspace) -> list[Task]:
    """Return the tasks; what compares releases depends on all other runs as they are by now, and on the last release.

    The present runs are written down for it, as one release (``Workspace.present``).
    """
    return [_settled(task, workspace) if task.is_last else task for task in tasks]


def _settled(task: Task, workspace: Workspace) -> Task:
    now = present_edition(workspace, [prepare_one(path) for path in site_files()])
    before = last_other(workspace, now.key)
    now.write(workspace.folder / PRESENT)
    plan = task.plan.model_copy(update={"output": project.short(workspace.folder)})
    return replace(task, plan=plan, inputs={**task.inputs, "runs": now.key, "before": before.name if before else ""})


def present_edition(workspace: Workspace, tasks: Sequence[Task]) -> Edition:
    """Return what the present runs of these tasks tell together; what compares releases is no part of it."""
    tasks = [task for task in tasks if not task.is_last]
    made = [task for task in tasks if workspace.is_complete(task.name, task.key)]
    released = {task.name: read_notebook(_folder(workspace, task) / NOTEBOOK).shown for task in made}
    manifests = [read_manifest(_folder(workspace, task)) for task in made]
    county = open_county(tasks[0].plan.county, purpose=None)
    return Edition(
        key=fingerprint.of_object({task.name: [task.key, task.name in released] for task in tasks}),
        county=county.name,
        stamp=max((manifest.started for manifest in manifests), default=""),
        extracts=extracts_of(county),
        pages=tuple(_told(task, released) for task in tasks),
    )


def _folder(workspace: Workspace, task: Task) -> Path:
    return workspace.run_folder(task.name, task.key)


def _told(task: Task, released: Releases) -> Told:
    is_evaluation, is_made = isinstance(task.plan, Plan), task.name in released
    told = {"name": task.name, "label": task.title, "page": task.page, "inputs": task.inputs}
    if not (is_evaluation and is_made):
        return Told(**told, is_evaluation=is_evaluation, is_made=is_made)
    verdict = verdict_of(task.plan.intervention, released[task.name], judged_in(released))
    return Told(**told, is_evaluation=True, verdict=verdict, content=content_of(task.plan))


def judged_in(released: Releases) -> dict[str, dict[str, Released]]:
    """Return by intervention what is said of it once all are looked at together: its verdict and its standards."""
    answers = [one for each in released.values() for one in each if one.kind == "what_works"]
    each = [[Released.from_dict(one) for one in judged] for answer in answers for judged in answer.payload["judged"]]
    return {judged[0].payload["intervention"]: {one.kind: one for one in judged} for judged in each}


def verdict_of(
    intervention: str, released: Sequence[Released], judged: Mapping[str, Mapping[str, Released]]
) -> Released:
    """Return what a site says of an intervention: what is left of its own verdict among all."""
    own = next(one for one in released if one.kind == "verdict")
    return judged.get(intervention, {}).get("verdict", own)


def extracts_of(county: County) -> dict[str, str]:
    """Return by agency the hash of all that it sent."""
    sent: pd.Series = county.sources().groupby("agency")["sha256"].agg(lambda hashes: sorted(set(hashes.dropna())))
    return {str(agency): fingerprint.of_object(hashes) for agency, hashes in sent.items()}
