"""From a frame to several arms beside each other: read, score, match or weigh, audit, report."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.errors import is_among
from tf_eval.matching.arguments import names
from tf_eval.matching.arms.design import ESTIMANDS, ArmsDesign
from tf_eval.matching.arms.every_arm import EveryArm
from tf_eval.matching.arms.formed import Formed
from tf_eval.matching.arms.matched_arms import MatchedArms
from tf_eval.matching.arms.pairwise import match_pairwise
from tf_eval.matching.arms.sample import ArmsSample, read_arms
from tf_eval.matching.arms.scored import Scored, score_arms
from tf_eval.matching.arms.vector import match_vectors
from tf_eval.matching.arms.weighting import weigh_arms
from tf_eval.matching.auditing.arms import audit_arms
from tf_eval.matching.reading.missing import REFUSE, missing_note

OUTSIDE = "outside of the scores that all arms have"
METHODS: dict[str, Callable[[Scored], Formed]] = {
    "vector": match_vectors,
    "pairwise": match_pairwise,
    "inverse_probability": weigh_arms,
    "overlap": weigh_arms,
}


def match_arms(
    data: pd.DataFrame,
    *,
    on: str | Iterable[str],
    arm: str,
    reference: Any,
    unit: str | None = None,
    exact: str | Iterable[str] = (),
    method: str = "vector",
    estimand: str | None = None,
    caliper: float | None = None,
    common_support: bool = True,
    missing: str = REFUSE,
) -> MatchedArms:
    """Set rows of several arms beside each other, to see what each did against each other for families that are alike.

    Matching two arms at a time compares each two on other people: of three interventions each could then be better
    than the next in a circle. Here the probabilities of all arms (the generalised propensity score of Imbens 2000, by
    multinomial logistic regression) say who could have been in any of them, and only these are compared.

    Parameters
    ----------
    data
        A frame with a row for each family (or unit).
    on
        Covariates: numbers, yes/no, or categories, as for ``match``.
    arm
        Column with the arm of each row: two or more names, such as the interventions and "none".
    reference
        The arm of which the answer is, and in which each set has its first row.
    unit
        Column that names the unit (a family), where a unit can have several rows, all in one arm. Matched, a unit of
        another arm than that which chooses serves once; errors know of units.
    exact
        Columns whose values must be equal within a set. Weighted, all arms weigh the same in each cell of these.
    method
        - ``"vector"``: sets of one row of every arm. Each row of the reference arm is given a row of each other arm,
          near in the log odds of all arms together (Mahalanobis's distance, after Scotina and Gutman 2019), the
          closest first, and none twice; those that found one of each are kept. This is vector matching (Lopez and
          Gutman 2017) with one distance in place of their clusters. There are no more sets than the smallest arm has
          rows, so that it makes the best reference.
        - ``"pairwise"``: each two arms by themselves, nearest in the log odds of the one against the other, the closest
          first. Keeps more rows, for an answer that is about other rows in each pair: those of the pair's first arm.
        - ``"inverse_probability"``: weights, by which each arm is like the population asked about.
        - ``"overlap"``: weights for those who might as well have been in any arm (Li and Li 2019). None is extreme.

        Weights make the most of few families: in simulated samples with 30 in the smallest of three arms hardly a dozen
        of these found one in each other arm, and differences by overlap weights had six tenths of the spread.
    estimand
        Whom the answer is about: ``"att"`` rows of the reference arm (the default), with ``"inverse_probability"`` also
        ``"ate"``, rows of all arms; with ``"overlap"`` only ``"ato"``.
    caliper
        Largest distance from the row that chose, in standard deviations over the two arms of each of the log odds by
        which they are matched (Lopez and Gutman advise 0.25); None for no limit. For matching.
    common_support
        Whether rows are left out whose score of any arm lies outside of the range that all arms have (the rectangle of
        Lopez and Gutman 2017). The score is then fitted anew to those that stay.
    missing
        What stands for missing values of covariates, as for ``match``.

    Returns
    -------
    MatchedArms
        With ``pairs``: each two arms as ``match`` returns them. ``check_arms`` says how alike the arms are, and
        ``compare_arms`` what came of each.

    Raises
    ------
    ConfigError
        An option is unknown, out of its range, or nothing that the method has a use for.
    InputError
        A column is missing, has missing values, or cannot be used; ``reference`` is no arm; an arm has one row only, or
        a unit rows in several arms.
    EstimationError
        No scores are common to all arms, no row finds another, or the result breaks a constraint that was asked for.

    Notes
    -----
    Arms come with the reference first, and then from the fewest rows to the most, so that small arms choose among large
    ones. Ties are decided as ``match`` decides them, never by the order of the rows.
    """
    usual = ESTIMANDS[method][0] if is_among(method, ESTIMANDS) else "att"
    asked = {"exact": names(exact, "exact"), "method": method, "estimand": usual if estimand is None else estimand}
    rules = {"caliper": caliper, "common_support": common_support, "missing": missing}
    design = ArmsDesign(names(on, "on"), arm, reference, unit, **asked, **rules)
    design.check()
    sample = read_arms(data, design)
    scored, inside, notes = score_arms(sample)
    formed = METHODS[method](scored)
    audit_arms(scored, formed)
    return _report(sample, scored, inside, formed, (*_filled(sample), *notes, *formed.notes))


def _filled(sample: ArmsSample) -> tuple[str, ...]:
    filled = [name for name in sample.design.on if sample.data[name].hasnans]
    return (missing_note(filled, sample.design.missing),) if filled else ()


def _report(
    sample: ArmsSample, scored: Scored, inside: np.ndarray, formed: Formed, notes: tuple[str, ...]
) -> MatchedArms:
    place = np.flatnonzero(inside)
    weight, reason = np.zeros(len(inside)), np.full(len(inside), OUTSIDE, dtype=object)
    weight[place], reason[place] = formed.weight, formed.reason
    taken, left = (sample.in_callers_order(np.flatnonzero(rows)) for rows in (weight, reason != ""))
    sets = {} if formed.set_id is None else {"set_id": _of_all(formed.set_id, place, len(inside))[taken]}
    return MatchedArms(
        frame=sample.callers_rows(taken).assign(weight=weight[taken], **sets),
        arms=sample.arms,
        pairs={(sample.arms[one], sample.arms[other]): pair for (one, other), pair in formed.pairs.items()},
        dropped=sample.callers_rows(left).assign(reason=reason[left]),
        propensity=_propensity(scored),
        notes=notes,
        design=sample.design,
        everyone=EveryArm(sample.arms, sample.arm, inside, weight, sample.covariates, scored.probability, sample.unit),
        sealed=sample.sealed(taken, left),
    )


def _of_all(values: np.ndarray, place: np.ndarray, size: int) -> np.ndarray:
    """Return the values of rows at some places as an array of all rows, -1 for the others."""
    of_all = np.full(size, -1)
    of_all[place] = values
    return of_all


def _propensity(scored: Scored) -> pd.DataFrame:
    sample = scored.sample
    rows = sample.in_callers_order(np.arange(len(sample.arm)))
    return pd.DataFrame(scored.probability[rows], index=sample.callers_rows(rows).index, columns=list(sample.arms))
