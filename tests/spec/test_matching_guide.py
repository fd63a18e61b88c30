"""That the guide for those who come from R is true: its code runs, and the names in its table are there."""

import re
from pathlib import Path

import pytest

import tf_eval as tf
from tf_eval.matching import Design
from tf_eval.matching.methods import METHODS

PROJECT = Path(__file__).resolve().parents[2]
GUIDE = (PROJECT / "docs" / "matching.md").read_text(encoding="utf-8")
OURS = [row.split("|")[2] for row in GUIDE.splitlines() if row.startswith("| ") and "| here |" not in row]


def test_the_code_runs(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL)
    exec(compile(code, "docs/matching.md", "exec"), {})
    assert "Optimal full matching" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([a-z_]+)(?:\(|`)", " ".join(OURS)))))
def test_every_name_of_the_table_is_there(name):
    assert hasattr(tf, name) or name in Design.__dataclass_fields__ or name in ("method",)


def test_the_table_names_every_method():
    assert {name for name in re.findall(r'"([a-z_]+)"', " ".join(OURS)) if name in METHODS} == set(METHODS)
