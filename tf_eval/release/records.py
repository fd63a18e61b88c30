"""Whether a county's records can be trusted: the shapes that the gate accepts, and what may be shown of them.

What is counted here are rows of agencies' records. A row is no family, and that none of a file's was set aside says
nothing of anybody: so zeros, and that all were used, are shown, while a few rows are hidden as a few families are.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tf_eval.release.counts import release_count, release_counts
from tf_eval.release.parts import Sum, release_parts
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED, Shown, is_number

QUESTION = "Can these records be trusted?"
FATES = ("used", "set_aside", "left_out")
ALMOST_ALL, FEW = "almost all", "few"
SET_ASIDE = "set aside"


@dataclass(frozen=True, eq=False)
class AgencyRows:
    """Rows that an agency sent, by what became of them; they come to what came in."""

    agency: str
    used: int
    set_aside: int
    left_out: int


@dataclass(frozen=True, eq=False)
class CoveredTime:
    """Months [start, end) that records of some kinds (table, kind) of an agency cover, from the county's first on."""

    agency: str
    kinds: tuple[tuple[str, str], ...]
    start: int
    end: int
    first: str
    last: str


@dataclass(frozen=True, eq=False)
class Pattern:
    """A finding about whole files or periods: the rule, the place, and what was found there, in words."""

    agency: str
    rule: str
    place: str
    detail: str


@dataclass(frozen=True, eq=False)
class ReceivedView:
    """What agencies sent. ``kinds`` is how many kinds of records were looked through, ``seen`` of how many of them a
    single missing month or term would have been found nearly everywhere; ``months`` how many the county has.
    """

    label: str
    rows: tuple[AgencyRows, ...]
    covered: tuple[CoveredTime, ...]
    patterns: tuple[Pattern, ...]
    months: int
    first: str
    last: str
    kinds: int
    seen: int


@dataclass(frozen=True, eq=False)
class RuleRow:
    """How many rows of these agencies broke a rule, and what became of them (``severity`` as a county tells it)."""

    agencies: tuple[str, ...]
    rule: str
    severity: str
    rows: int


