"""Small rules of payment, and how a clause of them stands for one family of a county written by hand."""

from typing import Any

import pandas as pd

from tests.cohort_county import SmallCounty
from tf_eval.data.strict_model import validate
from tf_eval.value.claims.assessment import Assessment, assess_claims
from tf_eval.value.claims.rules import PaymentRules

OWN = {"source": "the test", "sure": "own_choice"}
# The family of tests/cohort_states.py: the son is 18 on 1 June 2013.
BIRTHS = ["1975-05-05", "1995-06-01", "2000-02-29", "2008-09-01"]


def rules_of(clauses: dict[str, dict[str, Any]], **changed: Any) -> PaymentRules:
    """Return rules with these tests as clauses, and one route, ``all``, that needs every one, unless changed."""
    routes = {"all": {"title": "All", "needs": list(clauses), **OWN}}
    named = changed.get("routes", routes)
    results = {"results": dict.fromkeys(named, 700), "attachment": 3200, **OWN}
    document = {
        "name": "test",
        "title": "Test",
        "holds": {"from": "2012-04-01", "until": "2015-04-01"},
        "money": [{"year": f"{year}/{year - 1999}", **results} for year in range(2012, 2015)],
        "paid_at": {"year_of": "identified", **OWN},
        "funded": {"families": 5, "of": 6, **OWN},
        "clauses": {name: {"title": name, "test": test, **OWN} for name, test in clauses.items()},
        "routes": routes,
        "when_neutral": {"counts_as": "met", **OWN},
        "when_away": {"counts_as": "not_met", **OWN},
        "when_cannot_tell": {"choice": "count_as_not_met", **OWN},
        **OWN,
    }
    return validate(PaymentRules, {**document, **changed}, "the test's rules")


def asked(*dates: str, identified: str = "2012-09-30", family: int = 1) -> pd.DataFrame:
    """Return the frame that asks about one family at dates."""
    days = pd.to_datetime([*dates])
    return pd.DataFrame({"family_id": family, "identified_on": pd.Timestamp(identified), "on": days})


def assess(county: SmallCounty, rules: PaymentRules, *dates: str, **how: Any) -> Assessment:
    """Return how rules stand for one family at dates."""
    clock = how.pop("clock", "happened")
    return assess_claims(county, rules, asked(*dates, **how), clock=clock)


def found(county: SmallCounty, test: dict[str, Any], on: str, **how: Any) -> pd.Series:
    """Return what was found of one clause for one family on a day."""
    changed = how.pop("rules", {})
    return assess(county, rules_of({"it": test}, **changed), on, **how).clauses.iloc[0]


def state(county: SmallCounty, test: dict[str, Any], on: str, **how: Any) -> str:
    """Return the state of one clause for one family on a day."""
    return found(county, test, on, **how)["state"]
