"""Two plans against each other: what they have to agree on, and what follows from both."""

import json
from pathlib import Path

import pytest
import yaml

from tests.unit.test_runs_plan import GOOD, MANY
from tf_eval.errors import ConfigError
from tf_eval.runs import load_head_to_head, read_head_to_head

PROJECT = Path(__file__).resolve().parents[2]
ASKED = {"title": "Project or mentors", "question": "Which is better?"}
OTHER = {"intervention": "family_intervention_project", "title": "Family project"}


@pytest.fixture
def read(tmp_path):
    """Two plans, the second with changes of its own, read against each other."""

    def read(first=None, second=None, **asked):
        files = []
        for name, changes in (("project", {**OTHER, **(first or {})}), ("mentors", second or {})):
            path = tmp_path / f"{name}.yaml"
            path.write_text(yaml.safe_dump({**GOOD, **changes}), encoding="utf-8")
            files.append(str(path))
        return read_head_to_head({**ASKED, "plans": files, **asked})

    return read


def test_what_decides_in_both_is_compared_and_what_either_matches_on_is_made_alike(read):
    outcomes = ["asb_incident", "exclusion", "proven_offence"]
    first = {"primary": ["exclusion", "asb_incident"], "matching": {"covariates": ["a"], "exact": ["district", "b"]}}
    second = {"primary": ["asb_incident"], "matching": {"covariates": ["c", "a"], "exact": ["district"]}}
    first["estimation"], second["estimation"] = {"covariates": ["a"]}, {"covariates": ["c"]}
    asked = read({**first, "outcomes": outcomes}, {**second, "outcomes": outcomes})
    assert asked.outcomes == ["asb_incident"]
    assert asked.weighing == {"on": ["a", "c"], "exact": ["district"]}
    measuring = asked.measuring("asb_incident")
    assert (measuring["covariates"], measuring["follow_up"]) == (["a", "c"], [1, 12])


def test_parts_are_those_of_both_plans(read):
    asked = read({"subgroups": [MANY, {"column": "district", "label": "districts"}]}, {"subgroups": [MANY]})
    assert [each.label for each in asked.subgroups] == [MANY["label"]]


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"county": "data/kent"}, "agree on county"),
        ({"programme": "params/programmes/kent_2012.yaml"}, "agree on programme"),
        ({"estimation": {"follow_up": [1, 6]}}, "agree on estimation.follow_up"),
        ({"estimation": {"baseline": 6}}, "agree on estimation.baseline"),
        ({"estimation": {"method": "outcome_regression"}}, "agree on estimation.method"),
        ({"outcomes": ["asb_incident", "exclusion"]}, "agree on outcomes"),
        ({"comparison": {"pools": ["below_threshold"]}}, "families below the threshold"),
        ({"looks": {"first": "2013-06", "planned": 3}}, "looked at again and again"),
    ],
)
def test_plans_that_do_not_go_together_are_refused(read, second, told):
    with pytest.raises(ConfigError, match=told):
        read(second=second)


def test_where_nothing_decides_in_both_there_is_nothing_to_compare(read):
    outcomes = ["asb_incident", "exclusion"]
    with pytest.raises(ConfigError, match="no outcome decides in both"):
        read({"outcomes": outcomes, "primary": outcomes[:1]}, {"outcomes": outcomes, "primary": outcomes[1:]})


@pytest.mark.parametrize("count", [1, 3])
def test_there_are_two_plans(read, count):
    files = read().plans
    with pytest.raises(ConfigError, match="plans"):
        read(plans=[*files, "params/evaluations/parenting_programme.yaml"][:count])


def test_the_projects_own_file_can_be_read():
    asked = load_head_to_head("params/head_to_head.yaml")
    assert len(asked.each) == 2 and asked.outcomes and asked.subgroups


def test_the_notebooks_own_parameters_are_those_of_the_file():
    """JupyterLab runs it with the parameters that stand in it."""
    cells = json.loads((PROJECT / "notebooks" / "head_to_head.ipynb").read_text(encoding="utf-8"))["cells"]
    source = next("".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", []))
    defaults: dict = {}
    exec(source, {}, defaults)
    assert read_head_to_head(defaults) == load_head_to_head("params/head_to_head.yaml")
