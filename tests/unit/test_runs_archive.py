"""Releases that others took the place of are kept, what compares them waits for all runs, and failures are told."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.editions import MENTORS, PROJECT, edition, told
from tests.unit.test_runs_plan import GOOD
from tests.unit.test_runs_workspace import KEY, finish
from tf_eval.errors import RunError
from tf_eval.report import read_edition
from tf_eval.report.edition import NAME
from tf_eval.runs import publication, read_plan, runner, two_releases
from tf_eval.runs.archive import editions, keep, last_other
from tf_eval.runs.task import Task
from tf_eval.runs.workspace import PRESENT, Workspace

FIRST = edition(told(), told(MENTORS))
SECOND = edition(told(), key="1", day="2026-12-31")
AGAIN = edition(told(), told(MENTORS), day="2027-01-31")  # the plans of the first


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "output")


def put(workspace, release):
    """Put a site in place, as another one would be, with all that belongs to no release alone."""
    keep(workspace)
    (workspace.site / "evaluations").mkdir(parents=True, exist_ok=True)
    for name in ("index.html", "archive.html", "evaluations/x.html"):
        (workspace.site / name).write_text(f"<header></header><a href='x'>{release.name}</a>", encoding="utf-8")
    (workspace.site / "feed.xml").write_text("", encoding="utf-8")
    (workspace.site / "archive" / "earlier").mkdir(parents=True, exist_ok=True)
    release.write(workspace.site / NAME)


def test_a_release_is_kept_whole_and_marked_when_another_takes_its_place(workspace):
    for release in (FIRST, SECOND):
        put(workspace, release)
    (kept,) = workspace.archive.iterdir()
    assert kept.name == FIRST.name
    assert {path.name for path in kept.iterdir()} == {"index.html", "evaluations", NAME}
    page = (kept / "evaluations" / "x.html").read_text(encoding="utf-8")
    assert "This is not the latest release." in page and '"../../../index.html"' in page and FIRST.name in page
    assert '"../../index.html"' in (kept / "index.html").read_text(encoding="utf-8")


def test_a_release_that_is_kept_twice_is_there_once_and_without_a_site_nothing_is_kept(workspace):
    keep(workspace)
    assert editions(workspace) == [] and last_other(workspace, "0") is None
    put(workspace, FIRST)
    for _ in range(2):
        keep(workspace)
    assert [path.name for path in workspace.archive.iterdir()] == [FIRST.name]
    assert [release.name for release in editions(workspace)] == [FIRST.name]


def test_the_release_to_compare_with_is_the_last_other_one_in_the_order_of_publication(workspace):
    for release in (FIRST, SECOND):
        put(workspace, release)
    assert last_other(workspace, "2" * 64).name == SECOND.name
    assert last_other(workspace, SECOND.key).name == FIRST.name, "published already, it is not its own predecessor"
    put(workspace, AGAIN)
    assert [release.name for release in editions(workspace)] == [FIRST.name, SECOND.name, AGAIN.name]
    assert last_other(workspace, AGAIN.key).name == SECOND.name


def test_the_notebook_reads_what_the_runs_would_tell_and_the_last_release(workspace):
    put(workspace, FIRST)
    asked = SimpleNamespace(output=str(workspace.folder))
    with pytest.raises(RunError, match=r"output/present\.json"):
        two_releases(asked)
    SECOND.write(workspace.folder / PRESENT)
    assert [release.name for release in two_releases(asked)] == [FIRST.name, SECOND.name]


def test_why_a_run_failed_is_told_until_it_is_there_whole(workspace):
    assert workspace.failure("mentors", KEY) is None
    workspace.note_failure("mentors", KEY, "the extract is empty")
    assert workspace.failure("mentors", KEY) == "the extract is empty"
    assert workspace.failure("mentors", KEY[::-1]) is None, "as it is now it was never tried"
    finish(workspace)
    assert workspace.failure("mentors", KEY) is None


def task(name=MENTORS, key=KEY):
    return Task(name, read_plan(GOOD), None, {"county": key})


def test_what_compares_releases_runs_when_all_others_have_ended(workspace, monkeypatch):
    ran = []
    last = SimpleNamespace(name="changes", key="-", is_last=True)
    monkeypatch.setattr(runner, "_run_all", lambda tasks, *_: ((each.name, None) for each in tasks))
    monkeypatch.setattr(runner, "settled", lambda tasks, _: ran.append("settled") or tasks)
    for name, _ in runner.run_tasks([last, task(), task(PROJECT)], workspace):
        ran.append(name)
    assert ran == [MENTORS, PROJECT, "settled", "changes"]


def test_a_release_that_cannot_be_read_is_told_beside_the_evaluations_that_failed(workspace, monkeypatch):
    put(workspace, FIRST)
    (workspace.site / NAME).write_text("{", encoding="utf-8")
    monkeypatch.setattr(runner, "_run_all", lambda tasks, *_: ((each.name, "it failed") for each in tasks))
    monkeypatch.setattr(runner, "settled", lambda *_: editions(workspace))
    with pytest.raises(RunError, match=r"(?s)2 problems.*it failed.*take the release's folder away"):
        list(runner.run_tasks([task()], workspace))


@pytest.fixture
def site(workspace, monkeypatch):
    monkeypatch.setattr(publication, "settled", lambda tasks, _: tasks)
    put(workspace, FIRST)
    return workspace


def test_a_run_that_was_never_tried_is_refused_and_the_site_stays(site):
    site.note_failure(PROJECT, task(PROJECT).key, "the extract is empty")
    with pytest.raises(RunError, match=f"site: {MENTORS}: no complete run"):
        publication.publish_site(site, [task(PROJECT), task(MENTORS)])
    assert read_edition(site.site / NAME).name == FIRST.name


def test_where_no_evaluation_could_be_made_the_site_stays(site):
    site.note_failure(MENTORS, task().key, "the extract is empty")
    with pytest.raises(RunError, match=r"no evaluation could be made.*the extract is empty"):
        publication.publish_site(site, [task()])
    assert read_edition(site.site / NAME).name == FIRST.name


def test_a_release_that_stands_on_the_site_keeps_its_day(site, monkeypatch):
    monkeypatch.setattr(publication, "present_edition", lambda *_: replace(FIRST, published=""))
    again = publication._releases(site, [], [])
    assert (again.now.published, again.earlier) == (FIRST.published, ())
    monkeypatch.setattr(publication, "present_edition", lambda *_: replace(SECOND, published=""))
    monkeypatch.setattr(publication, "now", lambda: SECOND.published)
    other = publication._releases(site, [], [])
    assert other.now.published == SECOND.published and [each.name for each in other.earlier] == [FIRST.name]
