"""What the check of a county's extracts found, as views for the gate: nothing is checked again here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from tf_eval.cohort.months import month_of
from tf_eval.data import County
from tf_eval.release.records import (
    AgencyRows,
    CoveredTime,
    FindingsView,
    LinkRow,
    LinksView,
    Pattern,
    PowerRow,
    ReceivedView,
    RuleRow,
    UnseenView,
)
from tf_eval.report.problem_power import by_kind, sees_all
from tf_eval.report.problem_words import LEVELS, NOT_KNOWN, differences
from tf_eval.report.problems import PATTERN, by_group, in_order
from tf_eval.runs.quality import DataQuality

SCHOOL = "school "  # how the place of a finding about a single school begins
OF_A_SCHOOL = "next to none of its rows are there, while the terms before and after have them"


@dataclass(frozen=True, eq=False)
class QualityViews:
    """What is told of a county's records: what was received, what was set aside, how it is linked, what is unseen."""

    received: ReceivedView
    findings: FindingsView
    links: LinksView
    unseen: UnseenView


def checked(asked: DataQuality, county: County) -> QualityViews:
    """Return what ``tf-eval check`` found in a county's extracts, for the page on its records.

    Args:
        asked: what is asked.
        county: the county, which holds what its check found.
    """
    problems, power = county.problems(), county.pattern_power()
    rows = tuple(_rows(county.sources()))
    patterns = tuple(_patterns(problems))
    kinds = by_kind(power)
    received = ReceivedView(
        label=asked.title,
        rows=rows,
        covered=tuple(_covered(county)),
        patterns=patterns,
        months=len(county.months),
        first=_month(county.months[0]),
        last=_month(county.months[-1]),
        kinds=len(kinds),
        seen=sum(map(sees_all, kinds)),
    )
    findings = FindingsView(rows, tuple(_rules(problems)), patterns)
    return QualityViews(received, findings, _links(county), UnseenView(tuple(_power(power))))


def _month(month: int) -> str:
    return f"{date(month // 12, month % 12 + 1, 1):%B %Y}"


def _rows(sources: pd.DataFrame) -> Iterator[AgencyRows]:
    """Yield each agency's rows of all its files; the calendar of terms is no record of anybody."""
    names = ["rows_used", "rows_quarantined", "rows_left_out"]
    records = sources[sources["table_name"] != "term"]
    for agency, counts in records.groupby("agency")[names].sum().iterrows():
        yield AgencyRows(str(agency), *map(int, counts))


def _covered(county: County) -> Iterator[CoveredTime]:
    """Yield each agency's covered time once for all the kinds that cover just that."""
    with county.connect() as connection:
        found = connection.execute(
            "SELECT agency, start_date, end_date, table_name, coalesce(kind, '') AS kind FROM coverage ORDER BY ALL"
        ).df()
    begin, past = county.months[0], county.months[-1] + 1
    for (agency, start, end), rows in found.groupby(["agency", "start_date", "end_date"], sort=True):
        # A month counts where it is covered from its first day to its last.
        first = max(int(month_of(start - pd.Timedelta(days=1))) + 1, begin)
        until = min(int(month_of(end)), past)
        kinds = tuple(zip(rows["table_name"], rows["kind"], strict=True))
        if first < until:
            yield CoveredTime(agency, kinds, first - begin, until - begin, _month(first), _month(until - 1))


def _patterns(problems: pd.DataFrame) -> Iterator[Pattern]:
    """Yield findings about whole files and periods; which school, and how many pupils it has, is not told."""
    for row in problems[problems["severity"] == PATTERN].itertuples():
        place, detail = row.place, row.advice.split(". ")[0]
        if place.startswith(SCHOOL):
            place, detail = f"one school, {place.rpartition(', ')[2]}", OF_A_SCHOOL
        yield Pattern(row.agency, row.rule, place, detail)


def _rules(problems: pd.DataFrame) -> Iterator[RuleRow]:
    """Yield what was found in single rows, of all agencies together: the rule that most rows broke first."""
    single = problems[problems["severity"] != PATTERN]
    found = [
        RuleRow(tuple(sorted(set(rows["agency"]))), rule, severity, int(rows["rows"].sum()))
        for (severity, rule), rows in single.groupby(["severity", "rule"])
    ]
    yield from sorted(found, key=lambda row: (-row.rows, row.rule))


def _links(county: County) -> LinksView:
    rates = county.linkage_rates()
    groups = list(by_group(rates.assign(category=rates["category"].fillna(NOT_KNOWN))))
    return LinksView(
        levels=tuple(_levels(county)),
        rows=tuple(row for name, rates in groups for row in _link_rows(name, rates)),
        sentences=tuple(
            said for name, rates in groups for said in differences(name, rates[rates["linkage"] == "standard"])
        ),
    )


def _levels(county: County) -> Iterator[tuple[str, int, int]]:
    for level in LEVELS:
        with county.with_linkage(level).connect() as connection:
            (people,), (families,) = (
                connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("person", "family")
            )
        yield level, people, families


def _link_rows(name: str, rates: pd.DataFrame) -> Iterator[LinkRow]:
    for category in sorted(rates["category"].unique(), key=in_order):
        rows = rates[rates["category"] == category].itertuples()
        linked = {row.linkage: (int(row.records), int(row.linked)) for row in rows}
        by_level = {level: linked.get(level, (0, 0)) for level in LEVELS}
        yield LinkRow(name, category, by_level["standard"][0], by_level)


def _power(power: pd.DataFrame) -> Iterator[PowerRow]:
    for row in power.astype(object).where(power.notna(), None).to_dict("records"):
        usual = int(row["usual_rows"]) if row["district"] is None else None
        gap = None if row["gap_periods"] is None else int(row["gap_periods"])
        yield PowerRow(**{**row, "usual_rows": usual, "gap_periods": gap})
