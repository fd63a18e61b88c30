"""The log of who has read which page: written by people, told on the page, and no input of a run."""

import pytest

from tests.conftest import PROJECT
from tf_eval.errors import ConfigError
from tf_eval.release import publish
from tf_eval.report import to_html
from tf_eval.runs import fingerprint
from tf_eval.runs.quality_assurance import load_log, readings_of

KEY = "0123456789abcdef" * 4
ENTRY = """
readings:
  - page: mentors
    run: {run}
    by: head of analysis
    day: 2015-06-01
    said: The numbers agree with the tables of the run.
"""


def told(tmp_path, text, page="mentors"):
    file = tmp_path / "log.yaml"
    file.write_text(text, encoding="utf-8")
    return str(to_html(publish(readings_of(load_log(str(file)), page, KEY))))


def test_a_page_that_nobody_has_read_says_so(tmp_path):
    assert "<p>This page has not yet been read by a second person.</p>" in told(tmp_path, "readings: []\n")
    assert "not yet been read" in told(tmp_path, ENTRY.format(run=KEY[:12]), page="another")


def test_the_log_of_the_project_is_there_and_empty():
    assert load_log(str(PROJECT / "params" / "quality_assurance.yaml")).readings == []


def test_without_a_log_nobody_has_read_anything(tmp_path):
    assert load_log(str(tmp_path / "none.yaml")).readings == []


def test_a_reading_of_this_run_is_told(tmp_path):
    html = told(tmp_path, ENTRY.format(run=KEY[:12]))
    said = "Run 0123456789ab was read by head of analysis on 1 June 2015. The numbers agree with the tables of the run."
    assert f"<p>{said}</p>" in html and "not yet" not in html


def test_a_reading_of_an_earlier_run_does_not_stand_for_this_one(tmp_path):
    html = told(tmp_path, ENTRY.format(run="ba9876543210"))
    assert "was read by head of analysis" in html
    assert "This one has not yet been read by a second person." in html


@pytest.mark.parametrize(
    ("wrong", "right", "names"),
    [
        ("run: XYZ", "run: 0123456789ab", "run"),
        ("by: ''", "by: head of analysis", "by"),
        ("who: mentors", "page: mentors", "who"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_with_its_place(tmp_path, wrong, right, names):
    text = ENTRY.format(run="0123456789ab").replace(right, wrong)
    with pytest.raises(ConfigError, match=names):
        told(tmp_path, text)


def test_whoever_signs_for_a_page_does_not_make_it_run_again(tmp_path, monkeypatch):
    from tf_eval import project

    monkeypatch.setattr(project, "root", lambda: tmp_path)
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "outcomes.yaml").write_text("a: 1\n", encoding="utf-8")
    before = fingerprint.of_parameters()
    (tmp_path / "params" / "quality_assurance.yaml").write_text("readings: []\n", encoding="utf-8")
    assert fingerprint.of_parameters() == before
