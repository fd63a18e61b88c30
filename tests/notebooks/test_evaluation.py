"""The whole way, as people go it: papermill by itself, the command line, and the published site."""

import csv
import io
import json
import re
import subprocess
import sys
from zipfile import ZipFile

import nbformat
import pytest

import tf_eval as tf
from tests.reading import reading_age, running_text
from tf_eval.runs.task import prepare, site_files
from tf_eval.runs.workspace import Workspace

NAMES = (
    "domestic_abuse_outreach",
    "employment_adviser",
    "family_intervention_project",
    "parenting_programme",
    "volunteer_mentors",
)
EVALUATIONS = tuple(f"evaluations/{name}.html" for name in NAMES)
# The runs that rest on several of them.
OF_ALL = ("what_works", "payment_by_results", "head_to_head", "identification", "data_quality", "changes")
# The first release has nothing to be compared with, and so no table of changes.
WITH_TABLES = ("outcomes.html", *(f"{name}.html" for name in OF_ALL if name != "changes"), *EVALUATIONS)
PAGES = ("index.html", "archive.html", "changes.html", *WITH_TABLES)
ICON = '<link rel="icon" href="data:,">'  # so that none is asked for
FEED = '<link rel="alternate" type="application/atom+xml" title="All releases" href="feed.xml">'
AGES = {"index.html": 13.0, "outcomes.html": 13.5}  # hardly more than sentences of numbers and names of outcomes


def page(bench, name: str) -> str:
    return (bench.folder / "output" / "site" / name).read_text(encoding="utf-8")


def released(notebook) -> list[dict]:
    """All that the gate let out into an executed notebook."""
    return [
        data
        for cell in nbformat.read(notebook, as_version=4).cells
        for output in cell.get("outputs", [])
        for mime, data in output.get("data", {}).items()
        if mime.startswith("application/vnd.tf-eval")
    ]


def without_stamp(html: str) -> str:
    return re.sub(r"<footer.*?</footer>", "", html, flags=re.DOTALL)


def test_papermill_runs_the_notebook_as_it_stands(oxfordshire, tmp_path, monkeypatch):
    output = tmp_path / "out.ipynb"
    plan = "params/evaluations/family_intervention_project.yaml"
    command = [sys.executable, "-m", "papermill", "notebooks/evaluation.ipynb", str(output), "-f", plan]
    done = subprocess.run(command, cwd=oxfordshire.folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    shown = released(output)
    expected = {
        "verdict",
        "flow",
        "population",
        "balance",
        "detectable",
        "effects",
        "event_study",
        "naive",
        "subgroups",
        "linkage",
        "ways",
        "specifications",
        "hidden",
        "placebos",
        "appraisal",
        "deadweight",
        "registration",
        "standards",
        "methods",
        "rules",
        "provenance",
    }
    assert {one["kind"] for one in shown} == expected
    monkeypatch.chdir(oxfordshire.folder)
    asked = tf.load_plan(plan)
    (done,) = tf.evaluate_all([asked], tf.open_county(asked.county, purpose=asked.purpose, linkage=asked.linkage))
    assert tf.publish(done.verdict).payload in [one["payload"] for one in shown], "evaluate takes the notebook's steps"


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


def test_all_interventions_together_have_a_page_that_the_index_leads_to(published):
    index, together = page(published, "index.html"), page(published, "what_works.html")
    assert 'href="what_works.html"' in index
    assert "5 interventions were looked at on 15 effects that decide." in index
    assert 'href="index.html"' in together
    for said in (
        "allow for how many were looked at?",
        "Family intervention project",
        "May be number",
        "1\xa0to\xa06",
    ):
        assert said in together, said


def test_an_intervention_has_one_verdict_on_the_whole_site(published):
    """Looked at among all an intervention can count for less than by itself; what is left is said everywhere."""
    (run,) = (published.folder / "output" / "runs" / "what_works").iterdir()
    (answer,) = (one for one in released(run / "evaluation.ipynb") if one["kind"] == "what_works")
    verdicts = {one[0]["payload"]["intervention"]: one[0]["payload"]["verdict"] for one in answer["payload"]["judged"]}
    assert set(verdicts) == set(NAMES)
    cards = re.findall(
        r'<li class="card ([a-z-]+)">\s*<h3><a href="evaluations/([a-z_]+).html', page(published, "index.html")
    )
    assert {name: key.replace("-", " ") for key, name in cards} == verdicts
    for name, verdict in verdicts.items():
        assert f'<div class="verdict {verdict.replace(" ", "-")}">' in page(published, f"evaluations/{name}.html")


def test_payment_by_results_has_a_page_that_the_index_leads_to(published):
    index, paid = page(published, "index.html"), page(published, "payment_by_results.html")
    assert 'href="payment_by_results.html"' in index and "no measure of what changed" in index
    for said in ("What does payment by results pay for?", "What would have been paid anyway", "2013/14"):
        assert said in paid, said
    assert "Families of whom a result could be claimed" in paid


@pytest.mark.parametrize("name", WITH_TABLES)
def test_the_tables_of_a_page_are_files_beside_it_that_hold_no_number_but_those_of_the_page(published, name):
    html = page(published, name)
    beside = (published.folder / "output" / "site" / name).parent
    workbook, packed = re.findall(r'href="([^"]+)" download', html)
    assert (beside / workbook).read_bytes()[:2] == b"PK"
    shown = set(numbers(re.sub(r"<[^>]*>", " ", html[html.index("<main") :])))
    with ZipFile(beside / packed) as archive:
        tables = [archive.read(part).decode("utf-8-sig") for part in archive.namelist() if part.startswith("Table")]
    assert len(tables) == html.count("<table")
    cells = {cell for table in tables for line in csv.reader(io.StringIO(table)) for cell in line}
    assert not {number for cell in cells for number in numbers(cell)} - shown


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text))


