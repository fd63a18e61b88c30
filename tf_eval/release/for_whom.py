"""For whom one of two interventions is better, as it may be shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import NOT_AVAILABLE, SUPPRESSED, is_number
from tf_eval.release.subgroups import SubgroupsView, release_subgroups

SIDES = ("first", "second", "direct")
NUMBERS = ("effect", "ci_low", "ci_high")
NAMED = ("outcome", "label", "unit", "subgroup", "others")
LABEL = "For whom the one is better, and for whom the other"


@dataclass(frozen=True, eq=False)
class ForWhomView:
    """Effects of two interventions by part, and the difference between them by part, or why there is none of it.

    ``fewest`` are the families that each arm of a part has to have for an estimate.
    """

    titles: tuple[str, str]
    first: SubgroupsView
    second: SubgroupsView
    direct: SubgroupsView | None
    fewest: int
    reason: str = ""


def release_for_whom(view: ForWhomView, rules: Rules) -> Released:
    """Release effects by part.

    What is shown of one intervention and of their difference would show the other. So a part of which anything is
    hidden is hidden in all, and where a part is hidden, so is what is said of all parts.
    """
    views = {name: getattr(view, name) for name in SIDES if getattr(view, name) is not None}
    released = {name: release_subgroups(each, rules) for name, each in views.items()}
    by_name = {name: {_key(row): row for row in each.payload["rows"]} for name, each in released.items()}
    keys = dict.fromkeys(key for rows in by_name.values() for key in rows)
    rows = [_row({name: rows.get(key) for name, rows in by_name.items()}) for key in keys]
    notes = dict.fromkeys(note for each in released.values() for note in each.notes if note.startswith(SUPPRESSED))
    few = f"[x] above all where a part has fewer than {view.fewest} families with the one or with the other."
    unknown = [few] if any(NOT_AVAILABLE in str(row) for row in rows) else []
    told = {"label": LABEL, "titles": list(view.titles), "reason": view.reason, "rows": rows}
    return Released("for_whom", LABEL, told, (*notes, *unknown))


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["outcome"], row["subgroup"]


def _row(sides: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Any]:
    found = {name: row for name, row in sides.items() if row is not None}
    named = next(iter(found.values()))
    by_part = {name: {part["part"]: part for part in row["parts"]} for name, row in found.items()}
    parts = [_part(part, by_part) for part in _in_order(by_part.values())]
    hidden = next((part["suppressed"] for part in parts if part["suppressed"]), "")
    return {
        **{name: named[name] for name in NAMED},
        "parts": parts,
        **_difference(found.get("direct"), hidden),
        "suppressed": hidden,
    }


def _in_order(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for each in parts for name in each))


def _part(name: str, by_part: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    cells = {side: by_part.get(side, {}).get(name) for side in SIDES}
    hidden = next((cell["suppressed"] for cell in cells.values() if cell and cell["suppressed"]), "")
    shown = {side: _cell(cell, hidden) for side, cell in cells.items()}
    families = {f"{side}_families": cells[side]["families"] if cells[side] else SUPPRESSED for side in SIDES[:2]}
    return {"part": name, **shown, **families, "suppressed": hidden}


def _cell(cell: Mapping[str, Any] | None, hidden: str) -> dict[str, Any]:
    if cell is None:
        return dict.fromkeys(NUMBERS, NOT_AVAILABLE)
    return {name: SUPPRESSED if hidden and is_number(cell[name]) else cell[name] for name in NUMBERS}


def _difference(direct: Mapping[str, Any] | None, hidden: str) -> dict[str, Any]:
    """How the difference between the two differs between parts."""
    if direct is None:
        return {"difference": NOT_AVAILABLE, "low": NOT_AVAILABLE, "high": NOT_AVAILABLE, "differs": None}
    told = {name: direct[name] for name in ("difference", "low", "high")}
    if hidden:
        told = {name: SUPPRESSED if is_number(value) else value for name, value in told.items()}
    return {**told, "differs": None if hidden else direct["differs"]}
