"""That what docs/value.md says of costs and savings is true: its code runs, and its numbers are those that come out."""

import re
from pathlib import Path

from tf_eval.value.appraisal.national import compare_with_national

PROJECT = Path(__file__).resolve().parents[2]
GUIDE = (PROJECT / "docs" / "value.md").read_text(encoding="utf-8")
SECTION = GUIDE.split("## What support costs and saves", 1)[1].split("\n## ", 1)[0]


def test_the_code_runs(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    (code,) = re.findall(r"```python\n(.*?)```", SECTION, flags=re.DOTALL)
    exec(compile(code, "docs/value.md", "exec"), {})
    assert "Volunteer mentors (usual) costs" in capsys.readouterr().out


def test_the_national_ratios_are_those_that_come_out():
    here = compare_with_national().table().set_index(["ratio", "scenario"])["here"]
    told = " ".join(SECTION.split())
    for ratio, rest in (("fiscal", "fiscal"), ("economic", "with economic value")):
        first, second, third = (f"£{here[ratio, scenario]:.2f}" for scenario in ("stops", "decays", "lasts"))
        assert f"{first}, {second} and {third} {rest}" in told
