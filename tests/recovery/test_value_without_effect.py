"""A reduction is claimed for many families to whom nothing was done: what is high when looked for, falls by itself.

Incidents of a family come at a rate that stays as it is, and rates are spread like a gamma. Among families with an
incident in the six months before, the shares that pass are those of a simulation of 200,000 families, in whole percent,
which shares nothing with this room.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, nbinom

from tests.claim_rules import asked, rules_of
from tests.cohort_county import small_county
from tf_eval.value import assess_claims

MOST = 15
REDUCTION = {"type": "reduction", "kinds": ["asb_incident"], "months": 6, "against": "months_before"}
CLAUSES = {f"by_{share}": {**REDUCTION, "by_at_least": share / 100} for share in (60, 33)}


@pytest.fixture(scope="module")
def passes() -> dict[str, np.ndarray]:
    """Before x after: whether a family with so many incidents passes, by the clause."""
    county = small_county()
    numbers = list(product(range(1, MOST + 1), range(MOST + 1)))
    for family, (before, after) in enumerate(numbers, start=1):
        county.family(family, ["1975-05-05"])
        for start, count in (("2012-10", before), ("2013-03", after)):
            for day in range(count):
                county.event(family * 10, "asb_incident", f"{start}-{day + 1:02d}")
    families = pd.concat([asked("2013-06-15", family=family) for family in range(1, len(numbers) + 1)])
    found = assess_claims(county, rules_of(CLAUSES), families).clauses
    return {name: rows["state"].eq("met").to_numpy().reshape(MOST, -1) for name, rows in found.groupby("clause")}


@pytest.mark.parametrize(
    ("mean", "shape", "by_60", "by_33"), [(0.5, 0.5, 0.49, 0.60), (1.0, 0.5, 0.38, 0.52), (1.0, 1.0, 0.40, 0.53)]
)
def test_a_third_to_a_half_pass_although_nothing_changed(passes, mean, shape, by_60, by_33):
    before, after = np.arange(1, MOST + 1)[:, None], np.arange(MOST + 1)[None, :]
    both = before + after
    chance = nbinom.pmf(both, shape, shape / (shape + 2 * mean)) * binom.pmf(before, both, 0.5)
    share = {name: (chance * passed).sum() / chance.sum() for name, passed in passes.items()}
    # The numbers are rounded to a percent; simulated, they are 0.2 points off, and more than 15 incidents 0.1.
    assert share["by_60"] == pytest.approx(by_60, abs=0.008)
    assert share["by_33"] == pytest.approx(by_33, abs=0.008)
