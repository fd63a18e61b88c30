"""One outcome over the interventions of a site, in its own unit."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.bands import label_ends
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows, shade_row
from tf_eval.report.figures.worth import BAND, MARGIN, SIZE, Rows, draw_dot, draw_value, found_words, room
from tf_eval.report.style import BLUE, Drawing, bare, inches, render
from tf_eval.report.words import interval_words, level_words, short_effect, unit_words, verdict_words, without

BELOW = 0.52  # inches
FINDINGS = ("works", "promising", "may do harm")


def draw_outcome(rows: Rows) -> Drawing | None:
    """Return a dot with its interval for each intervention; ``None`` where none has a number.

    Arguments: ``rows`` are those of the verdicts on one outcome, each with its ``intervention``.
    """
    shown = [row for row in rows if is_number(row["ci_low"]) and is_number(row["ci_high"])]
    if not shown:
        return None
    words = unit_words(shown[0]["unit"])
    laid = lay_rows([{**row, "label": _label(row)} for row in shown], room=room, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, laid, height=laid[-1].bottom + MARGIN + BELOW),
        headline=found_words([{**row, "label": row["intervention"]} for row in shown], "interventions"),
        measure=f"Effect {'counted' if words.count else 'in'} {words.axis}, with 95% intervals. Filled: a finding. "
        "The shaded band is too small to matter.",
        alt=_alt(shown),
    )


def _label(row: Mapping[str, Any]) -> str:
    if not is_number(row["base_rate"]):
        return row["intervention"]
    return f"{row['intervention']} ({level_words(row['unit'], row['base_rate'])} without it)"


def _alt(rows: Rows) -> str:
    parts = [
        f"{row['intervention']}: {short_effect(row['unit'], row['effect'])} "
        f"({interval_words(row['unit'], row['ci_low'], row['ci_high'])}){_against(row)}, "
        f"{verdict_words(row['verdict']).name.lower()}"
        for row in rows
    ]
    return f"Effect on {in_sentence(rows[0]['label'])} by intervention. {'; '.join(parts)}."


def _against(row: Mapping[str, Any]) -> str:
    if not is_number(row["base_rate"]):
        return ""
    return f", against about {level_words(row['unit'], row['base_rate'])} {without(row['unit'])}"


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    axes = inches(figure, left=MARGIN, right=MARGIN, top=MARGIN, bottom=BELOW)
    bare(axes)
    for row in rows:
        facts = row.facts
        label_row(axes, row)
        draw_value(axes, row)
        shade_row(axes, row, facts["smallest_worthwhile"] if is_number(facts["smallest_worthwhile"]) else 0)
        is_finding = facts["verdict"] in FINDINGS
        ends = [facts["ci_low"], facts["ci_high"]]
        axes.plot(ends, [row.middle, row.middle], color=BLUE, linewidth=3 if is_finding else 1.5)
        draw_dot(axes, facts["effect"], row.middle, filled=is_finding)
    axes.set_ylim(rows[-1].bottom, 0)
    axes.set_yticks([])
    words = unit_words(rows[0].facts["unit"])
    label_ends(axes, words.less, words.more)
