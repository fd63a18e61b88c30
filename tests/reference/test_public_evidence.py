"""Published studies, judged by a notebook on their own data: the verdict, its size and what the words claim.

Ours and the published numbers come from the same people, so that no chance of sampling parts them. Two sound analyses
of the same data may still choose otherwise (who is compared, over which years); that has to stay within one published
standard error, or it would be another story.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import tf_eval as tf
from tf_eval.evidence.plain_effect import own_pre_trends

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "tests" / "reference" / "data"
REFERENCE = json.loads((DATA / "public_evidence.json").read_text(encoding="utf-8"))
STORIES = REFERENCE["stories"]
IN_UNIT = {"logarithm": lambda percent: np.log1p(percent / 100)}


class Told:
    """What the notebook released, by name of the intervention, and the names that its cells left."""

    def __init__(self):
        self.verdicts = {}
        self.names = {"display": lambda *released: None}

    def publish(self, result):
        released = tf.release.publish(result)
        if released.kind == "verdict":
            self.verdicts[released.payload["intervention"]] = (result, released.payload)
        return released


@pytest.fixture(scope="module")
def told():
    """Run the notebook's cells in this process: its code is what is tested, and a kernel would take as long again."""
    cells = json.loads((PROJECT / "notebooks" / "public_evidence.ipynb").read_text(encoding="utf-8"))["cells"]
    found = Told()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        patch.setattr(tf, "publish", found.publish, raising=False)
        for cell in cells:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), found.names)
    return found


@pytest.mark.parametrize("name", STORIES)
def test_the_verdict_is_the_published_story(told, name):
    published = STORIES[name]
    verdict, payload = told.verdicts[name]
    effect = verdict.outcomes[0].measured.headline.value
    ours = IN_UNIT.get(published["scale"], float)(effect)
    assert payload["verdict"] == published["verdict"]
    assert abs(ours - published["published"]) < published["std_error"]


@pytest.mark.parametrize("name", STORIES)
def test_the_checks_that_fail_are_those_that_the_words_name(told, name):
    verdict, _ = told.verdicts[name]
    checks = (*verdict.checks, *verdict.outcomes[0].checks)
    assert [check.name for check in checks if not check.passed] == STORIES[name]["failed"]


def test_the_plain_numbers_are_those_of_the_words(told):
    people = told.names["people"]
    trained, survey = people[people["treat"] == 1], people[people["sample"] == "CPS"]
    assert round(trained["re78"].mean() - survey["re78"].mean()) == -8498
    assert trained["re78"].mean() - trained["re75"].mean() == pytest.approx(4800, abs=50)
    lost = people[(people["sample"] == "NSW") & (people["treat"] == 0)]
    assert round(trained["re78"].mean() - lost["re78"].mean()) == 1794


def test_left_out_the_worst_year_shows_that_the_groups_parted_and_the_effect_is_overstated(told):
    (early,), (matched,) = (told.verdicts[name][0].outcomes for name in ("work_and_dip", "matched_work"))
    (check,) = early.checks
    assert not check.passed and "a difference beyond chance" in check.detail
    assert early.measured.headline.value > STORIES["supported_work"]["published"] > matched.measured.headline.value


def test_no_crime_fell(told):
    verdict, _ = told.verdicts["castle_doctrine"]
    assert all(row.measured.headline.value > 0 and row.word != "works" for row in verdict.outcomes)
    assert [row.primary for row in verdict.outcomes] == [True, False, False, False]


def test_how_the_counties_moved_before_is_as_doubtful_as_the_words_say(told):
    assert own_pre_trends(told.names["jobs"].estimate).p_value == pytest.approx(1 / 15, abs=0.005)


def test_one_state_is_no_evidence_though_the_difference_is_the_published_one(told):
    published = REFERENCE["without_an_estimate"]["active_choice"]
    _, payload = told.verdicts["active_choice"]
    assert (payload["verdict"], payload["facts"]["effect"]) == (published["verdict"], "[x]")
    judged = told.names["estimate"].judge_clusters((0, 2), seed=1)
    assert judged.effect.att == pytest.approx(published["published"], abs=published["std_error"])
    (randomised,) = judged.table().query("method == 'randomisation'")["p_value"]
    assert randomised == pytest.approx(1 / 7, abs=0.02)
