"""What the programme pays in each financial year: fees, results, and what may still be expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.cohort.months import as_days, first_day, month_of
from tf_eval.cohort.words import FEWEST_SHOWN
from tf_eval.did.plain import plain
from tf_eval.errors import InputError, NotEstimated, require_columns
from tf_eval.value.claims.claims import Claims
from tf_eval.value.claims.families import read_days, read_numbers
from tf_eval.value.claims.first_claims import CLAIM
from tf_eval.value.claims.forecast import Pace, pace_of
from tf_eval.value.claims.money import about_pounds, years_of
from tf_eval.value.claims.rules import PaymentRules

ATTACHMENTS = ["family_id", "attached_on"]
ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False, repr=False)
class CashFlow:
    """What is paid in each financial year, in pounds of that year, for the share of the families that is funded.

    years  one row per financial year: financial_year, attached and claimed (families), attachment_fees, results, total,
           forecast (results that may be expected after the last day looked at), total_with_forecast
    pace   how fast families were claimed, which the forecast rests on
    """

    rules: PaymentRules
    years: pd.DataFrame
    pace: Pace | NotEstimated
    design: Mapping[str, Any]

    def table(self) -> pd.DataFrame:
        """Return a copy of the years."""
        return self.years.copy()

    def summary(self) -> str:
        """Return what each year pays, in words; a year that rests on few families is not told."""
        told = [f"{row.financial_year}: {_pounds(row)}" for row in self.years.itertuples()]
        if isinstance(self.pace, NotEstimated):
            doubt = f"What is still to come is not forecast: {self.pace.reason}."
        else:
            doubt = "The forecast takes it that families go on being claimed as fast as those before them."
        return f"{self.rules.title}. {'; '.join(told)}. {doubt} Money paid for results is no measure of what changed."

    def to_dict(self) -> dict[str, Any]:
        return {"years": [plain(row) for row in self.years.to_dict("records")], "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<CashFlow {self.rules.name}: {self.summary()}>"


def cash_flow(claims: Claims, attachments: pd.DataFrame) -> CashFlow:
    """Return by financial year what attachment fees and results come to, and what may be expected.

    Fees are of the year in which a family was attached, results of the year in which they are claimed; both are
    multiplied by the share of the families that is funded. Families that are attached and not claimed are expected to
    be claimed at the pace of those that were (see ``Pace``), from the month after the last day looked at and as long as
    the rules hold, each for the share of its year's most that claims have come to.

    Args:
        claims: what may be claimed.
        attachments: one row per family: family_id and attached_on, which may lie ahead.

    Raises:
        InputError: the attachments lack a column or a day, or a family stands twice.
        ConfigError: the rules have no money of a year in which a family was attached.
    """
    attached = _read_attachments(attachments)
    rules, share = claims.rules, claims.rules.funded.share
    claimed = claims.settled[claims.settled["status"] == CLAIM]
    fees = [rules.money_of(year).attachment for year in attached["year"]]
    pace = _pace(claims, attached, claimed)
    columns = {
        "attached": attached.groupby("year").size(),
        "claimed": claimed.groupby("financial_year")["family_id"].nunique(),
        "attachment_fees": share * attached.assign(fee=fees).groupby("year")["fee"].sum(),
        "results": share * claimed.groupby("financial_year")["amount"].sum(),
        "forecast": share * _forecast(claims, attached, claimed, pace),
    }
    names = sorted({money.year for money in rules.money}.union(*(column.index for column in columns.values())))
    years = pd.DataFrame({name: column.reindex(names, fill_value=0) for name, column in columns.items()})
    years = years.rename_axis("financial_year").reset_index()
    if isinstance(pace, NotEstimated):
        years["forecast"] = np.nan
    total = years["attachment_fees"] + years["results"]
    years.insert(list(years).index("forecast"), "total", total)
    years["total_with_forecast"] = total + years["forecast"].fillna(0)
    return CashFlow(rules, years, pace, {**claims.design, "funded_share": share})


def _read_attachments(attachments: pd.DataFrame) -> pd.DataFrame:
    require_columns(attachments.columns, ATTACHMENTS, "attachments")
    attached = pd.DataFrame({"family_id": read_numbers(attachments["family_id"], "attachments")})
    attached["attached_on"] = read_days(attachments["attached_on"], "attachments: attached_on")
    if attached["family_id"].duplicated().any():
        raise InputError("attachments: a family stands twice; one fee is paid for it, on the first day")
    return attached.assign(year=years_of(as_days(attached["attached_on"])))


def _pace(claims: Claims, attached: pd.DataFrame, claimed: pd.DataFrame) -> Pace | NotEstimated:
    """How fast families were claimed, among those that were looked at."""
    since = attached.set_index("family_id")["attached_on"]
    first = claimed.groupby("family_id")["claimed_on"].min()
    last = claims.looked.set_index("family_id")["last"].drop(first.index)
    after = _months_between(since, first[first.index.isin(since.index)])
    waited = _months_between(since, last[last.index.isin(since.index)])
    return pace_of(np.maximum(after, 0), waited[waited >= 0])


def _months_between(since: pd.Series, until: pd.Series) -> np.ndarray:
    """Return how many months after being attached the day of each family comes."""
    return month_of(as_days(until)) - month_of(as_days(since.reindex(until.index)))


def _forecast(claims: Claims, attached: pd.DataFrame, claimed: pd.DataFrame, pace: Pace | NotEstimated) -> pd.Series:
    """Return the pounds of results that may be expected, by financial year."""
    waiting = attached[~attached["family_id"].isin(claimed["family_id"])]
    if isinstance(pace, NotEstimated) or waiting.empty:
        return pd.Series(dtype=float)
    last = month_of(as_days(claims.looked["last"])).max()
    end = month_of(np.array([claims.rules.holds.until], dtype="datetime64[D]") - ONE_DAY)[0]
    ahead = np.arange(last + 1, end + 1)
    chance = pace.expected(last - month_of(as_days(waiting["attached_on"])), len(ahead))
    years = years_of(first_day(ahead))
    worth = _worth(claims.rules, claimed) * _most(claims.rules, waiting["year"].to_numpy(), years)
    return pd.Series((chance * worth).sum(axis=0)).groupby(years).sum()


def _worth(rules: PaymentRules, claimed: pd.DataFrame) -> float:
    """Return which share of its year's most the claims of a family have come to, on average."""
    by_family = claimed.groupby("family_id").agg(amount=("amount", "sum"), year=("paid_at", "first"))
    most = by_family["year"].map({year: _most_of(rules, year) for year in by_family["year"].unique()})
    return float((by_family["amount"] / most).mean())


