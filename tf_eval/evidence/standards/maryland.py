"""The Maryland Scientific Methods Scale: how well a design keeps other explanations out, whatever it found."""

from tf_eval.evidence.standards.score import Score
from tf_eval.evidence.standards.study import Study

NAME = "Maryland Scientific Methods Scale"
SOURCE = "What Works Centre for Local Economic Growth, Maryland Scientific Methods Scale; Sherman et al. 1998"
MEANINGS = {
    1: "It counts for no more than a plain comparison across families, or of before and after.",
    2: "It counts for no more than like families compared in one dimension: across families or over time.",
    3: "Before and after beside like families, whose likeness is shown.",
}
MOST = {"before_after": 1, "matched_after": 2, "matched_difference": 3}
CONFLICT = (
    "The What Works Centre's own documents differ on matching: its scoring guide of June 2016 lists propensity score "
    "matching among the methods of level 3, while by its definition of the levels matching at one point in time is "
    "level 2. The stricter one is kept here: level 3 asks for like families and for before and after."
)


def maryland(study: Study) -> Score:
    """Return the level on the Maryland scale: that of the design, less one for each failed check of comparability.

    Levels 4 and 5 ask that chance, or something like it, decides who has the intervention: no design here earns them.
    """
    most = MOST[study.design]
    if not study.estimated:
        return Score(NAME, "not scored", str(most), "There is no result.", ("Nothing could be estimated.",), SOURCE)
    level = max(1, most - len(study.failed))
    return Score(NAME, str(level), str(most), MEANINGS[level], study.doubts, SOURCE)
