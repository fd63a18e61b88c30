"""When a school term begins to count and when it is forgotten, as statements over the county's calendar."""

from tf_eval.cohort.clocks import HAPPENED, Clock, known_from
from tf_eval.cohort.engine import Engine, read_number
from tf_eval.cohort.forms import FAR_FUTURE, FAR_PAST, day, plus_days, plus_months
from tf_eval.cohort.lookback import Lookback
from tf_eval.errors import InputError

# No holiday is longer. So many days after the calendar's last term another has begun that is not in it: which terms are
# the last ones cannot be told from then on.
LONGEST_HOLIDAY = 60
CALENDAR_ENDS = f"(SELECT {plus_days('MAX(end_date)', LONGEST_HOLIDAY)} FROM term)"
AFTER_THE_CALENDAR = f"SELECT {CALENDAR_ENDS} AS start_date, {day(FAR_FUTURE)} AS end_date"


def forgotten(lookback: Lookback, date: str) -> tuple[str, str]:
    """Return the expression for the first day on which a date is out of the look-back, and the join it needs."""
    if lookback.days:
        return plus_days(date, lookback.days), ""
    if lookback.months:
        return plus_months(date, lookback.months), ""
    begun = f"({_begun_terms(lookback.terms)}) AS clock ON clock.begins <= {date} AND clock.next_begins > {date}"
    return f"COALESCE(clock.forgotten, {CALENDAR_ENDS})", f"\nLEFT JOIN {begun}"


def _begun_terms(terms: int) -> str:
    """Every day of the calendar belongs to the term that began last; the days before it are one term."""
    return f"""SELECT begins, COALESCE(LEAD(begins, 1) OVER (ORDER BY begins), {CALENDAR_ENDS}) AS next_begins,
       COALESCE(LEAD(begins, {terms}) OVER (ORDER BY begins), {CALENDAR_ENDS}) AS forgotten
FROM (SELECT start_date AS begins FROM term UNION ALL SELECT {day(FAR_PAST)} AS begins) AS every_begin"""


def keep_term_clock(engine: Engine, name: str, clock: Clock) -> None:
    """Keep the terms with the day from which each counts under a name, see ``term_clock``.

    Raises:
        InputError: the county has no term dates.
    """
    if not read_number(engine, "SELECT COUNT(*) AS terms FROM term"):
        raise InputError("county: the table 'term' is empty; criteria in school terms need the term dates")
    engine.keep(name, term_clock(clock))


def term_clock(clock: Clock) -> str:
    """Return each term with the day from which it counts, ``counts_from``.

    By what had happened, a term counts from the day after its last. By what had arrived, it does so when the first of
    its rows has come, so that the last three terms are the last three of which there is anything to be known.
    """
    ended = plus_days("term.end_date", 1)
    if clock == HAPPENED:
        return f"SELECT term_no, start_date, end_date, {ended} AS counts_from FROM term"
    return f"""SELECT term.term_no, term.start_date, term.end_date,
       MIN({known_from(clock, ended, "attendance.recorded_on")}) AS counts_from
FROM term JOIN attendance ON attendance.term_no = term.term_no
GROUP BY term.term_no, term.start_date, term.end_date"""


def ended_terms(terms: int, clocked: str) -> str:
    """Return each term with the days on which it is among the last ``terms`` ended ones, and its ``place`` in order.

    A term may come after one that follows it: it is forgotten when so many of those that follow it have come,
    whichever.

    Args:
        terms: how many.
        clocked: the table of the terms that ``term_clock`` gives.
    """
    return f"""WITH following AS (
SELECT one.term_no, other.counts_from,
       ROW_NUMBER() OVER (PARTITION BY one.term_no ORDER BY other.counts_from) AS place
FROM {clocked} AS one JOIN {clocked} AS other ON other.term_no > one.term_no
)
SELECT clocked.term_no, clocked.start_date, clocked.end_date, clocked.counts_from,
       CASE WHEN following.counts_from < {CALENDAR_ENDS} THEN following.counts_from
            ELSE {CALENDAR_ENDS} END AS forgotten,
       ROW_NUMBER() OVER (ORDER BY clocked.counts_from, clocked.term_no) AS place
FROM {clocked} AS clocked
LEFT JOIN following ON following.term_no = clocked.term_no AND following.place = {terms}"""
