"""What an evaluation said of one intervention and one outcome, beside what is true of it."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from synthetic.draw import Draw
from synthetic.truth import effects_table, family_outcomes
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence import OutcomeVerdict, Verdict, rank_interventions
from tf_eval.runs import Evaluation

# Rank sets are drawn with every league table, and not looked at here.
_DRAWS = {"seed": 1, "draws": 99}


def true_effects(drawn: Draw, column: str) -> pd.DataFrame:
    """Return the true effects by intervention, outcome and event month: ``truth`` is the named column of the table."""
    table = pd.DataFrame(effects_table(drawn.county, drawn.support, drawn.outcomes))
    return table.assign(truth=table[column])[["intervention", "outcome", "event_month", "truth"]]


def spreads(drawn: Draw, first: int, last: int) -> dict[str, float]:
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


def cells_of(evaluation: Evaluation, truth: pd.DataFrame, spread: dict[str, float]) -> Iterator[dict[str, Any]]:
    """Yield a row for each outcome of an evaluation, in reporting units and as JSON can hold it.

    Args:
        evaluation: the evaluation.
        truth: the true effects, as ``true_effects`` returns them.
        spread: the outcomes' standard deviations, as ``spreads`` returns them.
    """
    first, last = evaluation.plan.estimation.follow_up
    mine = truth[(truth["intervention"] == evaluation.plan.intervention) & truth["event_month"].between(first, last)]
    by_outcome = mine.groupby("outcome")["truth"].mean()
    for row in evaluation.verdict.outcomes:
        scale, name = row.outcome.scale, row.outcome.name
        facts = {"truth": by_outcome[name] * scale, "sd": spread[name] * scale, **_estimated(row)}
        yield {
            "intervention": evaluation.plan.intervention,
            "outcome": name,
            **plain(facts),
            "failed": _failed(evaluation.verdict, row),
        }


def with_ranks(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cells of a county with ``shrunk``: the effect as a league table of the outcome shrinks it."""
    shrunk: dict[tuple[str, str], float | None] = {}
    for outcome in dict.fromkeys(cell["outcome"] for cell in cells):
        mine = [cell for cell in cells if cell["outcome"] == outcome]
        frame = pd.DataFrame(mine)[["intervention", "effect", "std_error", "good_direction"]]
        league = rank_interventions(
            frame.rename(columns={"effect": "value"}).astype({"value": float, "std_error": float}),
            good_direction=frame["good_direction"].iloc[0],
            outcome=outcome,
            **_DRAWS,
        )
        standings = () if isinstance(league, NotEstimated) else league.standings
        shrunk |= {(outcome, standing.intervention): standing.to_dict()["shrunk"] for standing in standings}
    return [{**cell, "shrunk": shrunk.get((cell["outcome"], cell["intervention"]))} for cell in cells]


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
