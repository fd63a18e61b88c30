"""What a researcher does in a notebook, one line at a time."""

import nbformat
from nbclient import NotebookClient

from tests.council import Council


def test_a_county_can_be_built_in_a_notebook(tmp_path):
    """DuckDB behaves otherwise in a kernel: it draws its progress with widgets, or refuses to."""
    council = Council(tmp_path)
    council.build()
    (tmp_path / "county.duckdb").unlink()
    lines = ["import tf_eval as tf", f"print(tf.build_county({str(tmp_path / 'sources.yaml')!r}).summary())"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(line) for line in lines])
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    (printed,) = notebook.cells[1].outputs
    assert printed["name"] == "stdout" and "Testshire" in printed["text"]
