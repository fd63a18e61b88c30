"""The whole way, as people go it: papermill by itself, the command line, and the published site."""

import json
import re
import subprocess
import sys

import nbformat
import pytest

NAMES = (
    "domestic_abuse_outreach",
    "employment_adviser",
    "family_intervention_project",
    "parenting_programme",
    "volunteer_mentors",
)
PAGES = ("index.html", *(f"evaluations/{name}.html" for name in NAMES))


@pytest.fixture(scope="module")
def published(oxfordshire):
    """Oxfordshire, evaluated and published once."""
    for command in (("run", "--jobs", "2"), ("site",)):
        done = oxfordshire.tf_eval(*command)
        assert done.returncode == 0, done.stderr
    return oxfordshire


def page(bench, name: str) -> str:
    return (bench.folder / "output" / "site" / name).read_text(encoding="utf-8")


def without_stamp(html: str) -> str:
    return re.sub(r"<footer.*?</footer>", "", html, flags=re.DOTALL)


def test_papermill_runs_the_notebook_as_it_stands(oxfordshire, tmp_path):
    output = tmp_path / "out.ipynb"
    plan = "params/evaluations/family_intervention_project.yaml"
    command = [sys.executable, "-m", "papermill", "notebooks/evaluation.ipynb", str(output), "-f", plan]
    done = subprocess.run(command, cwd=oxfordshire.folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    kinds = [
        data["kind"]
        for cell in nbformat.read(output, as_version=4).cells
        for shown in cell.get("outputs", [])
        for mime, data in shown.get("data", {}).items()
        if mime.startswith("application/vnd.tf-eval")
    ]
    expected = {
        "verdict",
        "flow",
        "population",
        "balance",
        "detectable",
        "effects",
        "event_study",
        "naive",
        "linkage",
        "registration",
        "standards",
        "methods",
        "rules",
        "provenance",
    }
    assert set(kinds) == expected


def test_run_all_in_the_notebooks_folder_finds_the_same_files(oxfordshire, tmp_path):
    """JupyterLab runs a notebook in the notebook's own folder, with the parameters that stand in it."""
    command = [sys.executable, "-m", "jupyter", "execute", "evaluation.ipynb", "--output", str(tmp_path / "out")]
    done = subprocess.run(
        command, cwd=oxfordshire.folder / "notebooks", capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_notebooks_own_parameters_are_those_of_a_plan(oxfordshire):
    from tf_eval.runs import load_plan, read_plan

    cells = json.loads((oxfordshire.folder / "notebooks" / "evaluation.ipynb").read_text(encoding="utf-8"))["cells"]
    source = next("".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", []))
    defaults: dict = {}
    exec(source, {}, defaults)
    defaults["county"] = f"data/{oxfordshire.preset}"
    assert read_plan(defaults) == load_plan(oxfordshire.plan("family_intervention_project"))


def test_every_evaluation_has_a_page_and_the_index_leads_to_it(published):
    index = page(published, "index.html")
    for name in NAMES:
        assert f'href="evaluations/{name}.html"' in index
        assert "<h1" in page(published, f"evaluations/{name}.html")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nothing_of_any_other_host_and_shows_no_code(published, name):
    html = page(published, name)
    assert not re.findall(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", html)
    assert "<script" not in html and "@import" not in html
    assert re.findall(r"<link[^>]*>", html) == ['<link rel="icon" href="data:,">'], "an icon, so that none is asked for"
    assert "tf.publish" not in html and "import tf_eval" not in html
    assert "Content-Security-Policy" in html


@pytest.mark.parametrize("name", PAGES[1:])
def test_a_page_says_what_a_reader_needs(published, name):
    text = page(published, name)
    for part in (
        "Who was studied",
        "How alike",
        "What changed",
        "before and after",
        "What could be wrong",
        "come from",
    ):
        assert part.lower() in text.lower(), part


def test_no_identifier_of_a_family_reaches_a_page_or_a_finished_notebook(published):
    """Identifiers and names of the extracts, each of which is rare enough to be no ordinary word or number."""
    import pandas as pd

    people = pd.read_csv(published.extracts / "housing_households.csv", dtype=str, encoding="utf-8", nrows=2000)
    identifiers = {
        value
        for column in people.columns
        for value in people[column].dropna().unique()
        if re.fullmatch(r"[A-Z]{2}\d{6}[A-Z]|\d{10,13}|[A-Z]\d{12}", value)
    }
    assert len(identifiers) > 1000, "the extract no longer has the identifiers that this test looks for"
    published_files = [*(published.folder / "output").rglob("*.html"), *(published.folder / "output").rglob("*.ipynb")]
    for path in published_files:
        found = set(re.findall(r"[A-Z0-9]{9,13}", path.read_text(encoding="utf-8")))
        assert not found & identifiers, path.name


def test_a_second_run_redoes_nothing(published):
    done = published.tf_eval("run")
    assert done.returncode == 0
    assert done.stdout.count("unchanged") == len(NAMES) and "done" not in done.stdout


def test_a_changed_plan_runs_that_evaluation_alone_and_is_not_published_before(published):
    plan = published.plan("volunteer_mentors")
    before = plan.read_text(encoding="utf-8")
    site = page(published, "index.html")
    try:
        published.change(plan, lambda document: document["matching"].update(ratio=2))
        refused = published.tf_eval("site")
        done = published.tf_eval("run")
    finally:
        plan.write_text(before, encoding="utf-8")
    assert refused.returncode != 0 and "volunteer_mentors: no complete run" in refused.stderr
    assert page(published, "index.html") == site
    assert done.stdout.count("unchanged") == len(NAMES) - 1
    assert "volunteer_mentors: done" in done.stdout


def test_the_same_inputs_give_the_same_bytes_but_for_the_stamp(published):
    name = "parenting_programme"
    before = page(published, f"evaluations/{name}.html")
    for command in (("run", "--force", str(published.plan(name))), ("run",), ("site",)):
        done = published.tf_eval(*command)
        assert done.returncode == 0, done.stderr
    after = page(published, f"evaluations/{name}.html")
    assert before != after, "the stamp tells the two runs apart"
    assert without_stamp(before) == without_stamp(after)


def test_a_notebook_changed_after_its_run_is_not_published(published):
    path = next((published.folder / "output" / "runs" / "employment_adviser").glob("*/evaluation.ipynb"))
    before = path.read_text(encoding="utf-8")
    site = page(published, "index.html")
    try:
        path.write_text(before.replace("may do harm", "works"), encoding="utf-8")
        done = published.tf_eval("site")
    finally:
        path.write_text(before, encoding="utf-8")
    assert done.returncode != 0 and "changed" in done.stderr
    assert page(published, "index.html") == site
