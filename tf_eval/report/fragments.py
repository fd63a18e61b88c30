"""Released things as HTML: the same on a page and in JupyterLab."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from tf_eval.errors import RunError, unknown
from tf_eval.release.released import Released
from tf_eval.release.shorthand import is_number
from tf_eval.report.allocation import allocation_table
from tf_eval.report.appraisal import appraisal_html
from tf_eval.report.changes import causes_html, changes_html
from tf_eval.report.deadweight import deadweight_html
from tf_eval.report.detectable import detectable_tables, detectable_words
from tf_eval.report.figures import (
    draw_allocation,
    draw_balance,
    draw_bands,
    draw_before_after,
    draw_claims,
    draw_detectable,
    draw_event_study,
    draw_hidden,
    draw_league,
    draw_population,
    draw_specifications,
    draw_subgroups,
    draw_ways,
)
from tf_eval.report.first_screen import verdict_html
from tf_eval.report.flow import flow_html
from tf_eval.report.hidden import hidden_table, hidden_words
from tf_eval.report.identification import criteria_html, identification_html, quarters_html, untold_html
from tf_eval.report.markup import fill
from tf_eval.report.methods import methods_words
from tf_eval.report.numerals import number, signed, span, with_range
from tf_eval.report.payment import payment_html
from tf_eval.report.placebos import placebos_html
from tf_eval.report.places import places_table, places_words
from tf_eval.report.population import population_words
from tf_eval.report.readings import readings_words
from tf_eval.report.records import findings_html, links_html, received_html, unseen_html
from tf_eval.report.registration import registration_words
from tf_eval.report.specifications import curve_words, specifications_table
from tf_eval.report.subgroups import by_outcome, subgroups_tables, subgroups_words
from tf_eval.report.tables import Column, html_table
from tf_eval.report.together import alone_words, claims_table, claims_words, league_table, shared_words
from tf_eval.report.verdicts import figure
from tf_eval.report.versus import either_html, for_whom_html, versus_html
from tf_eval.report.ways import ways_table
from tf_eval.report.words import level_words, unit_words, verdict_words

FAMILIES_WORDS = {"same": "The same families compared", "anew": "Like families found anew"}
LINKAGE_WORDS = {"strict": "Strict links", "standard": "Standard links", "loose": "Loose links"}
NUMBERS = "The numbers in a table"
MISSING = "There is nothing to draw here: the numbers are confidential or could not be estimated."
MOST_EARNED = "One study of this kind can earn no more."
NONE: Mapping[str, Markup] = MappingProxyType({})


def to_html(released: Released) -> Markup:
    """Return a released thing as a fragment of HTML; raise ``RunError`` for a kind that no page knows."""
    if released.kind not in FRAGMENTS:
        raise RunError(f"report: {unknown('fragment for a release of kind', released.kind, FRAGMENTS)}")
    return FRAGMENTS[released.kind](released)


def _fragment(
    released: Released, picture: Markup | None, tables: Mapping[str, Markup] = NONE, *, lead: str = "", fold: str = ""
) -> Markup:
    """A figure with tables, each behind the line that opens it, and notes; behind ``fold`` all of it starts closed.

    Where ``picture`` is None there never is one; where it is empty there is nothing to draw, which the page says.
    Without a figure the first table starts open.
    """
    return fill(
        "fragment.html.j2",
        kind=released.kind.replace("_", "-"),
        lead=lead,
        fold=fold,
        figure=picture,
        missing="" if picture is None else MISSING,
        tables=tables,
        notes=released.notes,
    )


def _effects(released: Released) -> Markup:
    facts = released.payload
    columns = (
        Column("band", "Months since the start", numeric=False),
        Column("effect", "Effect"),
        Column("interval", "95% interval"),
        Column("base", "Without it"),
        Column("n_treated", "Families with it"),
        Column("n_comparison", "Like families"),
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
    return _fragment(released, figure(draw_bands(facts)), {NUMBERS: html_table(caption, columns, rows)})


def _event_study(released: Released) -> Markup:
    facts, words = released.payload, unit_words(released.payload["unit"])
    period = facts["period"].capitalize()
    columns = (
        Column("event_time", f"{period} from the start"),
        Column("effect", "Effect"),
        Column("interval", "95% interval"),
        Column("n_treated", f"{words.whom.all.capitalize()} with it"),
    )
    rows = [
        {**row, "effect": signed(row["effect"]), "interval": span(row["ci_low"], row["ci_high"])}
        for row in facts["rows"]
    ]
    caption = f"{facts['label']}: effect by {facts['period']} from the start, {words.axis}"
    tables = {NUMBERS: html_table(caption, columns, rows)}
    return _fragment(
        released, figure(draw_event_study(facts)), tables, fold=f"{period} by {facts['period']}: {facts['label']}"
    )


def _flow(released: Released) -> Markup:
    """A flow is made of lists, which hold every number: a table would say them twice."""
    return _fragment(released, flow_html(released.payload))


def _allocation(released: Released) -> Markup:
    facts = released.payload
    return _fragment(released, figure(draw_allocation(facts)), {NUMBERS: allocation_table(facts)})


def _balance(released: Released) -> Markup:
    facts = released.payload
    columns = (
        Column("label", "Compared before the start", numeric=False),
        Column("before", f"Difference before {facts['adjusted_by']}", decimals=2),
        Column("after", f"Difference after {facts['adjusted_by']}", decimals=2),
    )
    treated, comparison = number(facts["n_treated"]), number(facts["n_comparison"])
    # What is released of balance is effective sample sizes: families with unequal weights count for fewer.
    groups = f"{treated} families with this support and {comparison} like ones (effective size)"
    edge = number(facts["threshold"], 2)
    rounded = f": rounded, so that {edge} may lie just beyond {number(facts['threshold'])}"
    at_edge = any(abs(row["after"]) == facts["threshold"] for row in facts["rows"] if is_number(row["after"]))
    caption = f"Standardised differences between {groups}{rounded if at_edge else ''}"
    table = html_table(caption, columns, facts["rows"])
    return _fragment(released, figure(draw_balance(facts)), {NUMBERS: table}, lead=facts["sentence"])


def _population(released: Released) -> Markup:
    facts = released.payload
    words = population_words(facts)
    if facts["suppressed"]:
        return _fragment(released, None, lead=words)
    columns = (
        Column("label", "Known before the start", numeric=False),
        Column("studied", "Families studied", decimals=2),
        Column("left_out", "Families left out", decimals=2),
    )
    table = html_table("Standardised differences from all families with this support", columns, facts["rows"])
    return _fragment(released, figure(draw_population(facts)), {NUMBERS: table}, lead=words)


def _detectable(released: Released) -> Markup:
    facts = released.payload
    return _fragment(released, figure(draw_detectable(facts)), detectable_tables(facts), lead=detectable_words(facts))


def _naive(released: Released) -> Markup:
    columns = (
        Column("label", "Outcome", numeric=False),
        Column("axis", "Unit", numeric=False),
        Column("before", "Year before"),
        Column("after", "Year after"),
        Column("naive_change", "Before-and-after change"),
        Column("comparison_change", "Change in like families"),
        Column("effect", "Estimated effect"),
        Column("interval", "95% interval"),
    )
    rows = [
        {
            **row,
            "axis": unit_words(row["unit"]).axis,
            "interval": span(row["ci_low"], row["ci_high"]),
            **{name: signed(row[name]) for name in ("naive_change", "comparison_change", "effect")},
        }
        for row in released.payload["rows"]
    ]
    caption = "Before-and-after change beside the estimated effect"
    tables = {NUMBERS: html_table(caption, columns, rows)} if rows else NONE
    return _fragment(released, figure(draw_before_after(released.payload)), tables, lead=released.payload["sentence"])


def _ways(released: Released) -> Markup:
    facts = released.payload
    # That they agree is what the figure's headline says.
    lead = "" if facts["agree"] else facts["sentence"]
    return _fragment(released, figure(draw_ways(facts)), {NUMBERS: ways_table(facts)}, lead=lead)


def _what_works(released: Released) -> Markup:
    facts = released.payload
    tables = {
        "All effects that decide": claims_table(facts, headlines=True),
        "The same by months since the start": claims_table(facts, headlines=False),
    }
    return _fragment(
        released,
        figure(draw_claims(facts)),
        tables,
        lead=_sentences(claims_words(facts), alone_words(facts), shared_words(facts)),
    )


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _league(released: Released) -> Markup:
    facts = released.payload
    return _fragment(released, figure(draw_league(facts)), {NUMBERS: league_table(facts)})


def _places(released: Released) -> Markup:
    facts = released.payload
    tables = {NUMBERS: places_table(facts)} if facts["rows"] else NONE
    return _fragment(released, None, tables, lead=places_words(facts))


def _specifications(released: Released) -> Markup:
    facts = released.payload
    choices = [dict(made) for made in facts["choices"]]
    pictures = Markup("").join(figure(draw_specifications(curve, choices)) for curve in facts["curves"])
    lead = " ".join(curve_words(curve) for curve in facts["curves"])
    return _fragment(released, pictures, {NUMBERS: specifications_table(facts)}, lead=lead)


def _hidden(released: Released) -> Markup:
    rows = released.payload["rows"]
    drawings = [drawing for drawing in map(draw_hidden, rows) if drawing]
    pictures = Markup("").join(map(figure, drawings)) if drawings else None
    return _fragment(released, pictures, {NUMBERS: hidden_table(rows)}, lead=hidden_words(rows))


def _linkage(released: Released) -> Markup:
    rows = released.payload["rows"]
    tables = {
        words: _linkage_table(words, [row for row in rows if row["families"] == families])
        for families, words in FAMILIES_WORDS.items()
        if any(row["families"] == families for row in rows)
    }
    return _fragment(released, None, tables, lead=released.payload["sentence"])


def _linkage_table(words: str, rows: Sequence[dict[str, Any]]) -> Markup:
    columns = (
        Column("outcome", "Outcome", numeric=False),
        *(Column(linkage, heading) for linkage, heading in LINKAGE_WORDS.items()),
    )
    by_outcome: dict[str, dict[str, str]] = {}
    for row in rows:
        named = {"outcome": f"{row['label']}, {unit_words(row['unit']).axis}"}
        by_outcome.setdefault(row["outcome"], named)[row["linkage"]] = with_range(row)
    return html_table(f"{words}: estimated effect with its 95% interval", columns, list(by_outcome.values()))


def _subgroups(released: Released) -> Markup:
    """Outcomes have units of their own, so each has its figure."""
    facts = released.payload
    pictures = Markup("").join(figure(draw_subgroups(rows)) for rows in by_outcome(facts["rows"]))
    shown = pictures if facts["rows"] else None
    return _fragment(released, shown, subgroups_tables(facts), lead=subgroups_words(facts))


def _registration(released: Released) -> Markup:
    columns = (
        Column("clause", "Clause of the plan", numeric=False),
        Column("registered", "As registered", numeric=False),
        Column("present", "As it is now", numeric=False),
    )
    changes = released.payload["changes"]
    tables = {"What has changed": html_table("The plan, clause by clause", columns, changes)} if changes else NONE
    return _fragment(released, None, tables, lead=registration_words(released.payload))


def _standards(released: Released) -> Markup:
    facts = released.payload
    if facts["suppressed"]:
        return _fragment(released, None, lead=f"The result rests on {facts['suppressed']}, so it is not scored here.")
    columns = tuple(
        Column(name, header, numeric=False)
        for name, header in (
            ("standard", "Standard"),
            ("score", "Score"),
            ("most", "Most for this design"),
            ("meaning", "What the score says"),
            ("why", "Why not more"),
        )
    )
    rows = [{**row, "why": " ".join(row["reasons"]) or MOST_EARNED} for row in facts["rows"]]
    sources = "; ".join(row["source"] for row in facts["rows"])
    caption = f"This study on three standards of evidence. Sources: {sources}"
    return _fragment(released, None, {"The scores in a table": html_table(caption, columns, rows)})


def _rules(released: Released) -> Markup:
    columns = tuple(
        Column(name, header, numeric=False)
        for name, header in (
            ("name", "Rule"),
            ("when", "When"),
            ("verdict", "Verdict"),
            ("would_change", "What would change it"),
        )
    )
    rows = [{**row, "verdict": verdict_words(row["verdict"]).name} for row in released.payload["rows"]]
    table = html_table("The rules by which every outcome is judged, the first that applies", columns, rows)
    return _fragment(released, None, {"The rules in a table": table}, lead=released.payload["sentence"])


def _methods(released: Released) -> Markup:
    return _fragment(released, None, lead=methods_words(released.payload))


def _readings(released: Released) -> Markup:
    return fill("readings.html.j2", readings=readings_words(released.payload))


def _provenance(released: Released) -> Markup:
    facts = released.payload["facts"]
    return fill("provenance.html.j2", facts=facts, notes=released.notes)


FRAGMENTS: dict[str, Callable[[Released], Markup]] = {
    "verdict": verdict_html,
    "effects": _effects,
    "event_study": _event_study,
    "flow": _flow,
    "allocation": _allocation,
    "balance": _balance,
    "population": _population,
    "detectable": _detectable,
    "naive": _naive,
    "linkage": _linkage,
    "ways": _ways,
    "subgroups": _subgroups,
    "what_works": _what_works,
    "league": _league,
    "places": _places,
    "specifications": _specifications,
    "hidden": _hidden,
    "placebos": placebos_html,
    "deadweight": deadweight_html,
    "appraisal": appraisal_html,
    "payment": payment_html,
    "changes": changes_html,
    "causes": causes_html,
    "identification": identification_html,
    "criteria": criteria_html,
    "quarters": quarters_html,
    "untold": untold_html,
    "received": received_html,
    "findings": findings_html,
    "links": links_html,
    "unseen": unseen_html,
    "versus": versus_html,
    "either": either_html,
    "for_whom": for_whom_html,
    "registration": _registration,
    "standards": _standards,
    "methods": _methods,
    "rules": _rules,
    "provenance": _provenance,
    "readings": _readings,
}
