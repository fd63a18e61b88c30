"""Released things as HTML: the same on a page and in JupyterLab."""

from collections.abc import Callable

from markupsafe import Markup

from tf_eval.errors import RunError, unknown
from tf_eval.release.released import Released
from tf_eval.report.figures import draw_balance, draw_bands, draw_before_after, draw_event_study, draw_flow
from tf_eval.report.markup import fill
from tf_eval.report.numerals import number, signed, span
from tf_eval.report.style import Drawing
from tf_eval.report.tables import Column, html_table
from tf_eval.report.verdicts import figure, verdict_html
from tf_eval.report.words import level_words, unit_words

MISSING = "There is nothing to draw here: the numbers are confidential or could not be estimated."


def to_html(released: Released) -> Markup:
    """Return a released thing as a fragment of HTML; raise ``RunError`` for a kind that no page knows."""
    if released.kind not in FRAGMENTS:
        raise RunError(f"report: {unknown('fragment for a release of kind', released.kind, FRAGMENTS)}")
    return FRAGMENTS[released.kind](released)


def _fragment(released: Released, drawing: Drawing | None, table: Markup, lead: str = "") -> Markup:
    return fill(
        "fragment.html.j2",
        kind=released.kind.replace("_", "-"),
        lead=lead,
        figure=figure(drawing),
        missing=MISSING,
        summary="The numbers behind this figure" if drawing else "What there is",
        table=table,
        notes=released.notes,
    )


def _effects(released: Released) -> Markup:
    facts = released.payload
    columns = (
        Column("band", "Months since the start", numeric=False),
        Column("effect", "Effect"),
        Column("interval", "95% interval"),
        Column("base", "Without it"),
        Column("n_treated", "Supported families"),
        Column("n_comparison", "Comparison families"),
    )
    rows = [
        {
            **row,
            "effect": signed(row["effect"]),
            "interval": span(row["ci_low"], row["ci_high"]),
            "base": level_words(facts["unit"], row["base_rate"]),
        }
        for row in facts["rows"]
    ]
    caption = f"{facts['label']}: effect by months since the start, {unit_words(facts['unit']).axis}"
    return _fragment(released, draw_bands(facts), html_table(caption, columns, rows))


def _event_study(released: Released) -> Markup:
    facts = released.payload
    columns = (
        Column("event_time", "Month from the start"),
        Column("effect", "Effect"),
        Column("interval", "95% interval"),
        Column("n_treated", "Supported families"),
    )
    rows = [
        {**row, "effect": signed(row["effect"]), "interval": span(row["ci_low"], row["ci_high"])}
        for row in facts["rows"]
    ]
    caption = f"{facts['label']}: effect by month from the start, {unit_words(facts['unit']).axis}"
    return _fragment(released, draw_event_study(facts), html_table(caption, columns, rows))


def _flow(released: Released) -> Markup:
    columns = (
        Column("step", "Step", numeric=False),
        Column("arm", "Group", numeric=False),
        Column("families", "Families left"),
        Column("excluded", "Families excluded"),
        Column("why", "Why", numeric=False),
    )
    rows = [{**row, "why": row["reason"] or "[z]"} for row in released.payload["rows"]]
    table = html_table("Families at each step of the study (rounded)", columns, rows)
    return _fragment(released, draw_flow(released.payload), table)


def _balance(released: Released) -> Markup:
    facts = released.payload
    columns = (
        Column("label", "Compared before the start", numeric=False),
        Column("before", "Difference before matching", decimals=2),
        Column("after", "Difference after matching", decimals=2),
    )
    counts = f"{number(facts['n_treated'])} supported and {number(facts['n_comparison'])} comparison families"
    table = html_table(f"Standardised differences between {counts}", columns, facts["rows"])
    return _fragment(released, draw_balance(facts), table, facts["sentence"])


def _naive(released: Released) -> Markup:
    columns = (
        Column("label", "Outcome", numeric=False),
        Column("axis", "Unit", numeric=False),
        Column("before", "Year before"),
        Column("after", "Year after"),
        Column("naive_change", "Before-and-after change"),
        Column("comparison_change", "Change in similar families"),
        Column("effect", "Estimated effect"),
    )
    rows = [
        {
            **row,
            "axis": unit_words(row["unit"]).axis,
            **{name: signed(row[name]) for name in ("naive_change", "comparison_change", "effect")},
        }
        for row in released.payload["rows"]
    ]
    table = html_table("Before-and-after change beside the estimated effect", columns, rows)
    return _fragment(released, draw_before_after(released.payload), table, released.payload["sentence"])


def _provenance(released: Released) -> Markup:
    facts = released.payload["facts"]
    return fill("provenance.html.j2", facts=facts, notes=released.notes)


FRAGMENTS: dict[str, Callable[[Released], Markup]] = {
    "verdict": verdict_html,
    "effects": _effects,
    "event_study": _event_study,
    "flow": _flow,
    "balance": _balance,
    "naive": _naive,
    "provenance": _provenance,
}
