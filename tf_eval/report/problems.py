"""The problem report of a county: for the council's data officer, what is wrong with the extracts and what to do."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from markupsafe import Markup

from tf_eval.data import County
from tf_eval.report.figures.course import draw_course
from tf_eval.report.markup import fill, style
from tf_eval.report.problem_facts import COLUMNS, CountyFacts, Course, read_facts
from tf_eval.report.problem_power import sees_all, unseen
from tf_eval.report.problem_words import (
    LEVELS,
    NOT_KNOWN,
    agency_words,
    category_words,
    change_words,
    characteristic_words,
    count_words,
    differences,
    kind_words,
    rate_words,
)
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import capital

PAGE, TABLE = "problems.html", "problems.parquet"
PATTERN = "pattern"
EVERYBODY = "all"  # the characteristic of rates of all records of an agency
_YEARS_SHOWN = 3  # under a panel
_SEVERITIES = {"set aside": "set aside", "left empty": "used without this cell", "noted": "used, worth a look"}
_BECAME = {"rows_used": "Used", "rows_quarantined": "Set aside", "rows_left_out": "Left out"}
_TYPES = [(name, pa.int64() if name == "rows" else pa.string()) for name in COLUMNS]


def write_problem_report(county: County, folder: Path) -> Path:
    """Write what is wrong with a county's extracts into ``folder`` and return where the page is.

    Args:
        county: the county; its counts are shown as they are, so the report is not for publication.
        folder: where ``problems.html`` and ``problems.parquet`` are put, each whole and in one step; a draft that
            was left there is written over. Only one may write there at a time.

    The table has one row for each agency, file, table, column, rule, severity, place and advice, with how many rows
    break the rule and one example of their shape.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    facts = read_facts(county)
    table = pa.Table.from_pandas(facts.problems[list(COLUMNS)], schema=pa.schema(_TYPES), preserve_index=False)
    page = render_problems(facts)
    pq.write_table(table.replace_schema_metadata(None), folder / f".{TABLE}")
    (folder / f".{PAGE}").write_text(page, encoding="utf-8", newline="\n")
    for name in (TABLE, PAGE):
        os.replace(folder / f".{name}", folder / name)
    return folder / PAGE


def render_problems(facts: CountyFacts) -> str:
    """Return the page of a county's problems."""
    name = facts.name[:1].upper() + facts.name[1:]
    return str(
        fill(
            "problems.html.j2",
            style=style() + fill("problems.css"),
            name=name,
            sentence=_sentence(facts),
            sources=_sources(facts.sources),
            adds_up=_adds_up(facts.sources),
            patterns=list(_by_agency(facts.problems[facts.problems.severity == PATTERN])),
            rules=list(_by_agency(facts.problems[facts.problems.severity != PATTERN])),
            unseen=unseen(facts.power),
            pictures=list(_pictures(facts)),
            linkage=list(_linkage(facts.rates)),
            changes=_changes(facts.changes),
            stamp=f"Problem report of the county {name}. Internal: not for publication.",
        )
    )


def _sentence(facts: CountyFacts) -> str:
    """Answer whether the county can be used, with what was used and what there is to look at."""
    rows_in, used, aside = (int(facts.sources[name].sum()) for name in ("rows_in", "rows_used", "rows_quarantined"))
    patterns = int((facts.problems.severity == PATTERN).sum())
    others = len(facts.problems) - patterns
    if not patterns and not others:
        return f"Yes: all {rows_in:,} rows were used, and there is nothing to look at."
    answer = "Yes, once the findings about whole files and periods are answered" if patterns else "Yes"
    looked_at = (
        _findings_words(others, "about single rows"),
        _findings_words(patterns, "about whole files and periods"),
    )
    return (
        f"{answer}: {used:,} of {rows_in:,} rows were used and {aside:,} are set aside, with {' and '.join(looked_at)}."
    )


def _findings_words(count: int, about: str) -> str:
    return f"{count or 'no'} finding{'s' * (count != 1)} {about}"


def _adds_up(sources: pd.DataFrame) -> bool:
    return bool((sources.rows_in == sources[list(_BECAME)].sum(axis=1)).all())


def _sources(sources: pd.DataFrame) -> Markup:
    """Return the table of files, with a line of totals."""
    became = {name: words for name, words in _BECAME.items() if name != "rows_left_out" or sources[name].any()}
    columns = (
        Column("file", "File", numeric=False),
        Column("agency", "Agency", numeric=False),
        Column("table_name", "Holds", numeric=False),
        Column("rows_in", "Rows in"),
        *(Column(name, words) for name, words in became.items()),
    )
    lines = [
        {**row, "agency": agency_words(row["agency"]), "table_name": row["table_name"].replace("_", " ")}
        for row in sources.to_dict("records")
    ]
    sums = {name: int(sources[name].sum()) for name in ("rows_in", *became)}
    lines.append({"file": "All files", "agency": "all", "table_name": "all", **sums})
    return html_table("Rows of each file, and what became of them", columns, lines)


