"""Files are found from the project's folder, wherever a notebook or a command was started."""

import pytest

from tf_eval import project
from tf_eval.errors import InputError


@pytest.fixture
def a_project(tmp_path):
    for name in ("params", "notebooks"):
        (tmp_path / name).mkdir()
    (tmp_path / "params" / "plan.yaml").write_text("a: 1\n")
    return tmp_path


@pytest.mark.parametrize("start", [".", "notebooks"])
def test_the_same_file_is_found_from_both_folders(a_project, monkeypatch, start):
    monkeypatch.chdir(a_project / start)
    assert project.locate("params/plan.yaml") == a_project / "params" / "plan.yaml"


def test_a_missing_file_names_its_neighbours(a_project, monkeypatch):
    monkeypatch.chdir(a_project)
    with pytest.raises(InputError, match=r"params/plam.yaml: no such plan .* holds: plan.yaml"):
        project.locate("params/plam.yaml", "plan")


def test_a_missing_folder_is_said_to_be_missing(a_project, monkeypatch):
    monkeypatch.chdir(a_project)
    with pytest.raises(InputError, match="folder 'elsewhere' does not exist"):
        project.locate("elsewhere/plan.yaml")


def test_outside_a_project_the_working_folder_counts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert project.resolve("a/b") == tmp_path / "a" / "b"


@pytest.mark.parametrize("path", [3, None, ["params"]])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(InputError, match="pass the path of a file or folder"):
        project.locate(path)
