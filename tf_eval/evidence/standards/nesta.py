"""Nesta's standards of evidence: how sure one can be that an intervention makes things better."""

from tf_eval.evidence.check import FEWEST_FAMILIES
from tf_eval.evidence.standards.score import Score
from tf_eval.evidence.standards.study import Study

NAME = "Nesta standards of evidence"
SOURCE = "Nesta, Standards of Evidence (Puttick and Ludlow 2013)"
MEANINGS = {
    1: "It can be said what is done and why it should help.",
    2: "Data show an improvement, but not that the intervention caused it.",
    3: "A comparison group shows that the intervention caused an improvement.",
}
MOST = {"before_after": 2, "matched_after": 3, "matched_difference": 3}


def nesta(study: Study) -> Score:
    """Return the level. Levels 4 and 5 ask for replication by others, and for manuals: one study cannot earn them."""
    most = MOST[study.design]
    reasons = study.doubts
    if study.few:
        reasons += (f"An arm has fewer than {FEWEST_FAMILIES} families, too few to say what caused a change.",)
    level = min(most, 2) if reasons else most
    if not study.better:
        level, reasons = 1, ("No change for the better was shown.", *reasons)
    return Score(NAME, str(level), str(most), MEANINGS[level], reasons, SOURCE)
