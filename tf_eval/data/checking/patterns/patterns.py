"""Write what is wrong with the extracts beyond single rows into ``problem``, and what could not have been seen."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date

import duckdb
import numpy as np

from tf_eval.data.checking.patterns.absent import find_absent_kinds
from tf_eval.data.checking.patterns.counting import count_rows, read_files, read_terms
from tf_eval.data.checking.patterns.findings import Finding, absent_finding, gap_finding, school_finding, shift_finding
from tf_eval.data.checking.patterns.gaps import Gap, find_gaps, without_gaps
from tf_eval.data.checking.patterns.power import Power, power_of
from tf_eval.data.checking.patterns.schools import find_missing_terms
from tf_eval.data.checking.patterns.series import Series
from tf_eval.data.checking.patterns.shifts import find_shifts, without_shifts


def find_patterns(connection: duckdb.DuckDBPyConnection, *, start: date, end: date) -> None:
    """Add to ``problem`` each gap, each missing term of a school, each shift in recording, and each kind without rows.

    How small a pattern could have been found goes to ``pattern_power``.

    Args:
        connection: a connection with the tables ``loaded_event``, ``loaded_spell``, ``loaded_attendance``, ``entry``,
            ``person_link``, ``person_home`` (person_id, district, start_date, end_date: at most one home a day),
            ``coverage``, ``term``, ``problem`` and ``pattern_power``.
        start: the first day of the county's covered time.
        end: the day after its last day.

    Only periods that the extracts cover are looked at: whole months, and whole terms for attendance. The lines have
    no row number and severity 'pattern'.
    """
    series = count_rows(connection, start=start, end=end)
    terms, files = read_terms(connection), read_files(connection)
    gaps = find_gaps(series)
    rest = [without_gaps(one, gaps) for one in series]
    missing = find_missing_terms(connection, terms, _known_terms(rest))
    findings = [gap_finding(gap, _siblings(series, gap), files) for gap in gaps]
    shifts = find_shifts(rest)
    findings += [shift_finding(shift, files) for shift in shifts]
    findings += [school_finding(one, terms, files) for one in missing]
    findings += [absent_finding(*absent) for absent in find_absent_kinds(connection)]
    _write(connection, findings)
    _write_power(connection, power_of(series, [without_shifts(one, shifts) for one in rest]))


def _siblings(series: Sequence[Series], gap: Gap) -> list[Series]:
    """Return the single kinds of a gap's agency and table."""
    return [one for one in series if (one.agency, one.table) == (gap.series.agency, gap.series.table)]


def _known_terms(series: Sequence[Series]) -> dict[str, np.ndarray]:
    """Return, by agency, the terms that are covered and not missing for all districts."""
    return {one.agency: one.known.any(axis=0) for one in series if one.table == "attendance"}


def _write(connection: duckdb.DuckDBPyConnection, findings: Sequence[Finding]) -> None:
    rows = [
        (finding.agency, finding.file, finding.table, finding.rule, finding.place, finding.advice)
        for finding in findings
    ]
    if rows:
        connection.executemany("INSERT INTO problem VALUES (?, ?, ?, NULL, NULL, ?, 'pattern', NULL, ?, ?)", rows)


def _write_power(connection: duckdb.DuckDBPyConnection, powers: Sequence[Power]) -> None:
    if powers:
        rows = [astuple(power) for power in powers]
        connection.executemany("INSERT INTO pattern_power VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
