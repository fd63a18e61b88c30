"""What support costs and saves, as a fragment of a page."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.released import Released
from tf_eval.release.shorthand import NOT_APPLICABLE, is_number
from tf_eval.report.figures import draw_tornado, draw_waterfall
from tf_eval.report.markup import fill
from tf_eval.report.money import (
    pounds,
    pounds_against,
    pounds_against_range,
    pounds_moved,
    pounds_range,
    pounds_with_range,
)
from tf_eval.report.numerals import number, signed, span
from tf_eval.report.tables import Column, html_table
from tf_eval.report.verdicts import figure

NEVER = "not within the time looked at"
NOT_PRICED = "not priced"
MORE_THAN_ALL = "Could not pay alone: more than there is without support."


def appraisal_html(released: Released) -> Markup:
    """Return the words, the waterfall by agency, and every measure and assumption in tables."""
    facts = released.payload
    drawings = [drawing for drawing in (draw_waterfall(facts), draw_tornado(facts)) if drawing]
    return fill(
        "fragment.html.j2",
        kind="appraisal",
        lead=appraisal_words(facts),
        fold="",
        figure=Markup("").join(map(figure, drawings)) if drawings else None,
        missing="",
        tables={
            "Every measure in a table": _measures(facts),
            "Who pays and who saves": _agencies(facts),
            "If effects stop, fade or last": _scenarios(facts),
            "What each outcome comes to": _outcomes(facts),
            "Which assumption moves it most": _swings(facts),
            "What would have to change for it to pay": _break_even(facts),
        },
        notes=released.notes,
    )


def appraisal_words(facts: Mapping[str, Any]) -> str:
    """Return what it costs, what comes back of that, and on what this rests."""
    cost = (
        f"This support ({facts['given']}) costs about {pounds(facts['cost'])} a family, at {facts['prices_of']} prices."
    )
    if facts["suppressed"]:
        return f"{cost} What it saves is confidential: too few families stand behind it."
    told = _range_words(facts) if facts["is_range"] else _point_words(facts)
    return f"{cost} {told} {_caveat(facts)}"


def _range_words(facts: Mapping[str, Any]) -> str:
    net, ratio = _measure(facts, "net_fiscal"), _measure(facts, "ratio_fiscal")
    return (
        "The evidence cannot tell whether it works, so that there is a range and no one number: over "
        f"{facts['months']} months what the public purse saves on a family may lie anywhere "
        f"{pounds_against_range(net)} than the support costs. For every £1 it may get back {pounds_range(ratio, 2)}."
    )


def _point_words(facts: Mapping[str, Any]) -> str:
    saved, net, ratio = (_measure(facts, name) for name in ("fiscal", "net_fiscal", "ratio_fiscal"))
    return (
        f"Over {facts['months']} months the public purse saves about {pounds(saved['mean'])} a family "
        f"({pounds_range(saved)}), {pounds_against(net['mean'], 'the support costs')} ({pounds_against_range(net)}): "
        f"{pounds(ratio['mean'], 2)} back for every £1 ({pounds_range(ratio, 2)}). {_chance(facts['chance'])}"
    )


def _chance(chance: object) -> str:
    if not is_number(chance):
        return ""
    said = "below 1" if chance < 0.01 else "above 99" if chance > 0.99 else f"about {round(100 * chance)}"
    return f"The chance that it pays for itself is {said} in 100."


def _caveat(facts: Mapping[str, Any]) -> str:
    most = facts["swings"][0]["name"]
    left_out = f" Not valued: {listed([in_sentence(label) for label in facts['not_valued']])}." * bool(
        facts["not_valued"]
    )
    return (
        f"The range is that of the effects alone, and it is assumed that {facts['scenario']}. What moves the result "
        f"most: {in_sentence(most)}.{left_out}"
    )


def _measure(facts: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(row for row in facts["measures"] if row["name"] == name)


def _measures(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("label", "For a family", numeric=False),
        Column("mean", "Amount"),
        Column("interval", "95% interval"),
    )
    rows = [{"label": row["label"], **_shown(row)} for row in facts["measures"]]
    return html_table(f"Over {facts['months']} months, present value at {facts['prices_of']} prices", columns, rows)


def _shown(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a measure in its own unit; where there is no doubt, or no point, one of both stays empty."""
    if row["kind"] == "months":
        ends = {name: NEVER if row[name] == NOT_APPLICABLE else row[name] for name in ("mean", "low", "high")}
        interval = span(row["low"], row["high"]) if is_number(row["high"]) else f"{number(ends['low'])} to never"
        return {"mean": number(ends["mean"]), "interval": ends["low"] if ends["low"] == ends["high"] else interval}
    if row["kind"] == "not_priced":
        return {"mean": NOT_PRICED, "interval": ""}
    decimals = 2 if row["kind"] == "for_one" else 0
    interval = "" if row["low"] == row["high"] and is_number(row["low"]) else pounds_range(row, decimals)
    return {"mean": pounds(row["mean"], decimals), "interval": interval}


