"""The first thing a newcomer meets: a clear word where Python is too old or cannot make environments."""

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "bootstrap.py"


@pytest.fixture
def bootstrap():
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_is_refused_with_advice(bootstrap, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    with pytest.raises(SystemExit, match=r"3\.11 or newer is needed, this is 3\.9\.18.*make PYTHON="):
        bootstrap.check_python()


def test_a_python_without_venv_is_refused_with_advice(bootstrap, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        bootstrap.check_python()


def test_this_python_is_accepted(bootstrap):
    bootstrap.check_python()


def test_an_old_python_can_read_the_script(bootstrap):
    """No f-string, no annotation, no print(): a Python of 2010 has to come as far as the sentence that refuses it."""
    import ast

    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.returns]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "print"]


def test_nothing_is_done_twice_and_a_new_lock_is_seen(bootstrap, monkeypatch, tmp_path):
    for name in bootstrap.INPUTS:
        (tmp_path / name).write_text("a")
    monkeypatch.setattr(bootstrap, "HERE", str(tmp_path))
    monkeypatch.setattr(bootstrap, "STAMP", str(tmp_path / "stamp"))
    done = []
    monkeypatch.setattr(bootstrap, "install", lambda: done.append(1))
    bootstrap.main()
    bootstrap.main()
    assert done == [1]
    (tmp_path / "requirements.lock").write_text("b")
    bootstrap.main()
    assert done == [1, 1]
