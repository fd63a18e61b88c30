"""Units that are seen before treatment and not after it: noted where the arms differ in it, and not else."""

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.did import Design, estimate_att
from tf_eval.did.reading import attrition
from tf_eval.matching import match

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def panel(units: int = 300, periods: int = 6) -> pd.DataFrame:
    random = np.random.default_rng(2)
    frame = pd.DataFrame(
        {"unit": np.repeat(np.arange(units), periods), "period": np.tile(np.arange(1, periods + 1), units)}
    )
    frame["adopted"] = np.select([frame["unit"] % 3 == 0, frame["unit"] % 3 == 1], [4, 5], 0)
    return frame.assign(y=random.normal(size=len(frame)), chance=random.random(len(frame)))


def notes(frame: pd.DataFrame, **options) -> list[str]:
    return [note for note in estimate_att(frame, **COLUMNS, **options).notes if "missing after it" in note]


@pytest.mark.parametrize("as_rows", [True, False])
def test_more_missing_of_the_treated_is_told_with_both_shares(as_rows):
    frame = panel()
    late = (frame["adopted"] > 0) & (frame["period"] >= frame["adopted"])
    gone = (late & (frame["unit"] % 2 == 0)) | (~late & (frame["unit"] % 10 == 2) & (frame["period"] == 6))
    left = frame[~gone] if as_rows else frame.assign(y=frame["y"].mask(gone))
    (note,) = notes(left, smallest_shown=1)
    # Half of the treated in every period. Of the comparison a tenth in the last of the three periods after the first
    # start, and of the two after the second; in period 4 those who start in 5 are all there still.
    assert "50% of the treated are missing after it, and 4% of the comparison" in note


def test_alike_shares_and_whole_panels_are_not_told():
    frame = panel()
    assert not notes(frame)
    assert not notes(frame[(frame["chance"] > 0.3) | (frame["period"] < 4)])
    few = (frame["adopted"] > 0) & (frame["period"] > 4) & (frame["chance"] < 0.04)
    assert not notes(frame[~few])


def test_comparison_units_that_start_later_are_not_missing_and_few_are_not_told():
    frame = panel()
    waiting = frame[frame["adopted"] > 0]
    assert not notes(waiting)
    late = (frame["adopted"] == 4) & (frame["period"] >= 4)
    small = frame[(frame["unit"] < 20) & ~(late & (frame["unit"] > 0))]
    assert not notes(small)


def test_of_very_many_units_some_tell_as_much(monkeypatch):
    random = np.random.default_rng(3)
    adopted = np.repeat([3.0, np.inf], 3000)
    seen = random.random((6000, 6)) < np.where(np.isfinite(adopted), 0.7, 0.95)[:, None]
    design, periods = Design("y", "unit", "period", "adopted"), np.arange(1, 7)
    whole = attrition.attrition_note(seen, adopted, None, periods, design)
    monkeypatch.setattr(attrition, "ENOUGH", 1000)
    some = attrition.attrition_note(seen, adopted, None, periods, design)
    shares = [[int(word[:-1]) for word in note[0].split() if word.endswith("%")] for note in (whole, some)]
    # 1,000 of 3,000 units know a share of 30 % to 1.2 points: four times that.
    np.testing.assert_allclose(shares[0], [30, 5], atol=1)
    np.testing.assert_allclose(*shares, atol=5)
    assert attrition.attrition_note(seen[:600], adopted[:600], None, periods, design) == ()


def test_of_a_match_comparison_units_that_start_themselves_are_not_missing():
    random = np.random.default_rng(4)
    need = random.normal(size=300)
    units = pd.DataFrame({"unit": np.arange(300), "need": need, "treated": np.arange(300) < 100})
    units["adopted"] = np.where(units["treated"], 4.0, np.where(units["unit"] % 2 == 0, 5.0, np.nan))
    matched = accepted(match(units, on="need", treated="treated", unit="unit", method="entropy_balancing"))
    long = units.merge(pd.DataFrame({"period": np.arange(1, 7)}), how="cross").assign(y=random.normal(size=1800))
    asked = {"outcome": "y", "period": "period", "adopted": "adopted"}
    whole = estimate_att(long[["unit", "adopted", "period", "y"]], matched, **asked)
    assert not any("missing after it" in note for note in whole.notes)
    gone = (long["period"] >= 4) & (long["unit"] < 50)
    (note,) = [note for note in estimate_att(long[~gone].drop(columns=["need", "treated"]), matched, **asked).notes
               if "missing" in note and "%" in note]  # fmt: skip
    assert "about 50% of the treated are missing after it, and less than 5% of the comparison" in note


@pytest.mark.parametrize("options", [{"comparison": "never_treated"}, {"method": "sun_abraham"}])
def test_of_a_comparison_with_the_never_treated_they_alone_are_counted(options):
    frame = panel()
    gone = (frame["adopted"] == 0) & (frame["period"] >= 4) & (frame["unit"] % 2 == 0)
    (note,), (waiting,) = (notes(frame[~gone], **asked, smallest_shown=1) for asked in (options, {}))
    # Half are missing in the three periods after the first start, and nobody is who was seen before the second.
    assert "and 30% of the comparison" in note
    assert "and 25% of the comparison" in waiting  # in period 4 those who start in 5 are compared with too
