"""Run tasks through papermill: each in a kernel of its own, whole or not at all."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from tf_eval import project
from tf_eval.errors import RunError, TfEvalError, raise_all
from tf_eval.report import Reading, read_notebook
from tf_eval.runs.execution import execute
from tf_eval.runs.manifest import Manifest, now
from tf_eval.runs.present import settled
from tf_eval.runs.task import Task
from tf_eval.runs.workers import settle
from tf_eval.runs.workspace import NOTEBOOK, Workspace


def run_tasks(
    tasks: Sequence[Task], workspace: Workspace, *, jobs: int = 1, force: bool = False
) -> Iterator[tuple[str, str]]:
    """Run what has changed and yield ``(name, "done" | "unchanged" | "failed")`` as each task ends.

    Raises:
        RunError: after all tasks have ended, where any failed. Runs that were complete before stay as they were.
    """
    problems: list[str] = []
    with workspace.alone():
        yield from _run_wave([task for task in tasks if not task.is_last], workspace, jobs, force, problems)
        try:
            last = settled([task for task in tasks if task.is_last], workspace)
        except TfEvalError as problem:  # of a release that was published before
            last, problems = [], [*problems, str(problem)]
        yield from _run_wave(last, workspace, jobs, force, problems)
        raise_all(RunError, "evaluations failed", problems)


def _run_wave(
    tasks: Sequence[Task], workspace: Workspace, jobs: int, force: bool, problems: list[str]
) -> Iterator[tuple[str, str]]:
    """Run those that wait for nobody else in ``tasks``; what went wrong is added to ``problems``."""
    waiting = []
    for task in tasks:
        if not force and workspace.is_complete(task.name, task.key):
            yield task.name, "unchanged"
        else:
            waiting.append(task)
    for name, problem in _run_all(waiting, workspace, jobs):
        problems += [problem] if problem else []
        yield name, "failed" if problem else "done"


def _run_all(tasks: Sequence[Task], workspace: Workspace, jobs: int) -> Iterator[tuple[str, str | None]]:
    """Spawned processes, because a forked one would share sockets with the kernels of its siblings."""
    if not tasks:
        return
    workers = min(jobs, len(tasks))
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(workers,)) as pool:
        futures = {pool.submit(run_task, task, workspace): task for task in tasks}
        for future in as_completed(futures):
            yield futures[future].name, _outcome(future, futures[future], workspace)


def _begin(workers: int) -> None:
    """What a kernel or a library writes to the terminal may hold records: it goes nowhere. Results come as values."""
    settle(workers)
    if not os.environ.get("TF_EVAL_DEBUG"):
        sink = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(sink, stream)


def _outcome(future: Future, task: Task, workspace: Workspace) -> str | None:
    try:
        return future.result()
    except BrokenProcessPool:
        problem = "the process that ran it was killed (is there enough memory?)"
    except OSError as failure:
        problem = f"the result could not be written ({failure.strerror})"
    workspace.note_failure(task.name, task.key, problem)
    return f"{task.name}: {problem}"


def run_task(task: Task, workspace: Workspace) -> str | None:
    """Run one task and return None, or what went wrong in one sentence."""
    with workspace.staging(task.name) as staged:
        started, clock = now(), time.monotonic()
        try:
            executed = execute(task.notebook, staged / NOTEBOOK, task.plan.model_dump(mode="json"), project.root())
            # A kernel that dies leaves a notebook that looks whole: success is a notebook that makes a page.
            reading = read_notebook(executed)
            reading.draw()
            _require_same_county(reading, task)
        except TfEvalError as problem:
            kept = workspace.keep_failed(staged, task.name)
            workspace.note_failure(task.name, task.key, str(problem))
            return f"{task.name}: {problem}" + (f" (kept: {kept.relative_to(workspace.folder)})" if kept else "")
        seconds = round(time.monotonic() - clock, 1)
        plan = task.plan.model_dump(mode="json")
        workspace.complete(staged, Manifest(task.name, task.key, task.inputs, plan, started, seconds, reading.digests))
    return None


def _require_same_county(reading: Reading, task: Task) -> None:
    """A county may be checked again between the fingerprint of a run and the moment in which the notebook opens it."""
    if not reading.counties:
        raise RunError(
            "the notebook does not say which county it read: it needs tf.publish(tf.provenance(...)) in a cell"
        )
    if reading.counties != {task.inputs["county"]}:
        raise RunError("the county was checked again while this ran, so the notebook read another one. Run it again")
