"""A study done in many ways, as a fragment of a page: words on what they find, and all of them in a table."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from markupsafe import Markup

from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import with_range
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import capital, short_effect, unit_words

PLANNED = "As planned"
ALIKE = {True: "yes", False: "no"}


def curve_words(curve: Mapping[str, Any]) -> str:
    """Return how many ways find a change one way, how far they range, where the planned one lies, what is missing."""
    rows, unit = curve["rows"], curve["unit"]
    effects = [row["effect"] for row in rows if is_number(row["effect"])]
    if not effects:
        return f"{curve['label']}: no way of doing the study gives a number that can be shown."
    ends = [short_effect(unit, effect) for effect in (min(effects), max(effects), median(effects))]
    planned = rows[0]["effect"]
    as_planned = short_effect(unit, planned) if is_number(planned) else "not among those shown"
    return (
        f"{curve['label']}: {found_words(curve)}. They run from {ends[0]} to {ends[1]}, with {ends[2]} in the middle; "
        f"as planned it is {as_planned}.{_missing(len(rows) - len(effects))}"
    )


def found_words(curve: Mapping[str, Any]) -> str:
    """Return how many ways find a change in the direction of the middle one, and how many of them are clear."""
    rows = [row for row in curve["rows"] if is_number(row["effect"])]
    words = unit_words(curve["unit"])
    falls = median(row["effect"] for row in rows) < 0
    found = [row for row in rows if (row["effect"] < 0 if falls else row["effect"] > 0)]
    clear = sum(row["ci_high"] < 0 or row["ci_low"] > 0 for row in found if is_number(row["ci_low"]))
    return f"{words.less if falls else words.more} in {len(found)} of {len(rows)} ways, clearly so in {clear or 'none'}"


def specifications_table(facts: Mapping[str, Any]) -> Markup:
    """Return a row for each way of doing the study: what was chosen, and the effect on each outcome."""
    choices = [dict(made) for made in facts["choices"]]
    names = list(dict.fromkeys(name for made in choices for name in made))
    columns = (
        Column("way", "Way", numeric=False),
        *(Column(name, name, numeric=False) for name in names),
        Column("alike", "Alike enough", numeric=False),
        *(Column(curve["outcome"], _heading(curve)) for curve in facts["curves"]),
    )
    rows = [_row(number, made, facts["curves"]) for number, made in enumerate(choices)]
    caption = "Every way of doing the study: what was chosen, and the estimated effect with its 95% interval"
    return html_table(caption, columns, rows)


def _row(number: int, made: Mapping[str, str], curves: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "way": f"Way {number}" if number else PLANNED,
        **{name: capital(words) for name, words in made.items()},
        "alike": ALIKE[curves[0]["rows"][number]["alike"]],
        **{curve["outcome"]: with_range(curve["rows"][number]) for curve in curves},
    }


def _heading(curve: Mapping[str, Any]) -> str:
    return f"{curve['label']}, {unit_words(curve['unit']).axis}"


def _missing(count: int) -> str:
    if not count:
        return ""
    return f" In {count} more {'way' if count == 1 else 'ways'} it could not be estimated, or is confidential."
