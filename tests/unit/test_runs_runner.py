"""A run is the run of the county in its fingerprint, or it is a failed run."""

import nbformat.v4 as nb
import pytest

from tests.unit.test_report_pages import verdict_view
from tests.unit.test_runs_plan import GOOD
from tf_eval.release import Released, publish
from tf_eval.release.views import ProvenanceView
from tf_eval.runs import read_plan, runner
from tf_eval.runs.task import Task
from tf_eval.runs.workspace import Workspace

CHECKED, CHECKED_AGAIN = "1" * 64, "2" * 64


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a task whose notebook releases a verdict, and says that it read these counties."""
    workspace = Workspace(tmp_path / "output")
    task = Task("mentors", read_plan(GOOD), tmp_path / "evaluation.ipynb", {"county": CHECKED})

    def run(*counties, also=()):
        released = [publish(verdict_view()), *also, *(publish(ProvenanceView({}, stamp)) for stamp in counties)]
        outputs = [nb.new_output("display_data", data=one._repr_mimebundle_()) for one in released]
        notebook = nb.new_notebook(cells=[nb.new_code_cell("publish", execution_count=1, outputs=outputs)])

        def execute(source, output, *rest):
            output.write_text(nb.writes(notebook))
            return notebook

        monkeypatch.setattr(runner, "execute", execute)
        return runner.run_task(task, workspace), workspace.is_complete("mentors", task.key)

    return run


def test_a_notebook_that_read_the_county_of_the_fingerprint_is_a_run(run):
    assert run(CHECKED) == (None, True)


def test_a_notebook_of_which_no_page_can_be_drawn_is_a_failed_run(run):
    problem, complete = run(CHECKED, also=[Released("verdikt", "Mentors", {})])
    assert "Did you mean 'verdict'" in problem and not complete


@pytest.mark.parametrize(
    ("counties", "told"),
    [
        ((CHECKED_AGAIN,), "the county was checked again while this ran"),
        ((CHECKED, CHECKED_AGAIN), "the county was checked again while this ran"),
        ((), "does not say which county it read"),
    ],
)
def test_a_notebook_that_read_another_county_or_does_not_say_is_a_failed_run(run, counties, told):
    problem, complete = run(*counties)
    assert problem.startswith("mentors: ") and told in problem
    assert not complete
