"""Runs are there whole or not at all."""

import pytest

from tf_eval.errors import RunError
from tf_eval.runs.manifest import NAME, Manifest, read_manifest
from tf_eval.runs.workspace import NOTEBOOK, Workspace

KEY = "0123456789abcdef" * 4


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "output")


def finish(workspace, name="mentors", key=KEY, text="{}"):
    with workspace.staging(name) as staged:
        (staged / NOTEBOOK).write_text(text)
        return workspace.complete(staged, Manifest(name, key, {}, {}, "2026-01-01T00:00:00Z", 1.0, []))


def test_a_finished_run_is_complete_under_its_own_key(workspace):
    folder = finish(workspace)
    assert folder == workspace.run_folder("mentors", KEY)
    assert workspace.is_complete("mentors", KEY)
    assert not workspace.is_complete("mentors", KEY[::-1])
    assert read_manifest(folder).key == KEY


def test_the_foot_of_a_page_says_in_words_when_it_was_made_and_by_which_run(workspace):
    assert read_manifest(finish(workspace)).stamp == "Made on 1 January 2026, 00:00 UTC, by run 0123456789ab"


def test_a_run_that_stops_half_way_leaves_nothing(workspace):
    with pytest.raises(KeyError), workspace.staging("mentors") as staged:
        (staged / NOTEBOOK).write_text("{}")
        raise KeyError
    assert not workspace.is_complete("mentors", KEY)
    assert list((workspace.folder / "runs" / "mentors").iterdir()) == []


def test_the_last_good_run_survives_a_failed_one(workspace):
    finish(workspace)
    with pytest.raises(KeyError), workspace.staging("mentors"):
        raise KeyError
    assert workspace.is_complete("mentors", KEY)


def test_a_run_done_again_replaces_the_old_one_and_leaves_no_rest(workspace):
    finish(workspace, text="old")
    folder = finish(workspace, text="new")
    assert (folder / NOTEBOOK).read_text() == "new"
    assert [item.name for item in folder.parent.iterdir()] == [folder.name]


@pytest.mark.parametrize("damage", [lambda run: (run / NAME).write_text("{"), lambda run: (run / NOTEBOOK).unlink()])
def test_a_damaged_run_is_not_complete_and_can_be_done_again(workspace, damage):
    damage(finish(workspace))
    assert not workspace.is_complete("mentors", KEY)
    finish(workspace)
    assert workspace.is_complete("mentors", KEY)


def test_a_damaged_record_is_said_to_be_damaged(workspace):
    folder = finish(workspace)
    (folder / NAME).write_text("{")
    with pytest.raises(RunError, match="cannot be read"):
        read_manifest(folder)


def test_two_runs_at_once_are_refused(workspace):
    with workspace.alone(), pytest.raises(RunError, match="another run is at work"), workspace.alone():
        pass


def test_a_failed_notebook_is_kept_apart(workspace):
    with workspace.staging("mentors") as staged:
        (staged / NOTEBOOK).write_text("failed")
        kept = workspace.keep_failed(staged, "mentors")
    assert kept.read_text() == "failed"
    assert workspace.site not in kept.parents
    assert kept.parent.stat().st_mode & 0o077 == 0, "others may not look into it: it may hold records"


def test_a_later_success_sweeps_the_failed_notebook_away(workspace):
    with workspace.staging("mentors") as staged:
        (staged / NOTEBOOK).write_text("failed")
        kept = workspace.keep_failed(staged, "mentors")
    finish(workspace)
    assert not kept.exists()
