"""Which of the routes that families meet may be claimed, from when, and what that pays."""

import numpy as np
import pandas as pd

from tf_eval.cohort.months import as_days
from tf_eval.value.claims.first_claims import CLAIM, first_claims
from tf_eval.value.claims.money import years_of
from tf_eval.value.claims.rules import PaymentRules
from tf_eval.value.claims.states import MET

START = ["family_id", "identified_on"]
SETTLED = [
    *START, "route", "claimed_on", "status", "other_route", "financial_year", "paid_at", "amount",
]  # fmt: skip


def are_taken(rules: PaymentRules, days: np.ndarray) -> np.ndarray:
    """Return on which days (datetime64) claims are taken."""
    windows = [window.holds(days) for window in rules.claim_windows]
    return rules.holds.holds(days) & (np.any(windows, axis=0) if windows else True)


def settle(rules: PaymentRules, routes: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return one row per family, day of being identified, and route that was met on a day on which claims are taken.

    Args:
        rules: the rules.
        routes: how the routes stand: ``Assessment.routes``.
        earlier: claims made before under these rules: family_id and route.

    Returns:
        ``SETTLED``: claimed_on is the first day on which it could be claimed, or on which it was settled that it could
        not; status as in ``STATUSES``; amount in pounds before the funded share, 0 where it is no claim.
    """
    met = routes[are_taken(rules, as_days(routes["on"])) & routes["state"].eq(MET).to_numpy()]
    own = earlier.groupby("family_id")["route"].agg(set)
    rows = []
    for (family, identified), of in met.groupby(START, sort=True):
        days = {route: as_days(dates["on"]) for route, dates in of.groupby("route")}
        found = first_claims(rules, days, own.get(family, ()))
        rows += [(family, identified, one.route, one.on, one.status, one.other) for one in found]
    settled = pd.DataFrame(rows, columns=SETTLED[:6]).astype({"family_id": "int64"})
    settled = settled.astype(dict.fromkeys(("identified_on", "claimed_on"), "datetime64[s]"))
    paid_on = settled["identified_on" if rules.paid_at.year_of == "identified" else "claimed_on"]
    years = {"financial_year": years_of(as_days(settled["claimed_on"])), "paid_at": years_of(as_days(paid_on))}
    settled = settled.assign(**years)
    return settled.assign(amount=_amounts(rules, settled))


def _amounts(rules: PaymentRules, settled: pd.DataFrame) -> list[float]:
    rows = zip(settled["paid_at"], settled["route"], settled["status"], strict=True)
    return [rules.money_of(year).results[route] if status == CLAIM else 0.0 for year, route, status in rows]
