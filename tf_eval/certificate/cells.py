"""What an evaluation said of one intervention and one outcome, beside what is true of it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from synthetic.draw import Draw
from synthetic.truth import effects_table, family_outcomes
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence import OutcomeVerdict, Verdict, WhatWorks
from tf_eval.runs import Evaluation


def cells_of(evaluation: Evaluation, verdict: Verdict, drawn: Draw, column: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each outcome of an evaluation, in reporting units and as JSON can hold it.

    Args:
        evaluation: the evaluation.
        verdict: what it comes to once all interventions of the county are looked at together.
        drawn: the county that was evaluated.
        column: the column of the table of true effects that is true.
    """
    first, last = evaluation.plan.estimation.follow_up
    truth = pd.DataFrame(effects_table(drawn.county, drawn.support, drawn.outcomes))
    mine = truth[(truth["intervention"] == evaluation.plan.intervention) & truth["event_month"].between(first, last)]
    effects, spreads = mine.groupby("outcome")[column].mean(), _spreads(drawn, first, last)
    for row in verdict.outcomes:
        scale, name = row.outcome.scale, row.outcome.name
        facts = {"truth": effects[name] * scale, "sd": spreads[name] * scale, **_estimated(row)}
        failed = _failed(verdict, row)
        yield {"intervention": evaluation.plan.intervention, "outcome": name, **plain(facts), "failed": failed}


def _spreads(drawn: Draw, first: int, last: int) -> dict[str, float]:
    """Return of each outcome the standard deviation, over families that started, of their mean without support.

    The mean is that of event months ``first`` to ``last``; families that are not seen in any of them do not count.
    """
    started = drawn.support.first_starts()[1]
    columns = started[:, None] + np.arange(first, last + 1)
    inside = columns < drawn.county.clock.columns
    rows = np.arange(len(started))[:, None]
    found = {}
    for outcome, table in family_outcomes(drawn.county, drawn.outcomes.without).items():
        months = pd.DataFrame(np.where(inside, table[rows, np.where(inside, columns, 0)], np.nan))
        found[outcome] = float(months.mean(axis=1).std())
    return found


def shrunk_effects(together: WhatWorks) -> dict[tuple[str, str], float | None]:
    """Return by intervention and outcome the effects as the site's league tables shrink them."""
    found = {}
    for league in together.leagues:
        for claim, standing in league.rows():
            known = standing.to_dict() if standing else {"shrunk": None}
            found[claim.intervention, league.outcome.name] = known["shrunk"]
    return found


def _estimated(row: OutcomeVerdict) -> dict[str, Any]:
    size, measured = row.measured.headline, row.measured
    known = not isinstance(size, NotEstimated)
    return {
        "good_direction": row.outcome.good_direction,
        "sensitive": row.outcome.detection_sensitive,
        "primary": row.primary,
        "naive": measured.naive_change,
        "effect": size.value if known else None,
        "std_error": size.std_error if known else None,
        "low": size.low if known else None,
        "high": size.high if known else None,
        "base": size.base_rate if known else None,
        "n_treated": size.n_treated if known else None,
        "verdict": str(row.word),
        "p_adjusted": row.p_adjusted,
        "smallest_worthwhile": measured.smallest_worthwhile,
    }


def _failed(verdict: Verdict, row: OutcomeVerdict) -> list[str]:
    """Return the names of the checks that were not passed, of the design and of the outcome, each once."""
    return list(dict.fromkeys(check.name for check in (*verdict.checks, *row.checks) if not check.passed))
