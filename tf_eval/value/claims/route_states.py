"""From clauses to routes: a route is met where every clause that applies is met, and one does."""

import numpy as np
import pandas as pd

from tf_eval.value.claims.rules import PaymentRules, Route
from tf_eval.value.claims.states import MET, NEUTRAL, NOT_APPLICABLE, NOT_MET

KEYS = ["family_id", "identified_on", "on"]


def route_states(rules: PaymentRules, clauses: pd.DataFrame, cases: int) -> pd.DataFrame:
    """Return one row per case and route, see ``Assessment``.

    Args:
        rules: the rules.
        clauses: one row per clause and case, clause by clause in the rules' order, and cases in one order in each.
        cases: how many cases there are.
    """
    of = {name: clauses.iloc[place * cases : (place + 1) * cases] for place, name in enumerate(rules.clauses)}
    return pd.concat([_of_route(rules, name, route, of) for name, route in rules.routes.items()], ignore_index=True)


def _of_route(rules: PaymentRules, name: str, route: Route, of: dict[str, pd.DataFrame]) -> pd.DataFrame:
    needed = [of[clause] for clause in route.needs]
    states = np.array([clause["state"].to_numpy(dtype=object) for clause in needed])
    taken = np.where(states == NEUTRAL, rules.when_neutral.counts_as, states)
    sums = {column: sum(clause[column].to_numpy() for clause in needed) for column in ("records", "not_arrived")}
    rows = needed[0][KEYS].reset_index(drop=True)
    return rows.assign(
        route=name,
        state=_joined(taken),
        clauses=_in_words(route, states),
        by_neutral=(_joined(taken) == MET) & (states == NEUTRAL).any(axis=0),
        untold=sum((~clause["told"].to_numpy(bool)).astype(int) for clause in needed),
        **sums,
    )


def _joined(states: np.ndarray) -> np.ndarray:
    applies = states != NOT_APPLICABLE
    failing = (applies & (states != MET)).any(axis=0)
    return np.select([failing, ~applies.any(axis=0)], [NOT_MET, NOT_APPLICABLE], default=MET).astype(object)


def _in_words(route: Route, states: np.ndarray) -> list[str]:
    return [
        "; ".join(f"{name}: {state}" for name, state in zip(route.needs, column, strict=True)) for column in states.T
    ]
