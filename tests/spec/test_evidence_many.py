"""That the guide's section on many interventions is true: its code runs, and says what it says it does."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SECTION = (PROJECT / "docs" / "evidence.md").read_text(encoding="utf-8").split("## Many interventions at once")[1]


def test_the_code_runs(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    code = re.findall(r"```python\n(.*?)```", SECTION, flags=re.DOTALL)[0]
    exec(compile(code, "docs/evidence.md", "exec"), {})
    said = capsys.readouterr().out
    assert "of 3 interventions on lemp" in said or "the 3 interventions on lemp" in said
    assert "No effect is shrunk" in said
