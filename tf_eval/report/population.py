"""Whom the answer is about, in words made from released facts."""

from collections.abc import Mapping, Sequence
from typing import Any

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import number


def population_words(payload: Mapping[str, Any]) -> str:
    """Return whom the answer is about; where some were left out, how far that moved it, and which way."""
    if payload["few_left_out"]:
        return (
            f"None of the families with this support, or fewer than {payload['fewest']} of them, were left out of the "
            "comparison: too few to say how they differ."
        )
    if payload["suppressed"]:
        return f"It is confidential, because it rests on {payload['suppressed']}."
    return (
        "Some families with this support were left out, because they were not enough like the families that they could "
        f"be compared with. The answer is about the others. {_moved(payload['rows'], payload['notable'])}"
    )


def _moved(rows: Sequence[Mapping[str, Any]], notable: float) -> str:
    furthest = max((row for row in rows if is_number(row["studied"])), key=lambda row: abs(row["studied"]))
    size = abs(furthest["studied"])
    if size <= notable:
        return (
            "That hardly changes whom it is about: on no characteristic do the families studied differ from all with "
            f"this support by more than {number(notable)} standard deviations."
        )
    side = "higher" if furthest["studied"] > 0 else "lower"
    return (
        "The families studied differ most from all with this support in one characteristic, "
        f"{in_sentence(furthest['label'])}: it is {number(size)} standard deviations {side} among them."
    )
