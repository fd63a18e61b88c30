"""The questions as hand-written SQL: plain enough that DuckDB and Spark read the same text.

Each statement makes one pass over the events that it needs, places them by person, and sweeps over the edges of spans
instead of looking at every day or month.
"""

from collections.abc import Callable

from benchmarks.cohort_peers import questions as q

ALWAYS, NEVER = "DATE '1800-01-01'", "DATE '2999-12-31'"
START, UNTIL = f"DATE '{q.START}'", f"DATE '{q.UNTIL}'"
FOUND = "found"

Expand = Callable[[str, str], str]  # the dialect's way to make a row of each whole number from one to before another


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _month(day: str) -> str:
    return f"(year({day}) * 12 + month({day}) - 1)"


def _year_later(day: str) -> str:
    return f"CAST({day} + INTERVAL '{q.LOOK_BACK}' MONTH AS DATE)"


MEMBER = f"""member AS (
SELECT person_id, family_id, COALESCE(start_date, {ALWAYS}) AS joined, COALESCE(end_date, {NEVER}) AS left_on
FROM family_member)"""
# A term counts as the last one from the day after its end to that of the next.
CLOCK = f"""clock AS (
SELECT term_no, counts_from, LEAD(counts_from, 1, {NEVER}) OVER (ORDER BY term_no) AS until
FROM (SELECT term_no, CAST(end_date + INTERVAL '1' DAY AS DATE) AS counts_from FROM term) AS ended)"""
YOUNG = f"(kind = '{q.OFFENCE}' AND age_months < {q.OFFENDER_UNDER})"
CRIME = f"({YOUNG} OR kind IN ({_listed(q.ASB_ACTIONS)}))"
OUT_OF_SCHOOL = f"kind IN ({_listed(q.OUT_OF_SCHOOL)})"
OUT_OF_WORK = f"(kind = '{q.BENEFIT}' AND detail IN ({_listed(q.OUT_OF_WORK)}))"
ABSENT = f"SUM(unauthorised) * 100 >= SUM(possible) * {q.ABSENT_PERCENT} AND SUM(possible) > 0"
IN_WINDOW = f"date <= qualified_on AND {_year_later('date')} > qualified_on"
LATER_TERMS = " UNION ALL ".join(f"SELECT {number} AS later" for number in range(q.ABSENT_TERMS))
# Every child, term and its clock at whose end the share over the last terms is high enough.
RUNS = f"""runs AS (
SELECT person_id, clock.term_no, counts_from, until
FROM attendance CROSS JOIN ({LATER_TERMS}) AS shifted JOIN clock ON clock.term_no = attendance.term_no + later
WHERE counts_from < {UNTIL} AND until > {START}
GROUP BY person_id, clock.term_no, counts_from, until HAVING {ABSENT})"""


def windows(expand: Expand) -> str:
    """At a month's end twelve whole months count, so that months can be counted in place of days."""
    until = f"LEAST(month + {q.LOOK_BACK}, {_month('left_on')}, {q.END_MONTH})"
    return f"""WITH {MEMBER}, counted AS (
SELECT person_id, {_month("date")} AS month, COUNT(*) AS callouts FROM event WHERE kind = '{q.CALLOUT}'
GROUP BY person_id, {_month("date")}
), placed AS (
SELECT family_id, GREATEST(month, {_month("joined")}) AS begins, {until} AS until, callouts
FROM counted JOIN member ON member.person_id = counted.person_id
), edges AS (
SELECT family_id, CASE WHEN sign > 0 THEN begins ELSE until END AS month, SUM(sign * callouts) AS change
FROM placed CROSS JOIN (SELECT 1 AS sign UNION ALL SELECT -1 AS sign) AS signs
WHERE begins < until GROUP BY 1, 2
), levels AS (
SELECT family_id, month, SUM(change) OVER (PARTITION BY family_id ORDER BY month) AS callouts,
       LEAD(month) OVER (PARTITION BY family_id ORDER BY month) AS next_month
FROM edges
)
SELECT family_id, {expand("month", "next_month")} AS month, CAST(callouts AS BIGINT) AS callouts
FROM levels WHERE callouts > 0"""


def eligibility() -> str:
    """One sweep with a running count for each criterion; the first day on which none of them is 0."""
    running = "OVER (PARTITION BY family_id ORDER BY date)"
    changes = ", ".join(f"SUM(CASE WHEN criterion = '{name}' THEN sign ELSE 0 END) AS {name}" for name in q.CRITERIA)
    levels = ", ".join(f"SUM({name}) {running} AS {name}" for name in q.CRITERIA)
    all_met = " AND ".join(f"{name} > 0" for name in q.CRITERIA)
    return f"""WITH {MEMBER}, {CLOCK}, {RUNS}, met AS (
{_met()}
), spans AS (
SELECT family_id, criterion, GREATEST(begins, joined, {START}) AS begins, LEAST(until, left_on, {UNTIL}) AS until
FROM met JOIN member ON member.person_id = met.person_id
), edges AS (
SELECT family_id, CASE WHEN sign > 0 THEN begins ELSE until END AS date, {changes}
FROM spans CROSS JOIN (SELECT 1 AS sign UNION ALL SELECT -1 AS sign) AS signs
WHERE begins < until GROUP BY 1, 2
), levels AS (
SELECT family_id, date, {levels} FROM edges
)
SELECT family_id, MIN(date) AS qualified_on FROM levels WHERE {all_met} GROUP BY family_id"""


