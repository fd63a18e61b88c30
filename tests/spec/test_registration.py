"""A plan fixed beforehand: what is registered, what counts as a change, and what a page says of it."""

import json
import re
import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tests.cohort_county import FIRST_DAY, small_county
from tests.cohort_panel import BENEFITS, OFFENCES
from tests.reading import prose
from tf_eval.cli import app
from tf_eval.cohort.drawn import earliest_drawn
from tf_eval.errors import ConfigError
from tf_eval.release import Released, publish
from tf_eval.report import to_html
from tf_eval.report.words import GLOSSARY
from tf_eval.runs import fingerprint, load_plan, registration
from tf_eval.runs.register import REGISTER, content_of, read_register, register_plans
from tf_eval.runs.registration import standing
from tf_eval.runs.task import prepare_one

PROJECT = Path(__file__).resolve().parents[2]
PLAN = {
    "county": "data/anywhere",
    "programme": "params/programmes/oxfordshire_2012.yaml",
    "intervention": "volunteer_mentors",
    "title": "Volunteer mentors",
    "question": "Do mentors help?",
    "description": "A volunteer visits every week.",
    "outcomes": ["asb_incident", "exclusion"],
    "matching": {"covariates": ["asb_incident_12m", "children"]},
}
THEN, LATER = date(2026, 11, 29), date(2027, 3, 1)


@pytest.fixture
def council(tmp_path, monkeypatch):
    """A project in which plans can be written and registered."""
    for name in ("params/programmes", "params/evaluations", "notebooks"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("outcomes.yaml", "programmes/oxfordshire_2012.yaml"):
        shutil.copy(PROJECT / "params" / name, tmp_path / "params" / name)
    monkeypatch.chdir(tmp_path)
    return Council(tmp_path)


class Council:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str = "mentors", **changed) -> Path:
        path = self.folder / "params" / "evaluations" / f"{name}.yaml"
        path.write_text(yaml.safe_dump({**PLAN, **changed}), encoding="utf-8")
        return path

    def page(self, path: Path, drawn: date | None) -> Released:
        """What is published of a plan's registration, where events are covered up to a day, or not at all."""
        coverage = [("police", "event", None, FIRST_DAY, drawn)] if drawn else []
        return publish(registration(load_plan(path), small_county(coverage)))


def test_that_a_study_is_looked_at_once_is_no_clause_and_that_it_is_looked_at_again_is_one(council):
    path = council.write()
    register_plans([path], on=THEN)
    assert "looks" not in content_of(load_plan(path))["plan"]
    council.write(looks={"first": "2013-06", "planned": 24})
    assert standing(load_plan(path)) == f"changed after registration on {THEN}"


def test_a_plan_registered_before_its_data_were_drawn(council):
    path = council.write()
    assert register_plans([path], on=THEN) == {"mentors": True}
    released = council.page(path, drawn=LATER)
    assert released.payload["status"] == "before" and not released.payload["changes"]
    html = to_html(released)
    assert "Volunteer mentors: this plan was registered on 29 November 2026, before these data were drawn (on 1" in html
    assert "(on 1 March 2027 or later" in html
    assert "<table" not in html


@pytest.mark.parametrize("drawn", [date(2015, 4, 1), THEN, None])
def test_a_plan_registered_when_its_data_could_have_been_drawn_already(council, drawn):
    path = council.write()
    register_plans([path], on=THEN)
    released = council.page(path, drawn)
    assert released.payload["status"] == "after"
    assert "could already have been drawn" in to_html(released)


@pytest.mark.parametrize("name", ["evaluation", "head_to_head"])
def test_the_prose_of_a_page_leaves_it_to_the_register_what_was_fixed_before_results_were_seen(name):
    told = " ".join(prose(PROJECT / "notebooks" / f"{name}.ipynb").values()) + " ".join(GLOSSARY.values())
    assert not re.search(
        r"before (any|the) \w+ (of [\w ]+ )?(was|were) (seen|looked)|before anything was|said beforehand", told
    )


def test_a_plan_that_was_not_registered(council):
    released = council.page(council.write(), drawn=LATER)
    assert released.payload["status"] == "not registered"
    assert "Volunteer mentors: this plan was not registered." in to_html(released)
    assert standing(load_plan(council.write())) == "not registered"


