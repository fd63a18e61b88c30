"""That the guide for those who come from R is true: its code runs, and the names in its table are there."""

import re
from pathlib import Path

import pytest

import tf_eval as tf
from tf_eval.did import Design, Estimates, GroupTimeATT
from tf_eval.did.methods import METHODS

PROJECT = Path(__file__).resolve().parents[2]
GUIDE = (PROJECT / "docs" / "did.md").read_text(encoding="utf-8")
OURS = [row.replace(r"\|", "").split("|")[2] for row in GUIDE.splitlines() if row.startswith("| ")]


def test_the_code_runs(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL)
    exec(compile(code, "docs/did.md", "exec"), {})
    assert capsys.readouterr().out.count("The estimated effect on lemp") == 4


@pytest.mark.parametrize("name", sorted(set(re.findall(r"(?<![\w\"])([a-z_]{2,})(?=\(|`|=)", " ".join(OURS)))))
def test_every_name_of_the_table_is_there(name):
    homes = (tf, GroupTimeATT, Estimates)
    options = {"method", "covariates", "seed", "bounds", "balanced"}
    assert name in options or name in Design.__dataclass_fields__ or any(hasattr(home, name) for home in homes)


def test_the_guide_names_every_method():
    assert {name for name in re.findall(r'"([a-z_]+)"', GUIDE) if name in METHODS} == set(METHODS)
