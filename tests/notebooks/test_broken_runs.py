"""A notebook that fails, dies or releases nothing is a failed run, whatever its file says; and nothing leaks."""

import nbformat
import pytest
from filelock import FileLock

NAME = "volunteer_mentors"
SECRET = "QQ123456C"


@pytest.fixture(scope="module")
def checked_once(dartford_once):
    done = dartford_once.tf_eval("check", dartford_once.sources)
    assert done.returncode == 0, done.stderr
    return dartford_once


@pytest.fixture
def bench(checked_once, dartford):
    return dartford


def put_notebook(bench, source: str) -> None:
    """Replace the evaluation's notebook by one with a parameters cell and one cell of code."""
    parameters = nbformat.v4.new_code_cell("county = ''", metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[parameters, nbformat.v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, bench.folder / "notebooks" / "evaluation.ipynb")


def failed(bench) -> str:
    done = bench.tf_eval("run", str(bench.plan(NAME)))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert f"{NAME}: failed" in done.stdout
    assert not list((bench.folder / "output" / "runs" / NAME).iterdir())
    return done.stderr


def test_a_kernel_that_dies(bench):
    put_notebook(bench, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert "kernel died" in failed(bench)


def test_an_unexpected_error_is_told_without_its_text(bench):
    put_notebook(bench, f"raise KeyError('{SECRET}')")
    message = failed(bench)
    assert "KeyError" in message and SECRET not in message


def test_what_a_kernel_prints_stays_out_of_the_terminal(bench):
    put_notebook(bench, f"import os\nos.write(2, b'{SECRET}')\nos.write(1, b'{SECRET}')\nprint('{SECRET}')")
    done = bench.tf_eval("run", str(bench.plan(NAME)))
    assert SECRET not in done.stdout + done.stderr


def test_an_error_of_ours_is_told_in_its_own_words(bench):
    put_notebook(
        bench, "from tf_eval.errors import InputError\nraise InputError('the extract is empty; send it again')"
    )
    assert "the extract is empty; send it again" in failed(bench)


def test_a_notebook_that_releases_nothing(bench):
    put_notebook(bench, "print('all is well')")
    assert "released no verdict" in failed(bench)


def test_the_failed_notebook_is_kept_for_a_researcher_and_never_published(bench):
    put_notebook(bench, f"raise KeyError('{SECRET}')")
    assert f"failed/{NAME}.ipynb" in failed(bench)
    assert SECRET in (bench.folder / "output" / "failed" / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert bench.tf_eval("site").returncode != 0
    assert not (bench.folder / "output" / "site").exists()


def test_one_run_at_a_time(bench):
    (bench.folder / "output").mkdir()
    with FileLock(bench.folder / "output" / ".lock"):
        done = bench.tf_eval("run", str(bench.plan(NAME)))
    assert done.returncode == 1 and "another run is at work" in done.stderr


def test_a_county_too_small_to_tell_says_so_on_its_page(bench):
    """Twenty families an intervention: a page all the same, which says that nobody can tell, and why."""
    for command in (("run", "--jobs", "2"), ("site",)):
        done = bench.tf_eval(*command)
        assert done.returncode == 0, done.stderr
    site = bench.folder / "output" / "site"
    index = (site / "index.html").read_text(encoding="utf-8")
    assert "For 2 we cannot tell." in index
    for page in (site / "evaluations").iterdir():
        text = page.read_text(encoding="utf-8")
        assert "Too few families to estimate this." in text or "Enough families were studied" in text
