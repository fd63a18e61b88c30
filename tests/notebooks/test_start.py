"""The notebook that JupyterLab opens with: every step of a county runs, shows something, and publishes nothing."""

import subprocess
import sys

import nbformat

from tf_eval.release import MIME_TYPE


def test_every_step_shows_something_and_nothing_is_published(oxfordshire, tmp_path):
    command = [sys.executable, "-m", "papermill", "notebooks/start.ipynb", str(tmp_path / "out.ipynb")]
    done = subprocess.run(command, cwd=oxfordshire.folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    cells = [cell for cell in nbformat.read(tmp_path / "out.ipynb", as_version=4).cells if cell.cell_type == "code"]
    shown = {cell.id: [output["data"] for output in cell.outputs if "data" in output] for cell in cells}
    assert not [data for each in shown.values() for data in each if MIME_TYPE in data]
    for step, said in (("qualify", "qualify"), ("alike", "<figure>"), ("verdict", "Works"), ("works", "5 interv")):
        assert said in shown[step][0]["text/html"], step
    (works,) = (cell for cell in cells if cell.id == "works")
    bar = "".join(output.text for output in works.outputs if output.output_type == "stream")
    assert "5/5" in bar, "a bar tells how far long work has come"


def test_it_leads_to_every_other_notebook(oxfordshire):
    folder = oxfordshire.folder / "notebooks"
    text = (folder / "start.ipynb").read_text(encoding="utf-8")
    others = {each.name for each in folder.glob("*.ipynb")} - {"start.ipynb"}
    assert others and {name for name in others if f"({name})" not in text} == set()