def _agencies(facts: Mapping[str, Any]) -> Markup:
    columns = (Column("agency", "Agency", numeric=False), Column("pays", "Pays"), Column("saves", "Saves"))
    rows = [
        {"agency": row["agency"], "pays": pounds(row["pays"]), "saves": pounds_with_range(row)}
        for row in facts["agencies"]
    ]
    return html_table("What each agency pays and saves for a family, with its 95% interval", columns, rows)


def _scenarios(facts: Mapping[str, Any]) -> Markup:
    columns = (Column("scenario", "After follow-up", numeric=False), Column("net", "Left for the public purse"))
    rows = [{"scenario": row["scenario"], "net": pounds_with_range(row)} for row in facts["scenarios"]]
    return html_table("Nobody has seen what becomes of effects later", columns, rows)


def _outcomes(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("label", "Outcome", numeric=False),
        Column("worth", "Comes to"),
        Column("rated", "Prices are rated", numeric=False),
        Column("note", "Note", numeric=False),
    )
    rows = [{**row, "worth": pounds_with_range(row)} for row in facts["outcomes"]]
    caption = (
        "What the effect on each outcome comes to for a family, over all who gain by it. "
        f"{_months(facts)} Effects shown further up can be of fewer months"
    )
    return html_table(caption, columns, rows)


def _months(facts: Mapping[str, Any]) -> str:
    """Return which months are priced: those that were followed, and all later ones by what is assumed."""
    last = sorted({row["last"] for row in facts["outcomes"]})
    followed = f"{last[0]}" if len(last) == 1 else f"{last[0]} to {last[-1]}, by outcome"
    return (
        f"Priced are all months from the start: to month {followed}, as measured, then to {facts['months']} as assumed."
    )


def _swings(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("name", "Assumption", numeric=False),
        Column("low", "From", numeric=False),
        Column("at_low", "Moved by the first"),
        Column("high", "To", numeric=False),
        Column("at_high", "Moved by the second"),
    )
    rows = [{**row, **{end: pounds_moved(row[end]) for end in ("at_low", "at_high")}} for row in facts["swings"]]
    return html_table("By how much what is left for the public purse moves with each assumption", columns, rows)


def _break_even(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("label", "Outcome", numeric=False),
        Column("needed", "Lasting change that alone would pay"),
        Column("unit", "Unit", numeric=False),
        Column("note", "Note", numeric=False),
    )
    rows: Sequence[dict[str, Any]] = [
        {**row, "needed": signed(row["needed"]), "note": MORE_THAN_ALL * row["is_more_than_all"]}
        for row in facts["break_even"]
    ]
    multiple = facts["multiple"]
    all_of_them = f" All effects as estimated would pay if they were {number(multiple)} times as large."
    told = all_of_them * is_number(multiple)
    return html_table(f"A change that would pay for the support, if nothing else changed.{told}", columns, rows)
