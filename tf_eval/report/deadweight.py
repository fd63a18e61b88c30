"""What payment by results would have paid anyway, as a fragment of a page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from tf_eval.release.released import Released
from tf_eval.release.shorthand import NOT_APPLICABLE, is_number
from tf_eval.report.figures import draw_with_without
from tf_eval.report.markup import fill
from tf_eval.report.money import NO_LIMIT, pounds, pounds_range
from tf_eval.report.numerals import number, signed, span
from tf_eval.report.style import Drawing
from tf_eval.report.tables import Column, html_table
from tf_eval.report.verdicts import figure
from tf_eval.report.words import level_words

HIDDEN = "What would have been paid anyway is confidential: too few families stand behind it."
_RESULTS = (
    Column("outcome_label", "Result", numeric=False),
    Column("with_rate", "With it"),
    Column("base_rate", "Without it"),
    Column("effect", "Difference"),
    Column("interval", "95% interval"),
)
_MONEY = {
    "paid": "Paid for a family, fee and results",
    "results": "Of it for results",
    "anyway": "For results of like families without support, by the same rules",
    "difference": "Difference between both sums for results",
    "per_result": "Fee and results for each result more than without support",
}
CANNOT_BE_TOLD = "cannot be told"
NO_MORE = "there is none"


def deadweight_html(released: Released) -> Markup:
    """Return the words, the rates with and without support, and every result and sum in tables."""
    facts = released.payload
    drawing = _drawing(_any(facts)) if not facts["suppressed"] else None
    return fill(
        "fragment.html.j2",
        kind="deadweight",
        lead=deadweight_words(facts),
        fold="",
        figure=figure(drawing) if drawing else None,
        missing="",
        tables={"Every result in a table": _results(facts), "The money in a table": _money(facts)},
        notes=released.notes,
    )


def deadweight_words(facts: Mapping[str, Any]) -> str:
    """Return what was paid, how much of it would have been paid anyway, and what a result cost that would not."""
    if facts["suppressed"]:
        return HIDDEN
    paid = {name: pounds(amount) for name, amount in facts["pounds"].items()}
    said = (
        f"By the rules of {facts['scheme']}, about {paid['paid']} is paid for each family with this support, "
        f"{paid['results']} of it for results shown within {facts['month']} months. Like families without this support "
        f"pass the same tests: about {paid['anyway']} would have been paid for results that came by themselves. "
    )
    return said + _bought(_any(facts), facts["pounds"], paid)


def _bought(share: Mapping[str, Any], amounts: Mapping[str, Any], paid: Mapping[str, str]) -> str:
    if share["ci_high"] < 0:
        return "There are fewer results with this support than without it: payment bought none."
    if share["ci_low"] <= 0:
        least = amounts["per_result_low"]
        cost = f"; if it did, each cost at least {paid['per_result_low']}" if is_number(least) else ""
        return f"Whether payment bought any result at all cannot be told{cost}."
    return (
        f"Of 100 families, about {number(share['effect'], 0)} more pass with this support than would without it "
        f"({span(share['ci_low'], share['ci_high'])}). Each of these results cost about {paid['per_result']} "
        f"({paid['per_result_low']} to {paid['per_result_high']})."
    )


def _drawing(share: Mapping[str, Any]) -> Drawing | None:
    """Return the rates with and without support under a title that says no more than their difference shows."""
    drawing = draw_with_without(share)
    return replace(drawing, headline=_headline(share)) if drawing else None


def _headline(share: Mapping[str, Any]) -> str:
    with_it, without_it = number(share["with_rate"]), number(share["base_rate"])
    if share["ci_low"] <= 0 <= share["ci_high"]:
        told = "Whether a result can be claimed for more families with this support cannot be told"
        return f"{told}: about {with_it} in every 100 with it, {without_it} without it"
    way = "more" if share["effect"] > 0 else "fewer"
    told = f"A result can be claimed for {way} families with this support"
    return f"{told}: about {with_it} in every 100, and {without_it} without it"


def _any(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(row for row in facts["rows"] if row["is_any"])


def _results(facts: Mapping[str, Any]) -> Markup:
    rows = [
        {
            **row,
            "outcome_label": "Any result" if row["is_any"] else row["outcome_label"],
            **{name: level_words(row["unit"], row[name]) for name in ("with_rate", "base_rate")},
            "effect": signed(row["effect"]),
            "interval": span(row["ci_low"], row["ci_high"]),
        }
        for row in facts["rows"]
    ]
    return html_table(
        f"Families, in every 100, of whom a result could be claimed within {facts['month']} months. Rates are rounded "
        "to whole numbers and differences are not, so that these may not be quite those of the rates",
        _RESULTS,
        rows,
    )


def _money(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("what", "For each family", numeric=False),
        Column("amount", "Amount"),
        Column("interval", "95% interval"),
    )
    rows = [{"what": words, **_shown(name, facts["pounds"])} for name, words in _MONEY.items()]
    return html_table(
        "What is paid, in pounds of the years in which it is paid, times the share of families that is funded",
        columns,
        rows,
    )


def _shown(name: str, amounts: Mapping[str, Any]) -> dict[str, str]:
    """Return an amount with its interval; the price of a result has no point where there may be none, and no limit."""
    amount, low, high = (amounts.get(f"{name}{end}") for end in ("", "_low", "_high"))
    if low is None:
        return {"amount": pounds(amount), "interval": ""}
    if low == NOT_APPLICABLE:
        return {"amount": NO_MORE, "interval": ""}
    if high == NOT_APPLICABLE:
        return {"amount": CANNOT_BE_TOLD, "interval": f"{pounds(low)} to {NO_LIMIT}"}
    return {"amount": pounds(amount), "interval": pounds_range({"low": low, "high": high})}
