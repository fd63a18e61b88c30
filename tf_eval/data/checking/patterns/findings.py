"""Findings in words: each pattern as one line of ``problem``, with its place and what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tf_eval.data.checking.patterns.gaps import EMPTY, Gap
from tf_eval.data.checking.patterns.periods import Periods
from tf_eval.data.checking.patterns.schools import MissingTerm
from tf_eval.data.checking.patterns.series import Series
from tf_eval.data.checking.patterns.shifts import Shift

MISSING_MONTHS, MISSING_TERM, RECORDING_SHIFT = "missing months", "missing term", "shift in recording"
ABSENT_KIND = "no rows of this kind"
EVERYWHERE = "all districts"
Files = Mapping[tuple[str, str, str], set[str]]  # agency, table and kind -> the files that hold such rows


@dataclass(frozen=True)
class Finding:
    """One pattern: where it is in the extracts, the rule's name, its place in plain words, and what to do."""

    agency: str
    file: str
    table: str
    rule: str
    place: str
    advice: str


def gap_finding(gap: Gap, siblings: Sequence[Series], files: Files) -> Finding:
    """Return a gap in words; ``siblings`` are the single kinds of its agency and table."""
    series = gap.series
    kinds = _missing_kinds(gap, siblings)
    rule = MISSING_TERM if series.table == "attendance" else MISSING_MONTHS
    covered = series.covered.nonzero()[0]
    ends = " The extract may begin late or end early." if {gap.first, gap.last} & {covered[0], covered[-1]} else ""
    unit = "term" if rule == MISSING_TERM else "month"
    cover = "leave the time out of covers" if gap.district is None else "count the district as not covered"
    return Finding(
        agency=series.agency,
        file=_files(series, kinds, files),
        table=series.table,
        rule=rule,
        place=_place(series, gap.district, kinds, siblings, series.periods.words(gap.first, gap.last)),
        advice=f"{_rounded(gap.expected)} rows were to be expected and there are none or next to none.{ends} "
        f"Ask the agency to send them; if it cannot, {cover}: a {unit} without rows would count as zero",
    )


def shift_finding(shift: Shift, files: Files) -> Finding:
    """Return a shift in words."""
    series = shift.series
    month = series.periods.names[shift.first]
    against = "its own season and trend" if shift.district is None else "the other districts"
    return Finding(
        agency=series.agency,
        file=_files(series, series.kinds, files),
        table=series.table,
        rule=RECORDING_SHIFT,
        place=_place(series, shift.district, series.kinds, [series], f"from {month} on"),
        advice=f"from {month} on there are {shift.ratio:.2f} times as many rows as before, measured against {against}. "
        "Ask the agency what changed in how it records; do not compare this kind across that month",
    )


def school_finding(missing: MissingTerm, terms: Periods, files: Files) -> Finding:
    """Return a school's missing terms in words."""
    key = (missing.agency, "attendance", "")
    return Finding(
        agency=missing.agency,
        file=", ".join(sorted(files.get(key, ()))),
        table="attendance",
        rule=MISSING_TERM,
        place=f"school {missing.school}, {terms.words(missing.first, missing.last)}",
        advice=f"about {_rounded(missing.pupils)} pupils have rows at this school in the terms before and after, and "
        "next to none in between. Ask for the term's attendance; a term without rows is not one without absence",
    )


def absent_finding(agency: str, files: str, table: str, kind: str) -> Finding:
    """Return in words that a kind (of a table without kinds: the table) is declared and never arrives."""
    remedy = "take the source out" if kind == table else "take the kind out of codes and constants"
    return Finding(
        agency=agency,
        file=files,
        table=table,
        rule=ABSENT_KIND,
        place=f"{EVERYWHERE}, {kind}",
        advice="the sources file says that the agency covers it, so that everybody counts as having had none. "
        f"Ask whether the agency sends it; if it does not, {remedy}, so that it is missing and not zero",
    )


def _missing_kinds(gap: Gap, siblings: Sequence[Series]) -> tuple[str, ...]:
    """Return the kinds that are missing: where all kinds together are, some may be there all the same."""
    if len(gap.series.kinds) < 2:
        return gap.series.kinds
    return tuple(series.kinds[0] for series in siblings if not _is_there(series, gap)) or gap.series.kinds


def _is_there(series: Series, gap: Gap) -> bool:
    """Whether a kind has its usual rows in a gap that was found over all kinds together."""
    rows = series.total if gap.district is None else series.counts[gap.district]
    outside = series.covered.copy()
    outside[gap.run] = False
    usual = rows[outside].mean() * (gap.last - gap.first + 1) if outside.any() else 0.0
    return rows[gap.run].sum() > EMPTY * usual


def _place(series: Series, district: int | None, kinds: Sequence[str], siblings: Sequence[Series], when: str) -> str:
    return ", ".join([_district(series, district), *_kinds(series.table, kinds, siblings), when])


def _district(series: Series, district: int | None) -> str:
    if district is not None:
        return series.districts[district]
    return series.districts[0] if len(series.districts) == 1 else EVERYWHERE


def _kinds(table: str, kinds: Sequence[str], siblings: Sequence[Series]) -> Iterator[str]:
    if not kinds:
        yield table
    elif len(kinds) > 1 and len(kinds) == len(siblings):
        yield f"every kind of {table}"
    else:
        yield " and ".join(part for part in ("; ".join(kinds[:-1]), *kinds[-1:]) if part)


def _files(series: Series, kinds: Sequence[str], files: Files) -> str:
    found = set().union(*(files.get((series.agency, series.table, kind), set()) for kind in kinds or ("",)))
    return ", ".join(sorted(found))


def _rounded(count: float) -> str:
    """Return a count to two figures: it is an expectation."""
    return f"{float(f'{count:.2g}'):,.0f}"
