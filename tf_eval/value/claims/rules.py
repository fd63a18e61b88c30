"""Rules of payment by results as data: what has to be shown, by which routes it pays, and how much."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field, model_validator

from tf_eval.cohort.programme import WhenCannotTell
from tf_eval.cohort.words import in_sentence, in_words, listed
from tf_eval.errors import ConfigError, unknown
from tf_eval.value.claims.employment import Employment
from tf_eval.value.claims.few_events import FewEvents
from tf_eval.value.claims.money import Days, FundedShare, YearOfMoney
from tf_eval.value.claims.recent_spell import RecentSpell
from tf_eval.value.claims.reduction import Reduction
from tf_eval.value.claims.session_share import SessionShare
from tf_eval.value.claims.states import MET, NOT_MET
from tf_eval.value.claims.worded import HOW_SURE, TO_CHECK, Worded

Kind = Annotated[FewEvents | SessionShare | Reduction | RecentSpell | Employment, Field(discriminator="type")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,80}$")]
Title = Annotated[str, Field(min_length=1)]


class Clause(Worded):
    """One thing that has to be shown for a family: what the document says, and how it is tested."""

    title: Title
    test: Kind


class Route(Worded):
    """A way in which a family's results are paid.

    Attributes:
        needs: the clauses; all that apply have to be met, and one at least has to apply.
        only_with: routes that have to be claimed as well, on the same day or before.
        replaces: routes that are not paid where this one is.
    """

    title: Title
    needs: tuple[Name, ...] = Field(min_length=1)
    only_with: tuple[Name, ...] = ()
    replaces: tuple[Name, ...] = ()


class NotCovered(Worded):
    """An outcome of the document that these rules do not cover, and under ``reading`` why."""

    title: Title


class WhenNeutral(Worded):
    """What a clause comes to that a child left before anything was shown."""

    counts_as: Literal["met", "not_met", "not_applicable"]


class WhenAway(Worded):
    """What is said of a family that has not lived in the county all the time since it was identified."""

    counts_as: Literal["not_met", "not_applicable", "neutral_by_exit"]


class WhenUntold(Worded):
    """What is said where the records cannot tell."""

    choice: WhenCannotTell

    @property
    def counts_as(self) -> str:
        return NOT_MET if self.choice == "count_as_not_met" else MET


class PaidAt(Worded):
    """Which year's money a result is paid at: that in which the family was identified, or that of the claim."""

    year_of: Literal["identified", "claim"]


class PaymentRules(Worded):
    """One version of the rules by which a council is paid for results.

    Attributes:
        name, title: what they are called.
        holds: the days of claims for which they hold.
        claim_windows: the days on which claims are taken; none: all of ``holds``.
        money: by financial year, what is paid.
        paid_at, funded: at which year's money, and for how many of the families.
        clauses, routes: what has to be shown, and how it pays.
        not_covered: what the document has besides.
        when_neutral, when_away, when_cannot_tell: choices, which a council may make otherwise.
    """

    name: Name
    title: Title
    holds: Days
    claim_windows: tuple[Days, ...] = ()
    money: tuple[YearOfMoney, ...] = Field(min_length=1)
    paid_at: PaidAt
    funded: FundedShare
    clauses: dict[Name, Clause] = Field(min_length=1)
    routes: dict[Name, Route] = Field(min_length=1)
    not_covered: dict[Name, NotCovered] = Field(default_factory=dict)
    when_neutral: WhenNeutral
    when_away: WhenAway
    when_cannot_tell: WhenUntold

    @model_validator(mode="after")
    def _hold_together(self) -> "PaymentRules":
        if problems := list(_problems(self)):
            raise ValueError(" ".join(problems))
        return self

    def money_of(self, year: str) -> YearOfMoney:
        """Return what is paid for a family of a financial year.

        Raises:
            ConfigError: the rules have no money of that year.
        """
        found = next((money for money in self.money if money.year == year), None)
        if found is None:
            years = [money.year for money in self.money]
            raise ConfigError(f"{self.name}: there is no money of {year}; the rules have that of {listed(years)}.")
        return found

    def table(self) -> pd.DataFrame:
        """Return one row per clause: clause, title, sentence, quote, source, reading, how sure."""
        rows = [
            {"clause": name, "title": clause.title, "sentence": clause.test.sentence(), **_words(clause)}
            for name, clause in self.clauses.items()
        ]
        return pd.DataFrame(rows)

    def money_table(self) -> pd.DataFrame:
        """Return one row per financial year: year, attachment, a column for each route (£), source, how sure."""
        rows = [
            {"year": money.year, "attachment": money.attachment, **money.results, **_words(money)}
            for money in self.money
        ]
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """Return what pays in words, with what is doubtful of it."""
        routes = [f"{in_sentence(route.title)} ({listed(self._titles(route))})" for route in self.routes.values()]
        doubtful = [clause.title for clause in self.clauses.values() if clause.sure in TO_CHECK]
        doubt = f" To be checked before anything is claimed by it: {listed(doubtful)}." * bool(doubtful)
        outside = [item.title for item in self.not_covered.values()]
        left_out = f" Not covered by these rules: {listed(outside)}." * bool(outside)
        return f"{self.title}, from {in_words(self.holds.start)}: paid are {'; '.join(routes)}.{doubt}{left_out}"

    def to_dict(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)

    def _titles(self, route: Route) -> list[str]:
        return [in_sentence(self.clauses[name].title) for name in route.needs]


def _words(item: Worded) -> dict[str, str]:
    told = {"quote": item.quote.strip(), "source": item.source, "reading": item.reading.strip()}
    return {**told, "how_sure": HOW_SURE[item.sure]}


def _problems(rules: PaymentRules) -> Iterator[str]:
    for name, route in rules.routes.items():
        others = [other for other in rules.routes if other != name]
        for needed in route.needs:
            if needed not in rules.clauses:
                yield f"routes.{name}.needs: {unknown('clause', needed, rules.clauses)}"
        for other in (*route.only_with, *route.replaces):
            if other not in others:
                yield f"routes.{name}: {unknown('other route', other, others)}"
        if set(route.only_with) & set(route.replaces):
            yield f"routes.{name}: a route that it replaces cannot be one that it needs beside it."
    used = {needed for route in rules.routes.values() for needed in route.needs}
    for name in rules.clauses:
        if name not in used:
            yield f"clauses.{name}: it is stated, but no route needs it."
    yield from _money_problems(rules)


def _money_problems(rules: PaymentRules) -> Iterator[str]:
    years = [money.year for money in rules.money]
    for year in sorted({year for year in years if years.count(year) > 1}):
        yield f"money: {year} stands twice."
    for money in rules.money:
        for route in sorted({*money.results} ^ {*rules.routes}):
            wrong = unknown("route", route, rules.routes) if route in money.results else f"'{route}' has no amount."
            yield f"money of {money.year}: {wrong}"
    for window in rules.claim_windows:
        if window.start < rules.holds.start or window.until > rules.holds.until:
            yield "claim_windows: each must lie within the days for which the rules hold."