def test_every_outcome_of_the_index_leads_to_what_was_found_of_it(published):
    outcomes = page(published, "outcomes.html")
    anchors = re.findall(r'href="outcomes.html#([^"]+)"', page(published, "index.html"))
    assert len(anchors) >= 7 and all(f'<h2 id="{anchor}">' in outcomes for anchor in anchors)


def test_who_qualifies_has_a_page_that_the_index_leads_to(published):
    index, qualify = page(published, "index.html"), page(published, "identification.html")
    assert 'href="identification.html"' in index and "families met the criteria of" in index
    for said in (
        "How many families qualify here?",
        "the 810 that were allocated",
        "By what they qualify",
        "Since when",
    ):
        assert said in qualify, said
    assert "Youth offending" in qualify and "All kinds" not in qualify


def test_the_records_have_a_page_that_the_index_leads_to(published):
    index, records = page(published, "index.html"), page(published, "data_quality.html")
    assert 'href="data_quality.html"' in index and "can tell: 7 agencies sent" in index
    for said in (
        "Can these records be trusted?",
        "What was set aside",
        "By district",
        "What nobody could have noticed",
    ):
        assert said in records, said


def test_one_intervention_against_another_has_a_page_that_the_index_leads_to(published):
    index, versus = page(published, "index.html"), page(published, "head_to_head.html")
    assert 'href="head_to_head.html"' in index and "One against the other" in index
    for said in ("Which is better, a family intervention project worker", "might have had either", "What it costs."):
        assert said in versus, said
    assert "Before the start, families with family intervention project differed from families with" in versus


def test_results_are_paid_by_every_route_and_about_a_tenth_of_them_for_employment(published):
    """Nationally it was 10,508 of 105,671 by February 2015; of some 400 a tenth has a standard error of 1.5 points."""
    notebook = next((published.folder / "output" / "runs" / "payment_by_results").glob("*/*.ipynb"))
    (paid,) = [data["payload"] for data in released(notebook) if data["kind"] == "payment"]
    families = {row["title"]: row["families"] for row in paid["routes"]}
    assert all(count != "[c]" for count in families.values())
    assert 0.05 < families["Continuous employment"] / paid["claimed"] < 0.16
    assert families["Progress to work"] < families["Crime, antisocial behaviour and education"]