def _met() -> str:
    """When each person's records meet a part of a criterion; a person's exclusions are forgotten in their order."""
    earlier = f"LAG(date, {q.FIXED_AT_LEAST - 1}) OVER (PARTITION BY person_id ORDER BY date)"
    return f"""SELECT person_id, CASE WHEN kind = '{q.PERMANENT}' THEN 'education' ELSE 'crime' END AS criterion,
       date AS begins, {_year_later("date")} AS until
FROM event WHERE {CRIME} OR kind = '{q.PERMANENT}'
UNION ALL
SELECT person_id, 'education', date, {_year_later("earlier")}
FROM (SELECT person_id, date, {earlier} AS earlier FROM event WHERE kind = '{q.FIXED}') AS exclusions
WHERE earlier IS NOT NULL
UNION ALL
SELECT person_id, CASE WHEN kind = '{q.BENEFIT}' THEN 'work' ELSE 'education' END, start_date,
       COALESCE(end_date, {NEVER})
FROM spell WHERE {OUT_OF_SCHOOL} OR {OUT_OF_WORK}
UNION ALL
SELECT person_id, 'education', counts_from, until FROM runs"""


def evidence() -> str:
    """The records behind the table ``found`` (family_id, qualified_on), each of a member on that day."""
    parts = (_deciding_events(), _deciding_exclusions(), _deciding_spells(), _deciding_terms())
    return f"""WITH {MEMBER}, {CLOCK}, {RUNS}, asked AS (
SELECT found.family_id, qualified_on, person_id FROM {FOUND} AS found
JOIN member ON member.family_id = found.family_id AND joined <= qualified_on AND left_on > qualified_on
)
{" UNION ALL ".join(parts)}"""


def _deciding_events() -> str:
    return f"""SELECT asked.family_id, CASE WHEN kind = '{q.PERMANENT}' THEN 'education' ELSE 'crime' END AS criterion,
       'event' AS table_name, event_id AS record_id
FROM event JOIN asked ON asked.person_id = event.person_id
WHERE ({CRIME} OR kind = '{q.PERMANENT}') AND {IN_WINDOW}"""


def _deciding_exclusions() -> str:
    return f"""SELECT family_id, 'education', 'event', event_id FROM (
SELECT asked.family_id, event_id,
       COUNT(*) OVER (PARTITION BY asked.family_id, event.person_id) AS number
FROM event JOIN asked ON asked.person_id = event.person_id WHERE kind = '{q.FIXED}' AND {IN_WINDOW}
) AS counted WHERE number >= {q.FIXED_AT_LEAST}"""


def _deciding_spells() -> str:
    criterion = f"CASE WHEN kind = '{q.BENEFIT}' THEN 'work' ELSE 'education' END"
    return f"""SELECT asked.family_id, {criterion}, 'spell', spell_id
FROM spell JOIN asked ON asked.person_id = spell.person_id
WHERE ({OUT_OF_SCHOOL} OR {OUT_OF_WORK}) AND start_date <= qualified_on
  AND COALESCE(end_date, {NEVER}) > qualified_on"""


def _deciding_terms() -> str:
    return f"""SELECT asked.family_id, 'education', 'attendance', attendance_id
FROM attendance JOIN asked ON asked.person_id = attendance.person_id JOIN runs ON runs.person_id = asked.person_id
WHERE attendance.term_no > runs.term_no - {q.ABSENT_TERMS} AND attendance.term_no <= runs.term_no
  AND counts_from <= qualified_on AND until > qualified_on"""


def panel(expand: Expand) -> str:
    """Counts and states are added up before the grid is made: most months hold none."""
    outcomes = ", ".join(f"COALESCE({name}, 0) AS {name}" for name in q.OUTCOMES)
    return f"""WITH {MEMBER}, counts AS (
{_counts()}
), states AS (
{_states(expand)}
), grid AS (
SELECT family_id, month FROM family
CROSS JOIN (SELECT {expand(str(q.FIRST_MONTH), str(q.END_MONTH))} AS month) AS months
WHERE family_id <= {q.PANEL_FAMILIES}
)
SELECT grid.family_id, grid.month, {outcomes} FROM grid
LEFT JOIN counts ON counts.family_id = grid.family_id AND counts.month = grid.month
LEFT JOIN states ON states.family_id = grid.family_id AND states.month = grid.month"""


def _counts() -> str:
    kinds = {name: f"kind IN ({_listed(kinds)})" for name, kinds in q.KINDS_OF_COUNT.items()} | {q.OFFENCE: YOUNG}
    counts = ", ".join(f"COUNT(CASE WHEN {is_kind} THEN 1 END) AS {name}" for name, is_kind in kinds.items())
    return f"""SELECT member.family_id, {_month("date")} AS month, {counts}
FROM event JOIN member ON member.person_id = event.person_id AND joined <= date AND left_on > date
WHERE member.family_id <= {q.PANEL_FAMILIES} AND kind IN ({_listed(tuple(q.OUTCOME_OF_KIND))})
GROUP BY member.family_id, {_month("date")}"""


def _states(expand: Expand) -> str:
    begins = f"GREATEST({_month('spell.start_date')}, {_month('joined')}, {q.FIRST_MONTH})"
    until = f"LEAST(COALESCE({_month('end_date')}, {q.END_MONTH}), {_month('left_on')}, {q.END_MONTH})"
    return f"""SELECT DISTINCT family_id, {expand("begins", "until")} AS month, 1 AS {q.BENEFIT}
FROM (
SELECT member.family_id, {begins} AS begins, {until} AS until
FROM spell JOIN member ON member.person_id = spell.person_id
WHERE member.family_id <= {q.PANEL_FAMILIES} AND kind = '{q.BENEFIT}'
) AS spans WHERE begins < until"""