def test_a_changed_plan_shows_each_clause_as_it_was_and_as_it_is(council):
    register_plans([council.write()], on=THEN)
    path = council.write(
        primary=["exclusion"],
        estimation={"follow_up": [7, 12]},
        smallest_worthwhile={"exclusion": 12.5},
        matching={"covariates": ["children"], "caliper": None},
    )
    released = council.page(path, drawn=LATER)
    assert released.payload["status"] == "changed"
    changes = {row["clause"]: (row["registered"], row["present"]) for row in released.payload["changes"]}
    assert changes == {
        "primary": ("asb_incident, exclusion", "exclusion"),
        "estimation.follow_up": ("1, 12", "7, 12"),
        "smallest_worthwhile.exclusion": ("20", "12.5"),
        "matching.covariates": ("asb_incident_12m, children", "children"),
        "matching.caliper": ("0.2", "nothing"),
    }
    html = to_html(released)
    assert "changed after it was registered on 29 November 2026" in html
    assert "matching.caliper" in html and "As registered" in html
    assert standing(load_plan(path)) == "changed after registration on 2026-11-29"


def test_of_long_lists_only_what_one_of_them_has_is_shown(council):
    same = [f"covariate_{letter}" for letter in "abcd"]
    register_plans([council.write(matching={"covariates": [*same, "children"]})], on=THEN)
    (change,) = council.page(council.write(matching={"covariates": same}), drawn=LATER).payload["changes"]
    assert (change["registered"], change["present"]) == (
        "children (beside what is in both)",
        "nothing (beside what is in both)",
    )


def test_the_order_of_a_list_is_a_change_and_is_shown_whole(council):
    register_plans([council.write()], on=THEN)
    path = council.write(outcomes=["exclusion", "asb_incident"], primary=["asb_incident", "exclusion"])
    (change,) = council.page(path, drawn=LATER).payload["changes"]
    assert change == {
        "clause": "outcomes",
        "registered": "asb_incident, exclusion",
        "present": "exclusion, asb_incident",
    }


MANY = {"column": "children", "label": "many children", "others": "families with few", "at_least": 3}
MANY |= {"expects": "more"}
DISTRICTS = {"column": "district", "label": "districts"}


def test_a_plan_without_subgroups_is_registered_as_it_was_before_any_could_declare_them(council):
    content = content_of(load_plan(council.write()))
    assert "subgroups" not in content["plan"]
    assert content == content_of(load_plan(council.write(subgroups=[])))
    assert content_of(load_plan(council.write(subgroups=[DISTRICTS])))["plan"]["subgroups"][0]["column"] == "district"


def test_subgroups_that_are_declared_after_registration_are_a_change(council):
    register_plans([council.write(subgroups=[MANY])], on=THEN)
    path = council.write(subgroups=[{**MANY, "at_least": 4}, DISTRICTS])
    released = council.page(path, drawn=LATER)
    assert released.payload["status"] == "changed"
    before = "column: children; label: many children; at_least: 3; others: families with few; expects: more"
    assert released.payload["changes"] == [
        {"clause": "subgroups: many children", "registered": before, "present": before.replace("3", "4")},
        {"clause": "subgroups: districts", "registered": "nothing", "present": "column: district; label: districts"},
    ]


def test_subgroups_that_are_taken_out_after_registration_are_a_change(council):
    register_plans([council.write(subgroups=[DISTRICTS])], on=THEN)
    (change,) = council.page(council.write(), drawn=LATER).payload["changes"]
    assert (change["clause"], change["present"]) == ("subgroups: districts", "nothing")


def test_a_plan_without_negative_controls_is_registered_as_it_was_before_any_could_declare_them(council):
    content = content_of(load_plan(council.write()))
    assert "negative_controls" not in content["plan"]
    assert content == content_of(load_plan(council.write(negative_controls=[])))
    assert sorted(content["rests_on"]) == ["asb_incident", "exclusion", "the programme"]


