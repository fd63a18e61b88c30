"""What payment by results would have paid anyway: the shape that the gate accepts, and what may be shown."""

from dataclasses import dataclass
from typing import Any

from tf_eval.release.estimates import Basis, why_hidden
from tf_eval.release.judgement import release_sentence
from tf_eval.release.money import release_pounds
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED, Shown, is_number
from tf_eval.release.views import SentenceFacts

NOBODY = "so few, or no, families of whom it could be claimed"


@dataclass(frozen=True, eq=False)
class ResultRow:
    """How many of 100 families could be claimed by a route; ``is_any`` of all routes together.

    Where nobody could be, of either group, there is no effect: ``is_none``.
    """

    facts: SentenceFacts
    n_treated: int
    n_comparison: int
    is_any: bool = False
    is_none: bool = False


@dataclass(frozen=True, eq=False)
class DeadweightView:
    """Results with support and without it, and pounds for a family: missing where not known, infinite for nothing.

    ``month`` is the last after the start at which a claim was looked for.
    """

    scheme: str
    month: int
    rows: tuple[ResultRow, ...]
    pounds: dict[str, float | None]


def release_deadweight(view: DeadweightView, rules: Rules) -> Released:
    """Release shares and pounds; the pounds where the share of families with any result may be seen."""
    rows = [_row(row, rules) for row in view.rows]
    told = next(row for row in rows if row["is_any"])
    hidden = "" if is_number(told["base_rate"]) and is_number(told["effect"]) else told["suppressed"] or NOBODY
    payload = {
        "scheme": view.scheme,
        "month": view.month,
        "rows": rows,
        "pounds": _with_difference(release_pounds(view.pounds, hidden)),
        "suppressed": hidden,
    }
    notes = why_hidden((row["suppressed"] for row in rows), [row["base_rate"] for row in rows], rules)
    return Released("deadweight", "What would have been paid anyway", payload, notes)


def _with_difference(pounds: dict[str, Shown]) -> dict[str, Shown]:
    """Add by how much what is paid for results is more than for like families, as what is shown gives it.

    So nothing is told twice in two ways, and no pound is told more closely than the two.
    """
    ends = {"difference": "anyway", "difference_low": "anyway_high", "difference_high": "anyway_low"}
    return {**pounds, **{name: _less(pounds["results"], pounds[anyway]) for name, anyway in ends.items()}}


def _less(results: Shown, anyway: Shown) -> Shown:
    if is_number(results) and is_number(anyway):
        return results - anyway
    return anyway if is_number(results) else results


def _row(row: ResultRow, rules: Rules) -> dict[str, Any]:
    basis = Basis(row.n_treated, row.n_comparison)
    refusal = basis.refusal(rules, of=row.facts.effect)
    shown = release_sentence(row.facts, refusal, basis, rules)
    # That nobody is in a state is told no more than that one is.
    nobody = dict.fromkeys(("effect", "ci_low", "ci_high", "base_rate", "with_rate"), SUPPRESSED) if row.is_none else {}
    return {**shown, **nobody, "is_any": row.is_any, "suppressed": refusal or NOBODY * row.is_none}
