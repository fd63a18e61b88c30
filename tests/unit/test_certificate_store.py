"""Records are kept under the fingerprint of what decides them, and of nothing else."""

import shutil

import pytest

from tf_eval import project
from tf_eval.certificate.store import Store
from tf_eval.runs import load_plan


@pytest.fixture
def key(tmp_path, monkeypatch):
    """Return what tells the key of a project's parameters as they are."""
    plans = [load_plan("params/evaluations/volunteer_mentors.yaml")]
    shutil.copytree(project.root() / "params", tmp_path / "params")
    monkeypatch.setattr(project, "root", lambda: tmp_path)
    return lambda: Store.below(tmp_path, "oxfordshire", plans).key


@pytest.mark.parametrize("name", ["outcomes.yaml", "verdicts.yaml", "programmes/oxfordshire_2012.yaml"])
def test_what_decides_a_verdict_decides_the_key(key, tmp_path, name):
    before = key()
    with (tmp_path / "params" / name).open("a") as file:
        file.write("# changed\n")
    assert key() != before


@pytest.mark.parametrize("name", ["release.yaml", "programmes/kent_2012.yaml", "of_something_else.yaml"])
def test_what_decides_no_verdict_does_not(key, tmp_path, name):
    before = key()
    with (tmp_path / "params" / name).open("a") as file:
        file.write("# changed\n")
    assert key() == before