def test_the_first_release_has_a_page_that_says_so_and_stands_in_the_list_and_the_feed(published):
    index, changes, listed = (page(published, name) for name in ("index.html", "changes.html", "archive.html"))
    assert 'href="changes.html"' in index and 'href="archive.html"' in index
    assert "This is the first release" in changes and "This is the first release" in listed
    entry = page(published, "feed.xml").split("<entry>")[1]
    assert "Family intervention project: Promising." in entry or "Family intervention project: Works." in entry


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nothing_of_any_other_host_and_shows_no_code(published, name):
    html = page(published, name)
    assert not re.findall(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", html)
    assert "<script" not in html and "@import" not in html
    assert re.findall(r"<link[^>]*>", html) == [ICON, FEED] if name in ("index.html", "archive.html") else [ICON]
    assert "tf.publish" not in html and "import tf_eval" not in html
    assert "Content-Security-Policy" in html


@pytest.mark.parametrize("name", EVALUATIONS)
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


@pytest.mark.parametrize("name", PAGES)
def test_a_page_as_a_whole_can_be_read_at_about_twelve(published, name):
    """The sentences that templates make carry numbers, units and the agencies' names of things: so half a year more."""
    assert reading_age(running_text(page(published, name))) <= AGES.get(name, 12.5)


@pytest.mark.parametrize("name", EVALUATIONS)
def test_a_page_answers_first_and_then_goes_by_a_readers_questions(published, name):
    """The answer with its doubt, its cost and one figure comes first, and the methods and sources last."""
    html = page(published, name)
    asked = (
        'class="verdict',
        "How sure we are.",
        "What it cost.",
        "On this page",
        "<h2>What was tried, and who was studied",
        "<h2>Compared with whom",
        "<h2>What changed, and when",
        "<h2>Is it true?",
        "<h2>Was it worth the money?",
        "<h2>What could be wrong",
        "<h2>What would change our mind",
        "<h2>How it was done",
        "<h2>Where the numbers come from",
        "This page has not yet been read by a second person.",
    )
    order = [html.index(words) for words in asked]
    assert order == sorted(order)
    assert html[: html.index("On this page")].count("<figure>") <= 1


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
    output = published.folder / "output"
    texts = {
        path: path.read_text(encoding="utf-8") for ending in ("html", "ipynb") for path in output.rglob(f"*.{ending}")
    }
    for path in output.rglob("*.zip"):
        with ZipFile(path) as archive:
            texts[path] = " ".join(archive.read(part).decode("utf-8") for part in archive.namelist())
    for path, text in texts.items():
        assert not set(re.findall(r"[A-Z0-9]{9,13}", text)) & identifiers, path.name


def test_a_second_run_redoes_nothing(published):
    done = published.tf_eval("run")
    assert done.returncode == 0
    assert done.stdout.count("unchanged") == len(NAMES) + len(OF_ALL) and "done" not in done.stdout


def test_a_changed_plan_makes_that_evaluation_and_those_of_all_stale_and_is_not_published_before(
    published, monkeypatch
):
    """What would be run again is asked and not run, which takes minutes: ``test_broken_runs`` runs a changed plan."""
    monkeypatch.chdir(published.folder)
    workspace = Workspace(published.folder / "output")
    plan = published.plan("volunteer_mentors")
    before = plan.read_text(encoding="utf-8")
    site = page(published, "index.html")
    try:
        published.change(plan, lambda document: document["matching"].update(ratio=2))
        refused = published.tf_eval("site")
        tasks = [task for task in prepare(site_files()) if not task.is_last]
    finally:
        plan.write_text(before, encoding="utf-8")
    assert refused.returncode != 0 and "volunteer_mentors: no complete run" in refused.stderr
    assert page(published, "index.html") == site
    stale = {task.name for task in tasks if not workspace.is_complete(task.name, task.key)}
    assert stale == {"volunteer_mentors", *OF_ALL} - {"changes"}


def test_the_same_inputs_give_the_same_bytes_but_for_the_stamp(published):
    name = "parenting_programme"
    before = page(published, f"evaluations/{name}.html")
    workbook = published.folder / "output" / "site" / "evaluations" / f"{name}.xlsx"
    tables = workbook.read_bytes()
    for command in (("run", "--force", str(published.plan(name))), ("run",), ("site",)):
        done = published.tf_eval(*command)
        assert done.returncode == 0, done.stderr
    after = page(published, f"evaluations/{name}.html")
    assert before != after, "the stamp tells the two runs apart"
    assert without_stamp(before) == without_stamp(after)
    assert workbook.read_bytes() == tables


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