@dataclass(frozen=True, eq=False)
class FindingsView:
    """What was set aside and why, what was used and noted, and the patterns of whole files and periods."""

    rows: tuple[AgencyRows, ...]
    rules: tuple[RuleRow, ...]
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, eq=False)
class LinkRow:
    """Records of a group of people, and how many are linked to another agency's, by how sure a link has to be.

    ``linked`` has (records, linked) for each level; ``records`` are those of the standard one.
    """

    characteristic: str
    category: str
    records: int
    linked: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class LinksView:
    """How people were linked: what each level of linkage makes, for whom, and for whom clearly less often in words.

    ``levels`` has (level, people, families).
    """

    levels: tuple[tuple[str, int, int], ...]
    rows: tuple[LinkRow, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PowerRow:
    """How small a pattern would have been found in one kind of records, as ``County.pattern_power`` has it.

    Without a district it is about the whole county, and alone tells the rows of a usual month or term.
    """

    agency: str
    table_name: str
    kind: str | None
    district: str | None
    usual_rows: int | None
    gap_periods: int | None
    fall: float | None
    rise: float | None


@dataclass(frozen=True, eq=False)
class UnseenView:
    """What the check could not have seen."""

    rows: tuple[PowerRow, ...]


def release_received(view: ReceivedView, rules: Rules) -> Released:
    """Release what each agency sent, for which months, and how much of it was used."""
    shown = _shown(view.rows, rules)
    payload = {
        "label": view.label,
        "question": QUESTION,
        "agencies": [_agency(row, shown, view.patterns) for row in view.rows],
        "all": {"rows": shown["all"], **{fate: shown["all", fate] for fate in FATES}},
        "covered": [{**vars(row), "kinds": [list(kind) for kind in row.kinds]} for row in view.covered],
        "patterns": len(view.patterns),
        **{name: getattr(view, name) for name in ("months", "first", "last", "kinds", "seen")},
    }
    return Released("received", "What was received", payload, _notes(payload, rules))


def _agency(row: AgencyRows, shown: Mapping[Hashable, Shown], patterns: Sequence[Pattern]) -> dict[str, Any]:
    return {
        "agency": row.agency,
        "rows": shown[row.agency],
        **{fate: shown[row.agency, fate] for fate in FATES},
        "patterns": sum(pattern.agency == row.agency for pattern in patterns),
    }


def release_findings(view: FindingsView, rules: Rules) -> Released:
    """Release why rows were set aside or noted, of all agencies together."""
    shown = _shown(view.rows, rules)
    told = [
        {"agencies": list(row.agencies), "rule": row.rule, "severity": row.severity, "rows": _broken(row, shown, rules)}
        for row in view.rules
    ]
    payload = {"rules": told, "patterns": [dict(vars(pattern)) for pattern in view.patterns]}
    return Released("findings", "What was set aside, and why", payload, _notes(payload, rules))


def _broken(row: RuleRow, shown: Mapping[Hashable, Shown], rules: Rules) -> Shown:
    """One rule can be why all rows of an agency were set aside: its count is hidden where the agency's is."""
    alone = len(row.agencies) == 1 and row.severity == SET_ASIDE
    if alone and not is_number(shown[row.agencies[0], "set_aside"]):
        return SUPPRESSED
    return release_count(row.rows, rules)


def release_links(view: LinksView, rules: Rules) -> Released:
    """Release how many people each level of linkage makes, and the shares of records that it links, by group.

    Shares are of counts as they may be shown, so that no share tells a count more finely than a table may.
    """
    groups = dict.fromkeys(row.characteristic for row in view.rows)
    rows = [
        line for group in groups for line in _group([row for row in view.rows if row.characteristic == group], rules)
    ]
    levels = [
        {"level": level, "people": release_count(people, rules), "families": release_count(families, rules)}
        for level, people, families in view.levels
    ]
    payload = {"levels": levels, "rows": rows, "sentences": list(view.sentences), "fewest": rules.threshold}
    return Released("links", "How records were linked", payload, _notes(payload, rules))


def _group(rows: Sequence[LinkRow], rules: Rules) -> list[dict[str, Any]]:
    counts = release_counts([row.records for row in rows], rules)
    return [
        {
            "characteristic": row.characteristic,
            "category": row.category,
            "records": shown,
            **{level: _rate(*pair, rules) if is_number(shown) else SUPPRESSED for level, pair in row.linked.items()},
        }
        for row, shown in zip(rows, counts.cells, strict=True)
    ]


def _rate(records: int, linked: int, rules: Rules) -> Shown:
    """Return a share in whole percent, or in words where either part of the records is small."""
    if rules.hides(records):
        return SUPPRESSED
    if rules.hides(linked):
        return FEW
    percent = round(100 * rules.shown(linked) / rules.shown(records))
    return ALMOST_ALL if percent == 100 or rules.hides(records - linked) else percent


def release_unseen(view: UnseenView, rules: Rules) -> Released:
    """Release how small a pattern would have been found; usual rows that are few are hidden."""
    rows = [
        {**vars(row), "usual_rows": None if row.usual_rows is None else release_count(row.usual_rows, rules)}
        for row in view.rows
    ]
    return Released("unseen", "What could not have been seen", {"rows": rows})


def _shown(rows: Sequence[AgencyRows], rules: Rules) -> Mapping[Hashable, Shown]:
    """Return rows by agency and by what became of them, safe against anyone who adds them up either way."""
    of_rows = rules.model_copy(update={"zeros_disclosive": False, "all_cells_disclosive": False})
    found: dict[Hashable, int] = {(row.agency, fate): getattr(row, fate) for row in rows for fate in FATES}
    sums: list[Sum] = [(row.agency, [(row.agency, fate) for fate in FATES]) for row in rows]
    sums += [(("all", fate), [(row.agency, fate) for row in rows]) for fate in FATES]
    sums += [("all", [row.agency for row in rows]), ("all", [("all", fate) for fate in FATES])]
    for whole, parts in sums[:-1]:
        found[whole] = sum(found[part] for part in parts)
    return release_parts(found, sums, of_rows)


def _notes(payload: Mapping[str, Any], rules: Rules) -> tuple[str, ...]:
    note = f"[c] where fewer than {rules.threshold} rows are counted, or a sum would show them."
    return (note,) if SUPPRESSED in str(payload) else ()
