"""Effects in declared parts of the families, as they may be shown."""

from dataclasses import dataclass
from typing import Any

from tf_eval.release.counts import release_counts
from tf_eval.release.estimates import Basis, release_base_rate, release_effects, why_hidden
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED


@dataclass(frozen=True, eq=False)
class PartRow:
    """The effect in one part, and drawn to the mean of all parts.

    ``families`` counts those in the part with the intervention, ``n_treated`` and ``n_comparison`` those seen in every
    month of the estimate.
    """

    part: str
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    base_rate: float | None
    shrunk: float | None
    shrunk_low: float | None
    shrunk_high: float | None
    families: int
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class SubgroupRow:
    """One outcome by one subgroup: its parts, and how they differ.

    ``subgroup`` is what is told apart or, of a split, its first part, and ``others`` the second. The difference is that
    of two parts. ``differs`` says whether parts differ beyond chance, with the allowance for all that were compared;
    None where they could not be compared. ``as_expected``: None where nothing was expected, or nothing found.
    """

    outcome: str
    label: str
    unit: str
    subgroup: str
    others: str | None
    parts: tuple[PartRow, ...]
    difference: float | None
    low: float | None
    high: float | None
    differs: bool | None
    as_expected: bool | None


@dataclass(frozen=True, eq=False)
class SubgroupsView:
    """For whom, where and by whom; without rows the sentence stands alone.

    ``fewest`` are the families that each arm of a part has to have for an estimate.
    """

    rows: tuple[SubgroupRow, ...]
    sentence: str
    fewest: int


def release_subgroups(view: SubgroupsView, rules: Rules) -> Released:
    """Release effects by part.

    The parts of a subgroup add up to all families. So a part whose number is hidden, be it for itself or because the
    others would give it away, has no effect either; and where a part is hidden, so is what is said of all parts.
    """
    rows = [_row(row, rules) for row in view.rows]
    parts = [part for row in rows for part in row["parts"]]
    rates = [part["base_rate"] for part in parts if not part["suppressed"]]
    notes = list(why_hidden([part["suppressed"] for part in parts], rates, rules))
    if any(part.effect is None for row in view.rows for part in row.parts):
        many = f"{view.fewest} families with this support"
        notes.append(
            f"[x] above all where a part has fewer than {many}, or like ones, or few of them were seen throughout."
        )
    payload = {"rows": rows, "sentence": view.sentence}
    return Released("subgroups", "Does it do more for some than for others?", payload, tuple(notes))


def _row(row: SubgroupRow, rules: Rules) -> dict[str, Any]:
    counts = release_counts([part.families for part in row.parts], rules).cells if row.parts else ()
    parts = [_part(part, count, row.unit, rules) for part, count in zip(row.parts, counts, strict=True)]
    hidden = next((part["suppressed"] for part in parts if part["suppressed"]), "")
    difference = {"difference": row.difference, "low": row.low, "high": row.high}
    return {
        **{name: getattr(row, name) for name in ("outcome", "label", "unit", "subgroup", "others")},
        "parts": parts,
        **release_effects(difference, row.unit, hidden),
        "differs": None if hidden else row.differs,
        "as_expected": None if hidden else row.as_expected,
        "suppressed": hidden,
    }


def _part(row: PartRow, count: int | str, unit: str, rules: Rules) -> dict[str, Any]:
    basis = Basis(row.n_treated, row.n_comparison)
    refusal = basis.refusal(rules, of=row.effect)
    if count == SUPPRESSED and row.effect is not None:
        refusal = refusal or "parts of which the smallest could be worked out"
    names = ("effect", "ci_low", "ci_high", "shrunk", "shrunk_low", "shrunk_high")
    return {
        "part": row.part,
        **release_effects({name: getattr(row, name) for name in names}, unit, refusal),
        "base_rate": release_base_rate(row.base_rate, row.effect, unit, refusal, basis, rules),
        "families": count,
        "suppressed": refusal,
    }