def test_negative_controls_are_registered_with_their_definition_and_declaring_one_later_is_a_change(council):
    register_plans([council.write(negative_controls=["plan_or_care"])], on=THEN)
    path = council.write(negative_controls=["plan_or_care"])
    assert council.page(path, drawn=LATER).payload["status"] == "before"
    content = content_of(load_plan(path))
    assert "plan_or_care" in content["rests_on"] and "plan_or_care" not in content["plan"]["smallest_worthwhile"]
    released = council.page(council.write(negative_controls=["proven_offence"]), drawn=LATER)
    assert {row["clause"]: (row["registered"], row["present"]) for row in released.payload["changes"]}[
        "negative_controls"
    ] == ("plan_or_care", "proven_offence")


def test_a_negative_control_that_is_no_outcome_is_refused(council):
    with pytest.raises(ConfigError, match="Did you mean 'plan_or_care'"):
        content_of(load_plan(council.write(negative_controls=["plan_or_car"])))


def test_what_a_plan_refers_to_is_registered_with_it(council):
    path = council.write()
    register_plans([path], on=THEN)
    outcomes = council.folder / "params" / "outcomes.yaml"
    document = yaml.safe_load(outcomes.read_text(encoding="utf-8"))
    document["outcomes"]["exclusion"].update(smallest_worthwhile=5, label="School exclusions")
    document["outcomes"]["asb_incident"].update(lag_months=2)
    outcomes.write_text(yaml.safe_dump(document), encoding="utf-8")
    changes = council.page(path, drawn=LATER).payload["changes"]
    assert [row["clause"] for row in changes] == ["smallest_worthwhile.exclusion", "definition of asb_incident"]
    programme = council.folder / "params" / "programmes" / "oxfordshire_2012.yaml"
    programme.write_text("# a comment\n" + programme.read_text(encoding="utf-8"), encoding="utf-8")
    assert len(council.page(path, drawn=LATER).payload["changes"]) == 2
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("title:", "title: Another", 1), encoding="utf-8")
    assert council.page(path, drawn=LATER).payload["changes"][-1]["clause"] == "definition of the programme"


