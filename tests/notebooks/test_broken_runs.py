"""A notebook that fails, dies or releases nothing is a failed run, whatever its file says; and nothing leaks."""

import re
import shutil

import nbformat
import pytest
from filelock import FileLock

from tests.conftest import Workbench

NAME = "volunteer_mentors"
OTHER = "evaluations/family_intervention_project.html"
SECRET = "QQ123456C"


def put_notebook(dartford, source: str) -> None:
    """Replace the evaluation's notebook by one with a parameters cell and one cell of code."""
    parameters = nbformat.v4.new_code_cell("county = ''", metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[parameters, nbformat.v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, dartford.folder / "notebooks" / "evaluation.ipynb")


def failed(dartford) -> str:
    done = dartford.tf_eval("run", str(dartford.plan(NAME)))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert f"{NAME}: failed" in done.stdout
    assert not list((dartford.folder / "output" / "runs" / NAME).iterdir())
    return done.stderr


def test_a_kernel_that_dies(dartford):
    put_notebook(dartford, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert "kernel died" in failed(dartford)


def test_an_unexpected_error_is_told_without_its_text(dartford):
    put_notebook(dartford, f"raise KeyError('{SECRET}')")
    message = failed(dartford)
    assert "KeyError" in message and SECRET not in message


def test_what_a_kernel_prints_stays_out_of_the_terminal(dartford):
    put_notebook(dartford, f"import os\nos.write(2, b'{SECRET}')\nos.write(1, b'{SECRET}')\nprint('{SECRET}')")
    done = dartford.tf_eval("run", str(dartford.plan(NAME)))
    assert SECRET not in done.stdout + done.stderr


def test_an_error_of_ours_is_told_in_its_own_words(dartford):
    put_notebook(
        dartford, "from tf_eval.errors import InputError\nraise InputError('the extract is empty; send it again')"
    )
    assert "the extract is empty; send it again" in failed(dartford)


def test_a_notebook_that_releases_nothing(dartford):
    put_notebook(dartford, "print('all is well')")
    assert "released no verdict" in failed(dartford)


def test_the_failed_notebook_is_kept_for_a_researcher_and_never_published(dartford):
    put_notebook(dartford, f"raise KeyError('{SECRET}')")
    assert f"failed/{NAME}.ipynb" in failed(dartford)
    assert SECRET in (dartford.folder / "output" / "failed" / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert dartford.tf_eval("site").returncode != 0
    assert not (dartford.folder / "output" / "site").exists()


def test_one_run_at_a_time(dartford):
    (dartford.folder / "output").mkdir()
    with FileLock(dartford.folder / "output" / ".lock"):
        done = dartford.tf_eval("run", str(dartford.plan(NAME)))
    assert done.returncode == 1 and "another run is at work" in done.stderr


CHECK_AGAIN = """
import subprocess, sys
from pathlib import Path
sources = Path("params/sources/synthetic_dartford.yaml")
sources.write_text(sources.read_text().replace("delete_by: 2100-12-31", "delete_by: 2100-12-30"))
subprocess.run([sys.executable, "-m", "tf_eval.cli", "check", str(sources)], check=True, capture_output=True)
"""


def test_a_county_that_is_checked_again_before_the_notebook_opens_it(dartford):
    path = dartford.folder / "notebooks" / "evaluation.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(CHECK_AGAIN))
    nbformat.write(notebook, path)
    assert "the county was checked again while this ran" in failed(dartford)


def test_a_county_older_than_its_extracts_is_neither_run_nor_published(dartford):
    sources = dartford.folder / dartford.sources
    sources.write_text(sources.read_text(encoding="utf-8").replace("delete_by: 2100-12-31", "delete_by: 2100-12-30"))
    for command in ("run", "site"):
        done = dartford.tf_eval(command)
        assert done.returncode == 1
        assert "older than its extracts, their mapping" in done.stderr
        assert done.stderr.rstrip().endswith(f"tf-eval check {dartford.sources}")


@pytest.fixture(scope="module")
def small_site(dartford_once, tmp_path_factory):
    """Twenty families an intervention, evaluated and published once; with the pages that need the evaluations."""
    bench = Workbench(tmp_path_factory.mktemp("small_site"), "dartford")
    shutil.copytree(dartford_once.folder, bench.folder, dirs_exist_ok=True)
    of_no_interest = ("payment_by_results", "head_to_head", "identification", "data_quality")
    for name in of_no_interest:
        (bench.folder / "params" / f"{name}.yaml").unlink()
    for command in (("run", "--jobs", "2"), ("site",)):
        done = bench.tf_eval(*command)
        assert done.returncode == 0, done.stderr
    return bench


def page(bench, name: str) -> str:
    return (bench.folder / "output" / "site" / name).read_text(encoding="utf-8")


def test_a_county_too_small_to_tell_says_so_on_its_page(small_site):
    """A page all the same, which says that nobody can tell, and why."""
    assert "For 2 we cannot tell." in page(small_site, "index.html")
    for path in (small_site.folder / "output" / "site" / "evaluations").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "Too few families to estimate this." in text or "Enough families were studied" in text


def test_a_page_that_cannot_be_made_says_so_and_the_release_before_stays_in_the_archive(small_site):
    before = page(small_site, f"evaluations/{NAME}.html")
    unknown = {"outcomes": ["asb_incidentz"], "primary": ["asb_incidentz"]}
    small_site.change(small_site.plan(NAME), lambda plan: plan.update(unknown))
    ran, published = small_site.tf_eval("run", "--jobs", "2"), small_site.tf_eval("site")
    assert ran.returncode == 1 and "changes: done" in ran.stdout
    assert published.returncode == 0, published.stderr
    assert "Volunteer mentors: could not be made. outcomes: no outcome 'asb_incidentz'" in published.stderr
    (kept,) = (small_site.folder / "output" / "archive").iterdir()
    last = f"archive/{kept.name}/evaluations/{NAME}.html"
    index, failed, old = (page(small_site, name) for name in ("index.html", f"evaluations/{NAME}.html", last))
    assert "could not be made this time" in index and f'href="{last}"' in index
    assert "each answer stands by itself" in index and "each answer stands by itself" in page(small_site, OTHER)
    assert "no outcome &#39;asb_incidentz&#39;" in failed and f'href="../{last}"' in failed
    assert "This is not the latest release." in old
    assert re.sub(r'<aside aria-label="Not the latest.*?</aside>\n', "", old, flags=re.DOTALL) == before
    assert "Could not be made this time: Volunteer mentors" in page(small_site, "changes.html")
    assert page(small_site, "feed.xml").count("<entry>") == 2
