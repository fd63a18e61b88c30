"""What the documents list is what there is."""

from pathlib import Path

import pytest

from tf_eval.data.contract import BENEFITS, EVENT_KINDS, SPELL_KINDS, TABLES
from tf_eval.data.layouts import layout_names

PROJECT = Path(__file__).resolve().parents[2]
OFFICERS, README = (PROJECT / name for name in ("docs/extracts.md", "README.md"))


@pytest.mark.parametrize("word", [*EVENT_KINDS, *SPELL_KINDS, *TABLES, *layout_names()])
def test_the_data_officer_is_told_every_kind_table_and_layout(word):
    assert f"`{word}`" in OFFICERS.read_text(encoding="utf-8")


def test_the_data_officer_is_told_every_benefit():
    assert f"{', '.join(BENEFITS[:-1])} or {BENEFITS[-1]}" in OFFICERS.read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_readme_lists_every_column_of_the_contract(table):
    (line,) = (line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{table.name}`"))
    columns = [column.name for column in table.columns if column.name != "agency"]
    assert line.rstrip(" |").endswith(", ".join(f"`{name}`" for name in columns))
