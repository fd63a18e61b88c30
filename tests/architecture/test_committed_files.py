"""What may never be committed: outputs in a notebook, an address in the lock, logic in a notebook."""

import ast
import json
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


def code_cells(path: Path) -> list[dict]:
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request) -> Path:
    return request.param


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_a_notebook_is_committed_without_outputs(notebook):
    assert not [cell for cell in code_cells(notebook) if cell["outputs"] or cell["execution_count"]]


def test_a_notebook_has_one_parameters_cell(notebook):
    tagged = [cell for cell in code_cells(notebook) if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1


def test_a_notebook_holds_no_logic(notebook):
    logic = (ast.FunctionDef, ast.ClassDef, ast.If, ast.While, ast.Try, ast.Lambda)
    for cell in code_cells(notebook):
        tree = ast.parse("".join(cell["source"]))
        assert not [node for node in ast.walk(tree) if isinstance(node, logic)]


def test_prose_is_at_least_as_long_as_code(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    length = {kind: 0 for kind in ("markdown", "code")}
    for cell in cells:
        if "parameters" not in cell["metadata"].get("tags", []):
            length[cell["cell_type"]] += len("".join(cell["source"]))
    assert length["markdown"] >= length["code"]


@pytest.mark.parametrize(("name", "at_least"), [("", 50), ("-pages", 3), ("-spark", 1)])
def test_a_lock_has_hashes_and_no_addresses(name, at_least):
    lock = (PROJECT / f"requirements{name}.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pins = re.findall(r"^[a-z0-9][^ ]*==[^ ]+", lock, flags=re.MULTILINE)
    assert len(pins) > at_least
    blocks = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []
