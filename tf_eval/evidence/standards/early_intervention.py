"""The Early Intervention Foundation's ratings: how strong the evidence of a better outcome is, not how much better."""

from tf_eval.evidence.check import FEWEST_FAMILIES
from tf_eval.evidence.rules import Word
from tf_eval.evidence.standards.score import Score
from tf_eval.evidence.standards.study import Study

NAME = "Early Intervention Foundation rating"
SOURCE = "Early Intervention Foundation, Evidence standards"
MEANINGS = {
    "3": "Better in the short term, by a rigorous evaluation.",
    "2": "Preliminary evidence of an improvement; no claim that the intervention caused it.",
    "NL2": "Not level 2: no evidence of an improvement that counts.",
    "NE": "No effect: not better in a rigorous evaluation.",
}
MOST = {"before_after": "2", "matched_after": "2", "matched_difference": "3"}
FEW = f"An arm has fewer than {FEWEST_FAMILIES} families, or counts for fewer as they are weighed."


def early_intervention(study: Study) -> Score:
    """Return the rating. Level 4 asks for several rigorous evaluations and a year or more: one study cannot earn it."""
    rating, reasons = _rating(study)
    return Score(NAME, rating, MOST[study.design], MEANINGS[rating], reasons, SOURCE)


def _rating(study: Study) -> tuple[str, tuple[str, ...]]:
    if study.few or not study.estimated:
        return "NL2", ((FEW,) if study.few else ("Nothing could be estimated.",))
    rigorous = MOST[study.design] == "3" and not study.failed
    if study.better:
        return ("3" if rigorous else "2"), study.doubts
    if study.word is Word.CANNOT_TELL:
        return "NL2", ("The study cannot tell whether there was an improvement.", *study.doubts)
    found = (
        "The change was for the worse." if study.word is Word.HARM else "Any change was too small to be worth having."
    )
    return ("NE" if rigorous else "NL2"), (found, *study.doubts)
