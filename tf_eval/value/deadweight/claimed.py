"""What could be claimed of matched families by each month after the start, were every one of them paid for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.cohort.clocks import Clock
from tf_eval.cohort.engine import County
from tf_eval.cohort.months import as_days, first_day, month_of
from tf_eval.value.claims.assessment import assess_claims
from tf_eval.value.claims.first_claims import CLAIM
from tf_eval.value.claims.rules import PaymentRules
from tf_eval.value.claims.settling import settle

ANY = "any_result"
POUNDS = "pounds"
PAIR = ["family_id", "index_month"]
NONE_EARLIER = pd.DataFrame({"family_id": np.array([], dtype=np.int64), "route": []})


@dataclass(frozen=True, eq=False, repr=False)
class ClaimedBy:
    """Matched families in months from their start, as ``did.estimate_att`` reads a panel.

    laid   one row per matched row and event time, as ``Panel.event_time_frame`` returns them, of families of whom the
           last claim was looked for within the records; with a column for each route, and ``ANY``, that is 1 from the
           month on after which it could be claimed, and ``POUNDS``, what all claims by then come to. Missing where a
           comparison family had started by then
    """

    laid: pd.DataFrame

    def event_time_frame(self, matched: Any, outcome: str, columns: Sequence[str]) -> pd.DataFrame:
        """Return the rows; they are those of ``matched``, and hold all that may be asked for."""
        return self.laid

    @property
    def treated(self) -> pd.DataFrame:
        """The families with support, one row for each start: family_id and index_month."""
        return self.laid[self.laid["adopted"].notna()].drop_duplicates("row")[PAIR]

    def is_ever(self, name: str) -> bool:
        """Whether any family of either arm could be claimed so."""
        return bool((self.laid[name] > 0).any())


def lay_out_claims(
    county: County,
    rules: PaymentRules,
    laid: pd.DataFrame,
    months: tuple[int, int],
    clock: Clock,
) -> ClaimedBy:
    """Return what could be claimed of families that are laid out in months from their start.

    Every row counts as identified on the first day of its index month. Claims are looked for on the first day of each
    of the months so many after it.

    Args:
        county: the county.
        rules: the rules.
        laid: matched families as ``Panel.event_time_frame`` returns them, with ``index_month``.
        months: the first and the last month after the start at which a claim is looked for.
        clock: see ``assess_claims``.
    """
    followed = _followed(laid, months[1])
    settled = settle(rules, assess_claims(county, rules, _cases(followed, months), clock=clock).routes, NONE_EARLIER)
    claims = settled[settled["status"] == CLAIM]
    claims = claims.assign(
        index_month=month_of(as_days(claims["identified_on"])), on_month=month_of(as_days(claims["claimed_on"]))
    )
    by = {name: _by_month(followed, claims[claims["route"] == name]) for name in rules.routes}
    paid = sum(_by_month(followed, of, of["amount"]) for _, of in claims.groupby("route"))
    columns = {**by, ANY: np.clip(sum(by.values()), 0, 1), POUNDS: rules.funded.share * paid}
    known = followed["serves"] | (followed["event_time"] < 0)
    return ClaimedBy(followed.assign(**{name: np.where(known, values, np.nan) for name, values in columns.items()}))


def _followed(laid: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return the months up to the last claim, of the index months that have it within the records in both arms."""
    is_last = laid["adopted"].notna() & laid["serves"] & (laid["event_time"] == last - 1)
    within = laid["index_month"].isin(laid.loc[is_last, "index_month"].unique())
    return laid[within & (laid["event_time"] < last)]


def _cases(followed: pd.DataFrame, months: tuple[int, int]) -> pd.DataFrame:
    """Return the families and days that are asked about; a family in several sets of one month is asked about once."""
    pairs = followed[PAIR].drop_duplicates()
    looks = np.arange(months[0], months[1] + 1)
    index_month = np.repeat(pairs["index_month"].to_numpy(), len(looks))
    on = index_month + np.tile(looks, len(pairs))
    days = {"identified_on": first_day(index_month), "on": first_day(on)}
    return pd.DataFrame({"family_id": np.repeat(pairs["family_id"].to_numpy(), len(looks)), **days})


def _by_month(followed: pd.DataFrame, claims: pd.DataFrame, worth: pd.Series | float = 1.0) -> np.ndarray:
    """Return for each row what its claims by the first day after its month are worth; no claim is worth 0.

    Args:
        followed: the rows.
        claims: at most one per family and index month, with on_month.
        worth: of each of them.
    """
    of = claims[[*PAIR, "on_month"]].assign(worth=worth)
    found = followed[PAIR].merge(of, how="left", on=PAIR)
    by_then = followed["index_month"].to_numpy() + followed["event_time"].to_numpy() + 1 >= found["on_month"].to_numpy()
    return np.where(by_then, found["worth"].to_numpy(), 0.0)
