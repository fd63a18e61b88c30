"""How every clause and route of some rules stands for some families at some dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.cohort.clocks import ARRIVED, Clock, require_clock
from tf_eval.cohort.engine import County
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.explanation import BY_CLOCK, UNSEEN
from tf_eval.cohort.words import about, in_sentence
from tf_eval.errors import ConfigError
from tf_eval.value.claims.asked import Asked, ask
from tf_eval.value.claims.families import read_families
from tf_eval.value.claims.route_states import route_states
from tf_eval.value.claims.rules import Clause, PaymentRules
from tf_eval.value.claims.states import MET, STATES

AWAY = "the family has not lived in the county all the time since it was identified"
CAVEAT = "It says what may be claimed, not what support changed: families that get none pass such tests too."


@dataclass(frozen=True, eq=False, repr=False)
class Assessment:
    """How some rules of payment stand for families at dates. About single families: it stays in the secure workspace.

    rules    the rules
    clauses  one row per family, date and clause: family_id, identified_on, on, clause, state (met, not_met,
             not_applicable, neutral_by_exit), told (whether the records could tell; where not, the state is the rules'
             choice), reason (empty: as the numbers say), the first and last days of the window and of the baseline
             (missing: none), before and after (in the clause's own unit; missing: nobody has one), people (how many
             count), exited (how many have grown out of it), not_at_both (members on one of the two days alone, who do
             not count), records (how many are behind it), not_arrived (how many are dated in the window but were
             recorded later)
    routes   one row per family, date and route: family_id, identified_on, on, route, state, clauses (how each stands,
             in words), by_neutral (whether it is met only because of how the rules take what is neutral), untold (how
             many clauses the records could not tell), records, not_arrived
    clock    whether records count from when things happened or from when they had arrived
    """

    rules: PaymentRules
    clauses: pd.DataFrame
    routes: pd.DataFrame
    clock: Clock
    design: Mapping[str, Any]

    def table(self) -> pd.DataFrame:
        """Return a copy of the clauses."""
        return self.clauses.copy()

    def counts(self) -> pd.DataFrame:
        """Return how many families and dates have each state: a row per clause and route, a column per state."""
        clauses = _counted(self.clauses.rename(columns={"clause": "name"}), "clause")
        return pd.concat([clauses, _counted(self.routes.rename(columns={"route": "name"}), "route")], ignore_index=True)

    def summary(self) -> str:
        """Return for how many of the families each route could be paid at some date, rounded, with what that says."""
        families = self.routes["family_id"].nunique()
        met = self.routes[self.routes["state"] == MET].groupby("route")["family_id"].nunique()
        told = [
            f"by {about(int(met.get(name, 0)))} for {in_sentence(route.title)}"
            for name, route in self.rules.routes.items()
        ]
        asked = f"Of {about(families)} families, at the dates asked about"
        return f"{asked}, results were shown {'; '.join(told)}. {CAVEAT}"

    def to_dict(self) -> dict[str, Any]:
        """Return the counts by state as plain values; no single family is in it."""
        return {"rules": self.rules.name, "counts": self.counts().to_dict("records"), "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<Assessment {self.rules.name}: {self.summary()}>"


def assess_claims(county: County, rules: PaymentRules, families: pd.DataFrame, *, clock: Clock = ARRIVED) -> Assessment:
    """Return how each clause and route of the rules stands for families at the dates at which a claim would be made.

    Any families at any dates, also such as were never supported, or at dates for which the rules do not hold: it is
    ``make_claims`` that heeds those.

    Args:
        county: the county.
        rules: the rules, see ``load_payment_rules``.
        families: one row per family and date, with family_id (a number of the county's), identified_on (the day from
            which the family counts as identified) and on (the day of the claim). Other columns are not looked at.
        clock: ``"arrived"``: a record counts from the day on which it was recorded, as for somebody who claims on that
            day; ``"happened"``: from its date, as for somebody who checks it later.

    Raises:
        ConfigError: the rules are none, or the clock is none.
        InputError: the families lack a column, a day is missing or before that of being identified, a row stands twice,
            or the county has no family of a number.
    """
    if not isinstance(rules, PaymentRules):
        raise ConfigError('rules: pass rules of payment, such as tf.load_payment_rules("params/pbr/...") returns')
    require_clock(clock)
    cases = read_families(families)
    looks = [look for clause in rules.clauses.values() for look in clause.test.looks]
    looks += [(leaf, "on") for clause in rules.clauses.values() for leaf in clause.test.also_reads]
    with open_engine(county) as running:
        asked = ask(running, cases, looks, clock)
        found = [_of_clause(asked, rules, name, clause) for name, clause in rules.clauses.items()]
    clauses = pd.concat(found, ignore_index=True)
    design = {"rules": rules.name, "clock": clock, "said": BY_CLOCK[clock], "cases": len(cases)}
    return Assessment(rules, clauses, route_states(rules, clauses, len(cases)), clock, design)


def _of_clause(asked: Asked, rules: PaymentRules, name: str, clause: Clause) -> pd.DataFrame:
    """What was found of a clause, and what the rules say where it could not be told or the family was away."""
    found = clause.test.find(asked)
    gap = asked.untold(clause.test.looks)
    unclear = ~found["shown"].to_numpy(bool) & (gap | (found["doubt"] != "").to_numpy())
    away = asked.away
    state = np.select([away, unclear], [rules.when_away.counts_as, rules.when_cannot_tell.counts_as], found["state"])
    reason = np.select([away, unclear & gap, unclear], [AWAY, UNSEEN, found["doubt"]], found["reason"])
    told = found.drop(columns=["shown", "doubt"]).assign(state=state, reason=reason)
    told.insert(1, "told", ~(away | unclear))
    told.insert(list(told).index("records"), "not_at_both", asked.not_at_both)
    whole = {"people", "exited", "not_at_both", "records", "not_arrived"}
    told = told.astype(dict.fromkeys(whole, "int64"))
    return pd.concat([asked.cases.assign(clause=name), told], axis=1)


def _counted(rows: pd.DataFrame, what: str) -> pd.DataFrame:
    counts = pd.crosstab(rows["name"], rows["state"]).reindex(
        index=rows["name"].unique(), columns=list(STATES), fill_value=0
    )
    return counts.rename_axis(columns=None).reset_index().assign(what=what)[["what", "name", *STATES]]
