"""What may be claimed for whom and when, what each claim rests on, and a register of it for the auditor."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.cohort.months import as_days
from tf_eval.cohort.whole import whole_number
from tf_eval.cohort.words import about, in_sentence
from tf_eval.did.plain import plain
from tf_eval.errors import ConfigError, InputError, raise_all, require_columns, unknown
from tf_eval.value.claims.assessment import CAVEAT, Assessment
from tf_eval.value.claims.families import read_numbers
from tf_eval.value.claims.first_claims import CLAIM, STATUSES
from tf_eval.value.claims.money import about_pounds
from tf_eval.value.claims.register_file import write_register
from tf_eval.value.claims.rules import PaymentRules
from tf_eval.value.claims.settling import are_taken, settle

REGISTER = [
    "family_id", "rules", "route", "title", "identified_on", "claimed_on", "financial_year", "paid_at", "amount",
    "rests_on", "records", "by_neutral", "untold", "not_arrived", "also_claimed_under",
]  # fmt: skip
EARLIER = ["family_id", "rules", "route"]


@dataclass(frozen=True, eq=False, repr=False)
class Claims:
    """What may be claimed by some rules, family by family. About single families: it stays in the secure workspace.

    rules       the rules
    settled     one row per family and route that it met on a day on which claims are taken: family_id, rules, route,
                title, identified_on, claimed_on (the first day on which it could be claimed, or on which it was settled
                that it could not), status (see ``STATUSES``), other_route (the one because of which it cannot be),
                financial_year (of claimed_on), paid_at (the year whose money is paid), amount (£, before the funded
                share; 0 where it is no claim), rests_on (each clause and how it stands), records, by_neutral, untold,
                not_arrived (as in ``Assessment.routes``), also_claimed_under (other rules by which it was claimed, in
                the register given)
    evidence    the clauses that each claim rests on: route and the columns of ``Assessment.clauses``
    looked      the first and last day on which claims were looked for, of each family: family_id, first, last
    left_out    how many families and dates lie outside of the days on which claims are taken
    """

    rules: PaymentRules
    settled: pd.DataFrame
    evidence: pd.DataFrame
    looked: pd.DataFrame
    left_out: int
    design: Mapping[str, Any]

    def table(self) -> pd.DataFrame:
        """Return a copy of what was settled, claims or not."""
        return self.settled.copy()

    def register(self) -> pd.DataFrame:
        """Return the claims alone, in the order of their days: what the internal auditor is given."""
        claims = self.settled.loc[self.settled["status"] == CLAIM, REGISTER]
        return claims.sort_values(["claimed_on", "family_id", "route"], ignore_index=True)

    def audit_sample(self, size: int, *, seed: int) -> pd.DataFrame:
        """Return so many claims drawn by lot, all alike, in the register's order; all of them where there are fewer.

        Raises:
            ConfigError: the size is no whole number of 1 or more.
        """
        raise_all(ConfigError, "audit_sample", whole_number("size", size))
        register = self.register()
        drawn = np.random.default_rng(seed).permutation(len(register))[:size]
        return register.iloc[np.sort(drawn)].reset_index(drop=True)

    def write_register(self, path: str | Path) -> Path:
        """Write the register, what was not claimed, what each claim rests on and the rules as an Excel workbook.

        The file is its owner's alone. It names families by the county's numbers and is for the secure side only.

        Raises:
            DisclosureError: the file would stand below a folder of what is published.
            InputError: the name does not end in .xlsx, the folder is missing, or there is such a file already.
        """
        others = self.settled[self.settled["status"] != CLAIM]
        why = others["status"].map(STATUSES)
        sheets = {
            "claims": self.register(),
            "not claimed": others.assign(why=why)[["family_id", "route", "claimed_on", "status", "why", "other_route"]],
            "rests on": self.evidence,
            "rules": self.rules.table(),
            "money": self.rules.money_table(),
        }
        return write_register(sheets, path)

    def summary(self) -> str:
        """Return how many families may be claimed by each route, rounded, and what the claims come to."""
        claims = self.settled[self.settled["status"] == CLAIM]
        by_route = claims.groupby("route")["family_id"].nunique()
        told = [
            f"{about(int(by_route.get(name, 0)))} by {in_sentence(route.title)}"
            for name, route in self.rules.routes.items()
        ]
        worth = about_pounds(claims["amount"].sum(), claims["family_id"].nunique())
        neutral = about(claims.loc[claims["by_neutral"], "family_id"].nunique())
        closed = " Dates on which no claims are taken were left out." * bool(self.left_out)
        return (
            f"{self.rules.title}, families that may be claimed: {'; '.join(told)}. They come to {worth}; "
            f"{neutral} rest on an element that is neutral.{closed} {CAVEAT}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers of families by route and status as plain values; no single family is in it."""
        counts = self.settled.groupby(["route", "status"], as_index=False).agg(
            families=("family_id", "nunique"), amount=("amount", "sum")
        )
        rows = [plain(row) for row in counts.to_dict("records")]
        return {"rules": self.rules.name, "counts": rows, "left_out": self.left_out, "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<Claims {self.rules.name}: {self.summary()}>"


def make_claims(assessment: Assessment, *, earlier: pd.DataFrame | None = None) -> Claims:
    """Return what may be claimed: by family and route the first date asked about at which it could be, and how much.

    Claims are taken within the days for which the rules hold, and within their claim windows where they name any. No
    family is claimed twice by one route, nor by two of which one replaces the other, nor where the earlier register
    has it so.

    Args:
        assessment: how the families stand at dates.
        earlier: a register of claims already made: family_id, rules (their name) and route.

    Raises:
        InputError: a family has two days of being identified, or the register lacks a column or names a route of these
            rules that they do not have.
        ConfigError: the rules have no money of a year.
    """
    rules, routes = assessment.rules, assessment.routes
    _require_one_start(routes)
    earlier = _read_earlier(earlier, rules)
    taken = are_taken(rules, as_days(routes["on"]))
    settled = _told(rules, settle(rules, routes, earlier[earlier["rules"] == rules.name]), routes, earlier)
    evidence = _rests_on(assessment, settled)
    looked = routes[taken].groupby("family_id", as_index=False).agg(first=("on", "min"), last=("on", "max"))
    cases = ~taken[: len(routes) // len(rules.routes)]
    return Claims(rules, settled, evidence, looked, int(cases.sum()), dict(assessment.design))


def _require_one_start(routes: pd.DataFrame) -> None:
    starts = routes.groupby("family_id")["identified_on"].nunique()
    if (starts > 1).any():
        count = int((starts > 1).sum())
        raise InputError(
            f"make_claims: {count:,} families have several days in identified_on; a family is claimed once"
        )


def _read_earlier(earlier: pd.DataFrame | None, rules: PaymentRules) -> pd.DataFrame:
    if earlier is None:
        return pd.DataFrame({"family_id": np.array([], dtype=np.int64), "rules": [], "route": []})
    require_columns(earlier.columns, EARLIER, "earlier")
    own = earlier.loc[earlier["rules"] == rules.name, "route"].unique()
    raise_all(InputError, "earlier", [unknown("route", name, rules.routes) for name in own if name not in rules.routes])
    return earlier[EARLIER].assign(family_id=read_numbers(earlier["family_id"], "earlier"))


def _told(rules: PaymentRules, settled: pd.DataFrame, routes: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return what was settled with what it rests on, and by which other rules the family was claimed before."""
    others = (
        earlier[earlier["rules"] != rules.name]
        .groupby("family_id")["rules"]
        .agg(lambda names: ", ".join(sorted(set(names))))
    )
    rests = routes.rename(columns={"on": "claimed_on", "clauses": "rests_on"}).drop(columns="state")
    found = settled.merge(rests, how="left", on=["family_id", "identified_on", "route", "claimed_on"])
    found = found.assign(
        rules=rules.name,
        title=found["route"].map({name: route.title for name, route in rules.routes.items()}),
        also_claimed_under=[others.get(family, "") for family in found["family_id"]],
    )
    return found[[*REGISTER[:6], "status", "other_route", *REGISTER[6:]]]


def _rests_on(assessment: Assessment, settled: pd.DataFrame) -> pd.DataFrame:
    """Return the clauses behind each claim, in the order of the families and the rules."""
    needs = [(name, clause) for name, route in assessment.rules.routes.items() for clause in route.needs]
    claims = settled.loc[settled["status"] == CLAIM, ["family_id", "route", "claimed_on"]]
    asked = claims.merge(pd.DataFrame(needs, columns=["route", "clause"]), on="route")
    asked = asked.rename(columns={"claimed_on": "on"})
    return asked.merge(assessment.clauses, how="left", on=["family_id", "on", "clause"])
