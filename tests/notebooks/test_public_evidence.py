"""The notebook on published studies, run as people run it, and the page that it makes."""

import subprocess
import sys
from pathlib import Path

from tf_eval.report import read_notebook, render_page

PROJECT = Path(__file__).resolve().parents[2]


def test_papermill_runs_it_and_the_page_has_a_verdict_for_each_study(tmp_path):
    output = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "notebooks/public_evidence.ipynb", str(output)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    page = render_page(output, stamp="now")
    assert page.count('<p class="answer">') == 7
    assert "Does a year of supported work raise what people earn?" in page and "$1,767" in page
    assert read_notebook(output).left_out == []