def test_comments_the_order_of_keys_and_defaults_that_are_written_out_change_nothing(council):
    path = council.write()
    register_plans([path], on=THEN)
    written = {
        "estimation": {"follow_up": [1, 12], "baseline": 12},
        "primary": PLAN["outcomes"],
        **dict(reversed(PLAN.items())),
        "smallest_worthwhile": {"exclusion": 20},
    }
    path.write_text("# A comment.\n" + yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    assert register_plans([path], on=LATER) == {"mentors": False}
    assert len(read_register()) == 1
    assert council.page(path, drawn=LATER).payload["status"] == "before"


def test_the_register_only_grows_and_the_last_entry_counts(council):
    path = council.write()
    register_plans([path], on=THEN)
    first = (council.folder / REGISTER).read_bytes()
    path = council.write(linkage="strict")
    assert register_plans([path], on=LATER) == {"mentors": True}
    assert (council.folder / REGISTER).read_bytes().startswith(first)
    released = council.page(path, drawn=date(2027, 1, 1))
    assert (released.payload["status"], released.payload["registered_on"]) == ("after", "2027-03-01")
    assert "Another version had been registered before, on 29 November 2026." in to_html(released)
    assert council.page(council.write(), drawn=LATER).payload["status"] == "changed", (
        "the older version no longer counts"
    )


def test_plans_of_another_intervention_or_county_are_not_told_by_it(council):
    register_plans([council.write()], on=THEN)
    for changed in ({"intervention": "parenting_programme"}, {"county": "data/elsewhere"}):
        assert standing(load_plan(council.write(**changed))) == "not registered"


def test_a_clause_that_plans_did_not_have_then_is_no_change_while_it_has_its_default(council, monkeypatch):
    def without_linkage(plan):
        content = content_of(plan)
        del content["plan"]["linkage"]
        return content

    path = council.write()
    with monkeypatch.context() as patch:
        patch.setattr("tf_eval.runs.register.content_of", without_linkage)
        register_plans([path], on=THEN)
    assert standing(load_plan(path)) == "registered on 2026-11-29"
    assert register_plans([path], on=LATER) == {"mentors": False}
    assert standing(load_plan(council.write(linkage="loose"))).startswith("changed")


def test_the_command_line_registers_and_says_how_plans_stand(council, capsys):
    def said(*arguments: str) -> str:
        app(["register", *arguments], standalone_mode=False)
        return capsys.readouterr().out

    mentors = str(council.write())
    assert "mentors: not registered" in said("--check")
    assert "mentors: registered" in said(mentors) and "mentors: unchanged" in said(mentors)
    council.write("outreach", intervention="domestic_abuse_outreach")
    assert "mentors: registered on" in said("--check") and "outreach: not registered" in said("--check")
    council.write(linkage="strict")
    assert "mentors: changed after registration on" in said("--check", mentors)
    with pytest.raises(ConfigError, match="name the plans"):
        said()


def test_a_run_is_of_the_register_as_it_stood_for_its_plan(council, monkeypatch):
    """The page tells of the registration, so that a run from before it is not the run of now."""
    monkeypatch.setattr("tf_eval.runs.task.open_county", lambda *_, **__: SimpleNamespace(stamp="stamp"))
    monkeypatch.setattr("tf_eval.runs.task._shared_inputs", dict)
    (council.folder / "notebooks" / "evaluation.ipynb").write_text("{}", encoding="utf-8")
    path = council.write()
    before = prepare_one(path).key
    register_plans([council.write("outreach", intervention="domestic_abuse_outreach")], on=THEN)
    assert prepare_one(path).key == before, "another plan's registration is nothing to it"
    register_plans([path], on=THEN)
    assert prepare_one(path).key != before


def test_one_wrong_plan_registers_none(council):
    good, bad = council.write(), council.write("wrong", outcomes=["asb_incidents"])
    with pytest.raises(ConfigError, match="asb_incident"):
        register_plans([good, bad], on=THEN)
    assert not (council.folder / REGISTER).exists()


TAMPERINGS = {
    "the content of an entry": lambda lines: [lines[0].replace("Do mentors help?", "Do mentors harm?"), *lines[1:]],
    "the day of an entry": lambda lines: [lines[0].replace("2026-11-29", "2020-11-29"), *lines[1:]],
    "an entry taken out": lambda lines: lines[1:],
    "entries exchanged": lambda lines: lines[::-1],
    "no entry at all": lambda lines: ["not json", *lines],
    "an entry cut short": lambda lines: [lines[0][:50], *lines[1:]],
}


@pytest.mark.parametrize("tamper", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_register_that_was_tampered_with_is_refused(council, tamper):
    register_plans([council.write(), council.write("other", intervention="parenting_programme")], on=THEN)
    path = council.folder / REGISTER
    path.write_text("\n".join(tamper(path.read_text(encoding="utf-8").splitlines())) + "\n", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"params/register.jsonl, line \d: this entry is not as it was written"
    ) as told:
        council.page(council.write(), drawn=LATER)
    assert "version control" in str(told.value) and "\n" not in str(told.value)


def test_an_entry_whose_hash_was_made_to_fit_a_changed_content_is_refused_by_its_seal(council):
    register_plans([council.write()], on=THEN)
    path = council.folder / REGISTER
    entry = json.loads(path.read_text(encoding="utf-8"))
    entry["content"]["plan"]["linkage"] = "loose"
    entry["hash"] = fingerprint.of_object(entry["content"])
    path.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 1"):
        read_register()


def test_the_first_of_the_outcomes_extracts_to_be_drawn_decides():
    county = small_county(
        [("police", "event", None, FIRST_DAY, "2013-01-01"), ("job centre", "spell", None, FIRST_DAY, "2014-06-01")]
    )
    county.family(1, ["1999-04-10"])
    assert earliest_drawn(county, [OFFENCES, BENEFITS]) == date(2013, 1, 1)
    assert earliest_drawn(county, [BENEFITS]) == date(2014, 6, 1)


def test_the_projects_own_plans_are_registered_as_they_are(monkeypatch):
    monkeypatch.chdir(PROJECT)
    for path in sorted((PROJECT / "params" / "evaluations").glob("*.yaml")):
        assert standing(load_plan(path)).startswith("registered on"), path.stem
