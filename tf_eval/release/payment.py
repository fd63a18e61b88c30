"""What payment by results pays a council: the shape that the gate accepts, and what may be shown of it."""

from dataclasses import dataclass
from typing import Any

from tf_eval.release.counts import release_count, release_counts
from tf_eval.release.money import release_pounds
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED, is_number

QUESTION = "What does payment by results pay for?"


@dataclass(frozen=True, eq=False)
class YearRow:
    """A financial year: families taken on in it, and first claimed in it; pounds paid in it; the council's own money.

    ``forecast`` is missing where nothing can be expected; ``own`` where it is not known.
    """

    year: str
    attached: int
    claimed: int
    fees: float
    results: float
    forecast: float | None
    own: float | None


@dataclass(frozen=True, eq=False)
class PaymentView:
    """What may be claimed by some rules, and what it comes to.

    ``label`` says whose, ``until`` is the last day asked about, in words; ``routes`` has how many families may be
    claimed by each; ``by_neutral`` how many claims rest on an element that is neutral; ``to_check`` names the clauses
    that are not certain.
    """

    label: str
    scheme: str
    until: str
    routes: tuple[tuple[str, int], ...]
    years: tuple[YearRow, ...]
    waiting: int
    by_neutral: int
    to_check: tuple[str, ...]
    own_source: str = ""


def release_payment(view: PaymentView, rules: Rules) -> Released:
    """Release counts of families, protected against sums, and pounds to two figures where the counts may be seen."""
    attached = release_counts([row.attached for row in view.years], rules)
    # Who waits is a cell: claimed and waiting add up to those taken on.
    claimed = release_counts([*(row.claimed for row in view.years), view.waiting], rules)
    shown = zip(view.years, attached.cells, claimed.cells[:-1], strict=True)
    years = [_year(row, *counts) for row, *counts in shown]
    payload = {
        "label": view.label,
        "question": QUESTION,
        "scheme": view.scheme,
        "until": view.until,
        "attached": attached.total,
        "claimed": _less(claimed.total, claimed.cells[-1]),
        "routes": [{"title": title, "families": release_count(count, rules)} for title, count in view.routes],
        "by_neutral": release_count(view.by_neutral, rules),
        "years": years,
        **_totals(view, years),
        "own_source": view.own_source,
        "to_check": list(view.to_check),
    }
    hidden = SUPPRESSED in str(payload)
    note = f"[c] where fewer than {rules.threshold} families are counted, or a sum would show them."
    return Released("payment", "What payment by results pays for", payload, (note,) if hidden else ())


def _less(total: int | str, waiting: int | str) -> int | str:
    """Return how many are claimed as what is shown gives it, so that nothing is told twice in two ways."""
    return total - waiting if is_number(total) and is_number(waiting) else SUPPRESSED


def _year(row: YearRow, attached: int | str, claimed: int | str) -> dict[str, Any]:
    fees = release_pounds({"fees": row.fees}, "" if is_number(attached) else SUPPRESSED)
    results = release_pounds({"results": row.results}, "" if is_number(claimed) else SUPPRESSED)
    forecast = release_pounds({"forecast": row.forecast}, "")
    own = release_pounds({"own": row.own}, "")
    return {"year": row.year, "attached": attached, "claimed": claimed, **fees, **results, **forecast, **own}


def _totals(view: PaymentView, years: list[dict[str, Any]]) -> dict[str, Any]:
    """Of years of which one is hidden no sum is told, for it would show that one."""
    found = {}
    for name in ("fees", "results"):
        hidden = [row[name] for row in years if not is_number(row[name])]
        told = release_pounds({name: sum(getattr(row, name) for row in view.years)}, SUPPRESSED if hidden else "")
        found[f"{name}_in_all"] = told[name]
    own = [row.own for row in view.years if row.own is not None]
    return {**found, **release_pounds({"own_in_all": sum(own) if own else None}, "")}
