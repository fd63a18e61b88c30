"""Released estimates as a table: what a site shares, what grows with each run, and what places come to together."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.unit.test_report_together import CLEAR, HARM, OPEN
from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.release import publish
from tf_eval.release.together import WhatWorksView
from tf_eval.report import to_html
from tf_eval.runs import other_places, pool_places, read_estimates
from tf_eval.runs.estimates import estimates_of, grow_estimates, write_estimates


def answer(*rows):
    bands = [replace(row, band="1 to 6") for row in rows]
    return publish(WhatWorksView(len(rows), (*rows, *bands), (), (1, 12), "too few"))


def shared(tmp_path, place, *rows, until="2015-03"):
    path = tmp_path / f"{place}.csv"
    write_estimates(estimates_of(answer(*rows), place, until, run=f"{place} {until}"), path)
    return path


def test_the_table_has_the_headlines_as_they_were_released():
    table = estimates_of(answer(CLEAR, OPEN), "oxfordshire", "2015-03", "abc")
    assert list(table["band"]) == ["1 to 12"] * 2
    assert list(table["value"]) == [-120, -20]
    assert table["std_error"].iloc[0] == pytest.approx(80 / 2 / 1.96, abs=0.01)


def test_what_the_gate_hides_stays_hidden():
    table = estimates_of(answer(replace(CLEAR, n_treated=7)), "oxfordshire")
    assert table.iloc[0][["value", "ci_low", "std_error"]].tolist() == ["[c]"] * 3


def test_a_table_grows_with_each_run_and_holds_none_twice(tmp_path):
    path = tmp_path / "estimates.csv"
    first = estimates_of(answer(CLEAR), "oxfordshire", "2015-03", "1")
    later = estimates_of(answer(replace(CLEAR, effect=-100)), "oxfordshire", "2015-04", "2")
    for run in (first, first, later):
        grow_estimates(run, path)
    kept = pd.read_csv(path, dtype={"run": str})
    assert list(kept["run"]) == ["1", "2"]
    (latest,) = read_estimates([path])["value"]
    assert float(latest) == -100, "of one place the latest data count"


def test_places_are_pooled_on_what_they_have_in_common(tmp_path):
    kent = shared(tmp_path, "kent", replace(CLEAR, effect=-80, ci_low=-120, ci_high=-40), HARM)
    dorset = shared(tmp_path, "dorset", replace(CLEAR, effect=-100, ci_low=-150, ci_high=-50))
    pooled = pool_places(answer(CLEAR, OPEN), "oxfordshire", [kent, dorset])
    (effect,) = pooled.effects.values()
    assert list(effect.places["place"]) == ["oxfordshire", "kent", "dorset"]
    assert -120 < effect.found.effect < -80
    html = to_html(publish(other_places(answer(CLEAR, OPEN), "oxfordshire", [kent, dorset])))
    assert "on average over oxfordshire, kent and dorset" in html and "Another place may expect" in html


def test_its_own_shared_table_is_no_other_place(tmp_path):
    own = shared(tmp_path, "oxfordshire", CLEAR)
    assert isinstance(pool_places(answer(CLEAR), "oxfordshire", [own]), NotEstimated)
    html = to_html(publish(other_places(answer(CLEAR), "oxfordshire", [own])))
    assert "no estimates of other places were given" in html


def test_places_that_looked_at_something_else_are_not_pooled(tmp_path):
    kent = shared(tmp_path, "kent", HARM)
    assert "no other place looked at the same" in pool_places(answer(OPEN), "oxfordshire", [kent]).reason


def test_an_estimate_that_is_hidden_elsewhere_is_left_out_and_counted(tmp_path):
    kent = shared(tmp_path, "kent", replace(CLEAR, n_treated=7))
    dorset = shared(tmp_path, "dorset", CLEAR)
    pooled = pool_places(answer(CLEAR), "oxfordshire", [kent, dorset])
    (effect,) = pooled.effects.values()
    assert list(effect.places["place"]) == ["oxfordshire", "dorset"] and effect.n_left_out == 1


def test_a_file_that_is_no_such_table_is_refused(tmp_path):
    path = tmp_path / "kent.csv"
    path.write_text("place,value\nkent,3\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"kent\.csv"):
        read_estimates([path])
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"kent\.csv: this is no table"):
        read_estimates([path])
    with pytest.raises(InputError, match="no such file of estimates"):
        read_estimates([tmp_path / "nowhere.csv"])
