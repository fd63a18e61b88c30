"""Switching treatments against the authors' own package on mpdta, and against a slow reading of the paper.

How each stored number was made stands beside it, in data/did_switching.json.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import estimate_att, estimate_switching

DATA = Path(__file__).parent / "data"
RESULTS = json.loads((DATA / "did_switching.json").read_text())["results"]
COLUMNS = {"outcome": "lemp", "unit": "countyreal", "period": "year"}


def mpdta() -> pd.DataFrame:
    """Treatments by arithmetic on the county's number: ``d`` is on, off and back; ``dose`` rises, falls and crosses."""
    frame = pd.read_csv(DATA / "mpdta.csv")
    code, year = frame["countyreal"].to_numpy(), frame["year"].to_numpy()
    change = 2004 + (code // 3) % 7
    back = change + 1 + (code // 21) % 3
    changed, start = year >= change, code % 3
    returned = (year >= back) & (code % 2 == 0)
    binary = np.where(changed & ~returned, start != 0, start == 0).astype(int)
    step = np.select([start == 0, start == 2], [1, -1], np.where(code % 4 < 2, 1, -1))
    later = np.where(year >= back, np.where(code % 5 == 0, -2 * step, step), 0)
    dose = np.maximum(np.where(changed, start + step + later, start), 0)
    return frame.assign(d=binary, dose=dose, first=frame["first.treat"])


@pytest.mark.parametrize("name", list(RESULTS))
def test_effects_are_those_of_the_authors_package(name):
    treatment, weights, column = name.split()
    weights = None if weights == "unweighted" else weights
    found = estimate_switching(mpdta(), **COLUMNS, treatment=treatment, effects=3, placebos=2, weights=weights)
    table, peer = found.table().set_index("event_time"), RESULTS[name]
    np.testing.assert_allclose(table.loc[[0, 1, 2], column], peer["Effects"]["estimate"], rtol=1e-8)
    np.testing.assert_allclose(table.loc[[-2, -3], column], peer["Placebos"]["estimate"], rtol=1e-8)
    assert table.loc[[0, 1, 2, -2, -3], "n_treated"].tolist() == [
        *peer["Effects"]["switchers"],
        *peer["Placebos"]["switchers"],
    ]
    np.testing.assert_allclose(found.average.per_dose.effect, peer["ATE"]["estimate"], rtol=1e-8)


@pytest.mark.parametrize("name", [name for name in RESULTS if name.endswith("effect")])
def test_errors_are_near_those_that_take_the_changes_as_given(name):
    """Theirs lack how effects differ between starts, and gain n / (n - 1) in each start of n: some percent either way.

    With few switchers in a start (-3: dozens over all) and weights the two differ most.
    """
    treatment, weights, _ = name.split()
    weights = None if weights == "unweighted" else weights
    found = estimate_switching(mpdta(), **COLUMNS, treatment=treatment, effects=3, placebos=2, weights=weights)
    table, peer = found.table().set_index("event_time"), RESULTS[name]
    np.testing.assert_allclose(table.loc[[0, 1, 2], "std_error"], peer["Effects"]["se"], rtol=0.04)
    np.testing.assert_allclose(table.loc[[-2, -3], "std_error"], peer["Placebos"]["se"], rtol=0.05)


@pytest.mark.parametrize("treatment", ["d", "dose"])
def test_effects_are_those_of_the_paper_read_slowly(treatment):
    frame = mpdta()
    table = estimate_switching(frame, **COLUMNS, treatment=treatment, effects=3).table()
    outcome, dose = (
        frame.pivot(index="countyreal", columns="year", values=name).to_numpy(float) for name in ("lemp", treatment)
    )
    for row in table.itertuples():
        effects, doses = zip(*slowly(outcome, dose, row.event_time + 1), strict=True)
        assert row.n_treated == len(effects)
        assert row.effect == pytest.approx(np.mean(effects), rel=1e-9)
        assert row.per_dose == pytest.approx(np.mean(effects) / np.mean(doses), rel=1e-9)


def slowly(outcome: np.ndarray, dose: np.ndarray, after: int):
    """Yield, of each unit that switched, its DID and its extra dose (equations 3 and 5 of the paper)."""
    periods = dose.shape[1]
    first = [next((t for t in range(periods) if path[t] != path[0]), periods) for path in dose]
    for unit, start in enumerate(first):
        last = start - 1 + after
        if start == periods or last >= periods:
            continue
        sign = np.sign(dose[unit, start] - dose[unit, 0])
        more = (dose[unit] - dose[unit, 0]) * sign
        others = [one for one in range(len(dose)) if dose[one, 0] == dose[unit, 0] and first[one] > last]
        if others and (more[: last + 1] >= 0).all():
            change = outcome[:, last] - outcome[:, start - 1]
            yield sign * (change[unit] - change[others].mean()), more[: last + 1].sum()


def test_a_treatment_that_begins_once_and_stays_has_the_effects_of_staggered_starts():
    frame = mpdta().assign(on=lambda rows: ((rows["first"] > 0) & (rows["year"] >= rows["first"])).astype(int))
    found = estimate_switching(frame, **COLUMNS, treatment="on", effects=4).table()
    staggered = estimate_att(frame, **COLUMNS, adopted="first", baseline="universal").by_event_time().table()
    staggered = staggered[staggered["event_time"] >= 0]
    np.testing.assert_allclose(found["effect"], staggered["att"], rtol=1e-10)
    np.testing.assert_allclose(found["std_error"], staggered["std_error"], rtol=1e-10)
