"""What a study could have found, in words and tables made from released facts."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import number
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import level_words, unit_words

Rows = Sequence[Mapping[str, Any]]
NOT_KNOWN = "Too few families could be studied to say how large a change would have been found."
ENOUGH = {True: "yes", False: "no: too small to tell"}
TIMES = {0.8: "four times in five", 0.9: "nine times in ten"}


def detectable_words(payload: Mapping[str, Any]) -> str:
    """Return for which outcomes the study was large enough, and for which it was known to be too small."""
    rows = of_the_plan(payload)
    enough, small = (_labels(row for row in rows if row["large_enough"] is held) for held in (True, False))
    hopeless = _labels(row for row in rows if _is_out_of_reach(row))
    if not (enough or small):
        return NOT_KNOWN
    months = f"Over months {payload['follow_up']}, a study of this size"
    found = f"the smallest change worth having {how_often(payload['power'])}"
    parts = [
        f"{months} shows {found} in {enough}." if enough else f"{months} shows {found} in no outcome.",
        f"It is too small to tell in {small}. There, such a change can be real and not be seen." if small else "",
        f"In {hopeless} not even an end of it altogether would be shown so often." if hopeless else "",
    ]
    return " ".join(filter(None, parts))


def how_often(power: float) -> str:
    return TIMES.get(power, f"in {number(round(100 * power))}% of cases")


def of_the_plan(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows over the months of the plan."""
    return [row for row in payload["rows"] if row["band"] == payload["follow_up"]]


def detectable_tables(payload: Mapping[str, Any]) -> dict[str, Markup]:
    """Return the table over the plan's months, and that of all bands."""
    return {"The numbers in a table": _plan_table(payload), "Band by band": _band_table(payload)}


def _plan_table(payload: Mapping[str, Any]) -> Markup:
    columns = (
        Column("label", "Outcome", numeric=False),
        Column("axis", "Unit", numeric=False),
        Column("base", "Without it"),
        Column("smallest_detectable", "Smallest it could find"),
        Column("share", "As a share of that without it"),
        Column("smallest_worthwhile", "Smallest worth having"),
        Column("enough", "Large enough", numeric=False),
    )
    rows = [
        {
            **row,
            "axis": unit_words(row["unit"]).axis,
            "base": level_words(row["unit"], row["base_rate"]),
            "share": f"{number(round(100 * row['relative']))}%" if is_number(row["relative"]) else row["relative"],
            "enough": ENOUGH.get(row["large_enough"], row["smallest_detectable"]),
        }
        for row in of_the_plan(payload)
    ]
    return html_table(f"What this study could find over months {payload['follow_up']}", columns, rows)


def _band_table(payload: Mapping[str, Any]) -> Markup:
    bands = list(dict.fromkeys(row["band"] for row in payload["rows"]))
    by_outcome: dict[str, dict[str, Any]] = {}
    for row in payload["rows"]:
        named = {"label": f"{row['label']}, {unit_words(row['unit']).axis}", "worth": row["smallest_worthwhile"]}
        by_outcome.setdefault(row["outcome"], named)[row["band"]] = row["smallest_detectable"]
    columns = (
        Column("label", "Outcome", numeric=False),
        *(Column(band, f"Months {band}") for band in bands),
        Column("worth", "Smallest worth having"),
    )
    return html_table(
        "Smallest change that this study could find, by months since the start", columns, list(by_outcome.values())
    )


def _is_out_of_reach(row: Mapping[str, Any]) -> bool:
    """Whether what is found is more than there is, so that not even a fall to nothing would be."""
    numbers = row["smallest_detectable"], row["base_rate"]
    may_end = row["good_direction"] == "fall" and row["large_enough"] is False
    return may_end and all(map(is_number, numbers)) and numbers[0] > numbers[1]


def _labels(rows: Any) -> str:
    return listed([in_sentence(row["label"]) for row in rows])