def _most(rules: PaymentRules, attached: np.ndarray, claimed: np.ndarray) -> np.ndarray:
    """Return families x months: the most that a family's results may bring when they are claimed in a month."""
    if rules.paid_at.year_of == "identified":
        return np.array([[_most_of(rules, year)] for year in attached]) * np.ones(len(claimed))
    return np.ones((len(attached), 1)) * np.array([_most_of(rules, year) for year in claimed])


def _most_of(rules: PaymentRules, year: str) -> float:
    """Return the most that the routes of a family can bring together: those that replace others stand alone."""
    paid = rules.money_of(year).results
    replaced = {name for route in rules.routes.values() for name in route.replaces}
    alone = [paid[name] for name, route in rules.routes.items() if route.replaces]
    together = sum(paid[name] for name, route in rules.routes.items() if name in replaced or not route.replaces)
    return max([*alone, together])


def _pounds(row: Any) -> str:
    """What a year pays, if neither its fees nor its results tell how few families they are for."""
    few = min(number or FEWEST_SHOWN for number in (row.attached, row.claimed))
    families = row.attached + row.claimed if few >= FEWEST_SHOWN else few
    if row.total == 0 and families == 0:
        return "nothing"
    expected = "" if np.isnan(row.forecast) or row.forecast == 0 else ", and more is expected"
    return about_pounds(row.total, families) + expected
