"""From an assignment to the result that a caller is given."""

import numpy as np
import pandas as pd

from tf_eval.matching.design import Design
from tf_eval.matching.dropped import ALL_TAKEN, drop_reasons
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.matched import Matched
from tf_eval.matching.options import makes_sets
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.reading.coarsening import bins_note
from tf_eval.matching.reading.missing import missing_note
from tf_eval.matching.score.propensity import Propensity
from tf_eval.matching.score.support import OUTSIDE_NOTE
from tf_eval.matching.sealed import Sealed
from tf_eval.matching.twins import count_decided, twins_note
from tf_eval.matching.weighting.notes import repeated_note, weight_notes

TAKEN_BEFORE = (
    "Comparison units stand in the first risk set that has a use for them; reuse=True lets them stand in later ones."
)


def report(
    frame: pd.DataFrame, design: Design, problem: Problem, assignment: Assignment, propensity: Propensity | None
) -> Matched:
    """Return the matched rows with weights and sets, the treated rows left out with reasons, and notes.

    Rows stand in the caller's order, with the columns that the match read and no others.
    """
    everyone = Everyone.of(problem, assignment, propensity, design.score)
    rows, left_out = everyone.matched_rows(), np.flatnonzero(problem.treated & (assignment.weight == 0))
    left_out = left_out[np.argsort(problem.input_row[left_out])]
    places, places_left_out = problem.input_row[rows], problem.input_row[left_out]
    read = frame[frame.columns[frame.columns.isin(design.columns())]]
    reasons = drop_reasons(problem, left_out)
    added = {"weight": assignment.weight[rows], **_sets(problem, assignment, rows)}
    return Matched(
        frame=read.iloc[places].assign(**added, **_scores(design, problem, propensity, rows)),
        treated=design.treated,
        unit=design.unit,
        dropped=read.iloc[places_left_out].assign(reason=reasons),
        notes=(*_notes(frame, design, problem, assignment, reasons), *(propensity.notes if propensity else ())),
        design=design,
        covariates=design.on,
        everyone=everyone,
        sealed=Sealed.of(frame, places, places_left_out),
    )


def _sets(problem: Problem, assignment: Assignment, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return the set of each row, where rows have one and no more."""
    if problem.shares_rows or not assignment.row.size:
        return {}
    set_of_row = np.empty(len(assignment.weight), dtype=np.int64)
    set_of_row[assignment.row] = assignment.set_id
    return {"set_id": set_of_row[rows]}


def _scores(design: Design, problem: Problem, propensity: Propensity | None, rows: np.ndarray) -> dict[str, np.ndarray]:
    if propensity is not None:
        return {"propensity_score": propensity.probability[rows], "score": propensity.linear_predictor[rows]}
    return {"score": problem.score[rows]} if design.score else {}


def _notes(
    frame: pd.DataFrame, design: Design, problem: Problem, assignment: Assignment, reasons: np.ndarray
) -> list[str]:
    filled = [name for name in design.columns() if name in design.fillable() and frame[name].hasnans]
    said = {
        missing_note(filled, design.missing): bool(filled),
        OUTSIDE_NOTE: bool(problem.outside.any()),
        "Comparison rows of units that had themselves been treated by then were set aside.": len(frame)
        > len(problem.treated),
        "Pairs of an earlier match were made again where they still could be.": bool(problem.earlier),
        "Some treated rows found fewer comparison rows than min_ratio.": None not in (problem.ratio, problem.max_ratio)
        and _are_few(problem, assignment),
        TAKEN_BEFORE: design.risk_set is not None
        and problem.ratio is None
        and bool(assignment.row.size)
        and not (problem.reuse or problem.stars)
        and ALL_TAKEN in reasons,
        "Fewer subclasses were formed than asked, where scores were alike or rows too few.": design.method
        == "subclassification"
        and _are_fewer(problem, assignment),
    }
    several = repeated_note("Treated", problem.unit[problem.treated & (assignment.weight > 0)])
    notes = [*_cut(frame, design, problem), *(note for note, holds in said.items() if holds)]
    notes += [*assignment.notes, *_decided(design, problem, assignment), *several]
    return notes if problem.ratio is not None else [*notes, *weight_notes(problem, assignment.weight)]


def _cut(frame: pd.DataFrame, design: Design, problem: Problem) -> list[str]:
    if design.method != "coarsened_exact":
        return []
    note = bins_note(frame, problem.alike, design.on, design.cutpoints)
    return [note] if note else []


def _decided(design: Design, problem: Problem, assignment: Assignment) -> list[str]:
    """Say where nothing but labels told rows apart, of which some serve and others do not."""
    rows = count_decided(problem, assignment.weight)
    return [twins_note(rows, varied=makes_sets(design.method))] if rows else []


def _are_few(problem: Problem, assignment: Assignment) -> bool:
    compared = assignment.set_id[~problem.treated[assignment.row]]
    return bool((np.bincount(compared) < (problem.min_ratio or 1)).any())


def _are_fewer(problem: Problem, assignment: Assignment) -> bool:
    return assignment.set_id.max() + 1 < problem.subclasses * len(np.unique(problem.stratum[assignment.row]))