def _by_agency(problems: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield each agency with its findings: the agency with the most rows first, and what most rows break."""
    groups = problems.groupby("agency", dropna=False)
    for agency, group in sorted(groups, key=lambda group: (-group[1].rows.sum(), str(group[0]))):
        rows = group.sort_values("rows", ascending=False, kind="stable").to_dict("records")
        yield {"name": agency_words(str(agency)), "findings": [_text(row) for row in rows]}


def _text(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as the page shows it: what is missing is empty text, and sentences begin with a capital."""
    row = {name: "" if value is None or value != value else value for name, value in row.items()}
    what = _SEVERITIES.get(row["severity"], row["severity"])
    return {**row, "rule": capital(row["rule"]), "advice": capital(row["advice"]), "what": what}


def _pictures(facts: CountyFacts) -> Iterator[dict[str, Any]]:
    """Yield each agency with a drawing of each of its kinds."""
    for agency in dict.fromkeys(course.agency for course in facts.courses):
        courses = [course for course in facts.courses if course.agency == agency]
        drawings = [draw_course(_payload(course, facts)) for course in courses]
        yield {"name": agency_words(agency), "drawings": [fill("figure.html.j2", drawing=one) for one in drawings]}


def _payload(course: Course, facts: CountyFacts) -> dict[str, Any]:
    termly = course.table == "attendance"
    januaries = [(place, str(day.year)) for place, day in enumerate(course.starts) if day.month == 1]
    return {
        "label": kind_words(course.table, course.kind),
        "unit": "term" if termly else "month",
        "periods": [start.strftime("%B %Y") for start in course.starts],
        "years": januaries[:: -(-len(januaries) // _YEARS_SHOWN) or 1],
        "season": pd.Series([start.month for start in course.starts]).to_numpy(),
        "covered": course.covered,
        "panels": [{"label": label, "rows": rows} for label, rows in course.districts.items()],
        "findings": _places(course, facts.problems),
        "unseen": _unseen_in(course, facts.power),
    }


def _unseen_in(course: Course, power: pd.DataFrame) -> str:
    """Return where a single missing period of a course could not have been seen; nothing where it would be."""
    same_kind = power.kind.isna() if course.kind is None else power.kind == course.kind
    chosen = power[(power.agency == course.agency) & (power.table_name == course.table) & same_kind]
    if not sees_all(chosen[chosen.district.isna()]):
        return "the county"
    return "" if sees_all(chosen) else "every district"


def _places(course: Course, problems: pd.DataFrame) -> Sequence[str]:
    """Return where the patterns of a course are, in plain words."""
    chosen = problems[(problems.severity == PATTERN) & (problems.agency == course.agency)]
    places = chosen[(chosen.table_name == course.table) & chosen.place.notna()].place
    return [place for place in places if course.kind is None or course.kind in place or "every kind" in place]


def _linkage(rates: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield, by agency and by who the people are, a table of rates and what differs, in words."""
    for name, group in by_group(rates):
        heading = characteristic_words(name)
        said = list(differences(name, group[group.linkage == "standard"]))
        yield {"heading": heading, "said": said, "table": _rates(name, heading, group)}


def by_group(rates: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield, by agency and by who the people are, the records and those linked of each category and linkage.

    Arguments: ``rates`` as ``County.linkage_rates`` returns them.
    """
    everybody = rates[rates.characteristic == EVERYBODY]
    by_agency = everybody.assign(characteristic="agency", category=everybody.agency)
    groups = pd.concat([by_agency, rates[rates.characteristic != EVERYBODY]])
    keys = ["characteristic", "category", "linkage"]
    summed = groups.groupby(keys, sort=False)[["records", "linked"]].sum().reset_index()
    yield from summed.groupby("characteristic", sort=False)


def _rates(name: str, heading: str, group: pd.DataFrame) -> Markup:
    shown = [level for level in LEVELS if level in set(group.linkage)]
    columns = [Column("category", heading, numeric=False), Column("records", "Records")]
    columns += [Column(level, f"Linked, {level}") for level in shown]
    lines = []
    for category in sorted(group.category.unique(), key=in_order):
        by_level = group[group.category == category].set_index("linkage")
        words = capital(category_words(name, category))
        line = {"category": words, "records": count_words(int(by_level.records.max()))}
        line |= {level: _rate(by_level, level) for level in shown}
        lines.append(line)
    return html_table(f"Records linked to another agency's, by {heading.lower()}", columns, lines)


def in_order(category: str) -> tuple[int, str]:
    """Order numbers by their size, and what is not known last."""
    return (int(category), "") if category.isdigit() else (10**6 + (category == NOT_KNOWN), category)


def _rate(by_level: pd.DataFrame, level: str) -> str:
    if level not in by_level.index:
        return "none"
    return rate_words(int(by_level.records[level]), int(by_level.linked[level]))


def _changes(changes: pd.DataFrame) -> Markup | str:
    """Return how many families changed, by way of linking; nothing where that is not known."""
    shown = [level for level in LEVELS if level in set(changes.linkage)]
    columns = [Column("change", "What changed", numeric=False), *(Column(level, level.capitalize()) for level in shown)]
    lines = [
        {
            "change": change_words(change),
            **{level: count_words(int(rows.families[rows.linkage == level].sum())) for level in shown},
        }
        for change, rows in changes.groupby("change", sort=False)
    ]
    return html_table("Changes of families, by how people were linked", columns, lines) if lines else ""
