"""Another method than pairs, by a plan's word: the page is true of it, and what was planted is found."""

import subprocess
import sys

import nbformat
import pandas as pd
import pytest
import yaml

from tf_eval.release import MIME_TYPE

ASB = "asb_incident"


@pytest.fixture(scope="module")
def released(oxfordshire, tmp_path_factory):
    """What the notebook publishes of the family intervention project, by full matching; by kind, the first of each."""
    folder = tmp_path_factory.mktemp("full")
    plan = yaml.safe_load(oxfordshire.plan("family_intervention_project").read_text(encoding="utf-8"))
    plan["matching"] = {**plan["matching"], "method": "full"}
    del plan["matching"]["ratio"]
    (folder / "full.yaml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    command = [sys.executable, "-m", "papermill", "notebooks/evaluation.ipynb", str(folder / "out.ipynb")]
    done = subprocess.run(
        [*command, "-f", str(folder / "full.yaml")],
        cwd=oxfordshire.folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    cells = nbformat.read(folder / "out.ipynb", as_version=4).cells
    outputs = [output["data"] for cell in cells for output in cell.get("outputs", []) if "data" in output]
    found = [data[MIME_TYPE] for data in outputs if MIME_TYPE in data]
    return {each["kind"]: each["payload"] for each in reversed(found)}


def test_what_was_planted_is_found(oxfordshire, released):
    truth = pd.read_parquet(oxfordshire.extracts.parent / "truth" / "effects.parquet")
    mine = truth[(truth["intervention"] == "family_intervention_project") & (truth["outcome"] == ASB)]
    planted = 1200 * mine.loc[mine["event_month"].between(1, 12), "att"].mean()
    (found,) = (row for row in released["verdict"]["rows"] if row["outcome"] == ASB)
    assert found["ci_low"] <= planted <= found["ci_high"] < 0


def test_the_page_says_how_it_was_done(released):
    assert released["methods"]["matching"]["method"] == "full"
    assert "ratio" not in released["methods"]["matching"], "nothing that the method has no use for"


def test_families_are_counted_and_not_their_rows(released):
    """In a flow every family stands once; no month can rest on more families than there are."""
    compared = [row["families"] for row in released["flow"]["rows"] if row["step"] == "compared"]
    treated, comparison = compared
    (found,) = (row for row in released["verdict"]["rows"] if row["outcome"] == ASB)
    assert released["verdict"]["n_treated"] <= treated and released["verdict"]["n_comparison"] <= comparison
    assert released["balance"]["n_comparison"] <= comparison
    assert found["verdict"] in ("works", "promising")
