"""What an evaluation found where there is nothing to find, as a fragment of a page."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.release.placebos import P_DECIMALS
from tf_eval.release.released import Released
from tf_eval.release.shorthand import NOT_AVAILABLE, SUPPRESSED, is_number
from tf_eval.report.figures import draw_placebos
from tf_eval.report.markup import fill
from tf_eval.report.numerals import number, signed, span
from tf_eval.report.tables import Column, html_table
from tf_eval.report.verdicts import figure
from tf_eval.report.words import level_words, unit_words

HIDDEN = "What the tests found is confidential or could not be estimated."


def placebos_html(released: Released) -> Markup:
    """Return the figure, the effects as planned beside those put right, and how the tests came out."""
    rows, controls = released.payload["rows"], released.payload["controls"]
    beside = {"Outcomes that this cannot change": _controls(controls)} if controls else {}
    return fill(
        "fragment.html.j2",
        kind="placebos",
        lead=released.payload["sentence"] or HIDDEN,
        fold="",
        figure=figure(draw_placebos(released.payload)),
        missing="",
        tables={"The effects put right": _effects(rows), "The tests in a table": _tests(rows), **beside},
        notes=released.notes,
    )


def _effects(rows: Sequence[Mapping[str, Any]]) -> Markup:
    columns = (
        Column("outcome", "Outcome", numeric=False),
        Column("planned", "As planned"),
        Column("planned_p", "p-value"),
        Column("put_right", "Put right by the tests"),
        Column("put_right_p", "p-value then"),
    )
    kinds = ("planned", "put_right")
    lines = [
        {
            "outcome": f"{row['label']}, {unit_words(row['unit']).axis}",
            **{name: _with_range(row[name]) for name in kinds},
            **{f"{name}_p": _p_value(row[name]["p_value"]) for name in kinds},
        }
        for row in rows
    ]
    caption = "Estimated effect with its 95% interval, and how often chance alone would make as much of no effect"
    return html_table(caption, columns, lines)


def _tests(rows: Sequence[Mapping[str, Any]]) -> Markup:
    columns = (
        Column("label", "Outcome", numeric=False),
        Column("by_lot", "Start by lot"),
        Column("too_early", "Start too early"),
        Column("recovered", "Found of a planted effect"),
    )
    lines = [
        {
            "label": row["label"],
            "by_lot": _counted(row["by_lot"], row["suppressed"]),
            "too_early": _counted(row["too_early"], row["suppressed"]),
            "recovered": f"{100 * row['recovered']:.0f}%" if is_number(row["recovered"]) else row["recovered"],
        }
        for row in rows
    ]
    return html_table("Tests that found something where there is nothing to find, and tests made", columns, lines)


def _controls(rows: Sequence[Mapping[str, Any]]) -> Markup:
    columns = (
        Column("outcome", "Outcome", numeric=False),
        Column("found", "Found"),
        Column("base", "Without it"),
        Column("p_value", "p-value"),
    )
    lines = [
        {
            "outcome": f"{row['label']}, {unit_words(row['unit']).axis}",
            "found": _with_range(row["found"]),
            "base": level_words(row["unit"], row["base_rate"]),
            "p_value": _p_value(row["found"]["p_value"]),
        }
        for row in rows
    ]
    return html_table("What was found on outcomes that this cannot change, with its 95% interval", columns, lines)


def _with_range(found: Mapping[str, Any]) -> str:
    if not is_number(found["effect"]):
        return found["effect"]
    return f"{signed(found['effect'])}\n({span(found['ci_low'], found['ci_high'])})"


def _p_value(value: object) -> str:
    if not is_number(value):
        return str(value)
    least = 10**-P_DECIMALS
    return number(value, P_DECIMALS) if value >= least else f"under {least:g}"


def _counted(tests: Mapping[str, Any], suppressed: str) -> str:
    if not tests["tried"]:
        return SUPPRESSED if suppressed else NOT_AVAILABLE
    return f"{tests['found']} of {tests['tried']}"
