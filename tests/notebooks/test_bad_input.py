"""Whatever is wrong: one clear message, a status other than zero, and the published site untouched."""

from pathlib import Path

import pytest

NAME = "volunteer_mentors"


@pytest.fixture
def bench(dartford):
    """A project whose county is checked and whose site is published, to break one thing in."""
    site = dartford.folder / "output" / "site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("the last good site", encoding="utf-8")
    return dartford


def refused(bench, *arguments: str) -> str:
    """Run a command that has to fail, and return its message."""
    done = bench.tf_eval(*arguments)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    assert (bench.folder / "output" / "site" / "index.html").read_text(encoding="utf-8") == "the last good site"
    assert done.stderr.startswith("tf-eval: ")
    return done.stderr


def police_file(bench) -> Path:
    """A file that no manifest vouches for, so that what is wrong inside it is what is told."""
    (bench.extracts / "manifest.csv").unlink(missing_ok=True)
    return bench.extracts / "police_incidents.csv"


def test_a_file_that_is_not_as_it_was_sent(bench):
    path = bench.extracts / "police_incidents.csv"
    path.write_bytes(path.read_bytes()[:-1])
    assert "police_incidents.csv" in refused(bench, "check", bench.sources)


def test_a_missing_extract(bench):
    police_file(bench).unlink()
    message = refused(bench, "check", bench.sources)
    assert "police_incidents.csv" in message


def test_a_missing_column_names_its_near_miss(bench):
    text = police_file(bench).read_bytes()
    header, rest = text.split(b"\n", 1)
    police_file(bench).write_bytes(header.replace(b"INCIDENT_DATE", b"INCIDENT_DAT") + b"\n" + rest)
    message = refused(bench, "check", bench.sources)
    assert "police_incidents.csv" in message and "INCIDENT_DATE" in message and "INCIDENT_DAT" in message


def test_a_wrong_date_format_refuses_the_whole_file(bench):
    def expect_iso(document):
        entry = next(source for source in document["sources"] if source["file"] == "police_incidents.csv")
        entry["date_format"] = "%Y-%m-%d"

    bench.change(bench.folder / bench.sources, expect_iso)
    message = refused(bench, "check", bench.sources)
    assert "police_incidents.csv" in message and "INCIDENT_DATE" in message and "%d/%m/%Y" in message


def test_an_unknown_parameter_is_refused_with_its_near_miss(bench):
    bench.change(bench.plan(NAME), lambda plan: plan["matching"].update(calliper=plan["matching"].pop("caliper")))
    message = refused(bench, "run", str(bench.plan(NAME)))
    assert f"{NAME}.yaml" in message and "calliper" in message and "Did you mean 'caliper'?" in message


def test_every_problem_of_every_plan_is_told_at_once(bench):
    bench.change(bench.plan(NAME), lambda plan: plan["matching"].update(ratio="three"))
    bench.change(bench.plan("family_intervention_project"), lambda plan: plan.pop("question"))
    message = refused(bench, "run")
    assert "matching.ratio" in message and "question" in message


def test_a_key_that_stands_twice(bench):
    plan = bench.plan(NAME)
    plan.write_text(plan.read_text(encoding="utf-8") + "county: data/elsewhere\n", encoding="utf-8")
    assert "'county' stands twice" in refused(bench, "run", str(plan))


def test_an_unknown_outcome_is_told_by_the_notebook(bench):
    bench.change(bench.plan(NAME), lambda plan: plan.update(outcomes=["asb_incidents"], primary=["asb_incidents"]))
    message = refused(bench, "run", str(bench.plan(NAME)))
    assert "asb_incidents" in message and "Did you mean 'asb_incident'?" in message


def test_an_intervention_that_the_county_does_not_have(bench):
    bench.change(bench.plan(NAME), lambda plan: plan.update(intervention="volunteer_mentor"))
    message = refused(bench, "run", str(bench.plan(NAME)))
    assert "Did you mean 'volunteer_mentors'?" in message


def test_a_folder_where_a_sources_file_was_expected(bench):
    assert refused(bench, "check", "params") == (
        f"tf-eval: {bench.folder.name}/params: it is a folder where a file was expected; name a file.\n"
    )


def test_a_plan_that_is_not_there(bench):
    message = refused(bench, "run", "params/evaluations/volunter_mentors.yaml")
    assert "volunter_mentors.yaml" in message and "volunteer_mentors.yaml" in message


def test_a_county_that_was_never_made(bench):
    bench.change(bench.plan(NAME), lambda plan: plan.update(county="data/kent"))
    message = refused(bench, "run", str(bench.plan(NAME)))
    assert "tf-eval synth" in message and "tf-eval check" in message


def test_a_site_without_a_complete_run(bench):
    message = refused(bench, "site")
    assert "no complete run" in message
