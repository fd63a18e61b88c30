"""What changed between two releases of a site, as it may be shown."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import is_number
from tf_eval.release.views import ClauseRow

LABEL = "Since the last release"
QUESTION = "What changed since the last release, and why?"
COUNTS = ("n_treated", "n_comparison")
EFFECT = ("effect", "ci_low", "ci_high", "worth_effect", "worth_low", "worth_high")


@dataclass(frozen=True, eq=False)
class MovedRow:
    """What two releases told of one intervention; ``None`` where one of them told nothing.

    ``was_made`` and ``is_made`` say whether its page could be made for the earlier and the later one.
    """

    name: str
    label: str
    before: Released | None
    after: Released | None
    was_made: bool = True
    is_made: bool = True


@dataclass(frozen=True, eq=False)
class ChangesView:
    """What moved since the release that was published ``since`` (ISO 8601; empty where there is none).

    ``lost`` names pages of the whole county that could not be made.
    """

    since: str = ""
    rows: tuple[MovedRow, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class InputRow:
    """One thing that goes into pages, whether it changed, and where: of which agencies or interventions."""

    name: str
    changed: bool
    where: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class PlanRow:
    """What changed in the plan of one intervention, clause by clause; ``registered`` is how a clause was."""

    label: str
    clauses: tuple[ClauseRow, ...]


@dataclass(frozen=True, eq=False)
class CausesView:
    """What went into two releases: inputs side by side, and plans clause by clause; nothing where there is but one."""

    inputs: tuple[InputRow, ...] = ()
    plans: tuple[PlanRow, ...] = ()


def release_changes(view: ChangesView, rules: Rules) -> Released:
    """Release what moved. Both sides have passed the gate before; what they tell together is the gate's business."""
    payload = {"label": LABEL, "question": QUESTION, "since": view.since}
    rows = [_moved(row, rules) for row in view.rows]
    few = f"Where a number of families may have moved by fewer than {rules.threshold}, the one before is not told."
    notes = (few,) if any(row["before"] and row["after"] and _is_held_back(row) for row in rows) else ()
    return Released("changes", LABEL, {**payload, "rows": rows, "lost": list(view.lost)}, notes)


def release_causes(view: CausesView, rules: Rules) -> Released:
    """Release what went in: like plans and fingerprints themselves, it tells nothing of anybody."""
    plans = [{"label": plan.label, "clauses": [asdict(clause) for clause in plan.clauses]} for plan in view.plans]
    return Released("causes", "What went in", {"inputs": [asdict(row) for row in view.inputs], "plans": plans})


def _moved(row: MovedRow, rules: Rules) -> dict[str, Any]:
    then, now = (side.payload if side else None for side in (row.before, row.after))
    told = {"name": row.name, "label": row.label, "was_made": row.was_made, "is_made": row.is_made}
    verdicts = {"before": then and then["verdict"], "after": now and now["verdict"]}
    return {**told, **verdicts, **_families(then, now, rules), "outcomes": _outcomes(then, now)}


def _families(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None, rules: Rules) -> dict[str, Any]:
    """Return the counts of the later release, and those before only where they may be set beside them."""
    told = {}
    for name in COUNTS:
        before, after = (side[name] if side else None for side in (then, now))
        told[name] = {"before": before if _may_be_told(before, after, rules) else None, "after": after}
    return told


def _is_held_back(row: Mapping[str, Any]) -> bool:
    return any(row[name]["before"] is None for name in COUNTS)


def _may_be_told(before: object, after: object, rules: Rules) -> bool:
    """Whether a count surely moved by as many as a table may show: what a few families changed is about these few.

    Both counts are rounded, so they are as near to each other as what lies behind them may be.
    """
    if not (is_number(before) and is_number(after)):
        return True
    (low, high), (least, most) = (rules.behind(count) for count in (before, after))
    return max(low - most, least - high) >= rules.threshold


def _outcomes(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    before, after = ({row["outcome"]: row for row in side["rows"]} if side else {} for side in (then, now))
    return [_outcome(before.get(name), after.get(name)) for name in dict.fromkeys([*after, *before])]


def _outcome(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    named = {name: (after or before)[name] for name in ("outcome", "label", "unit", "primary", "good_direction")}
    return {**named, "before": _side(before), "after": _side(after)}


def _side(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return row and {name: row[name] for name in ("verdict", *EFFECT)}
