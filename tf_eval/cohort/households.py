"""Who belongs to a family when, where it lives and what it was offered, as plain SQL over the county's tables."""

from tf_eval.cohort.forms import FAR_PAST, Span, age_months, day, earlier, later, or_far_future, plus_days, reached

ADULT_AGE = 18
ADULT_MONTHS = ADULT_AGE * 12

# When the family came to the county and when it left it; null: before all records, and not yet.
PRESENCE = """SELECT family_id,
       CASE WHEN COUNT(*) = COUNT(start_date) THEN MIN(start_date) END AS arrived_on,
       CASE WHEN COUNT(*) = COUNT(end_date) THEN MAX(end_date) END AS left_on
FROM family_home GROUP BY family_id"""

# A family that moves is seldom without an address for longer; who is, lived elsewhere meanwhile.
LONGEST_MOVE = 31


def at_home() -> str:
    """Return the spans (family_id, start_date, end_date) in which each family lived in the county.

    Two homes with no more than 31 days between them are one span. A family without any home has none.
    """
    homes = f"""SELECT family_id, COALESCE(start_date, {day(FAR_PAST)}) AS start_date,
       {plus_days(or_far_future("end_date"), LONGEST_MOVE)} AS end_date
FROM family_home"""
    return f"""SELECT family_id, start_date, {plus_days("end_date", -LONGEST_MOVE)} AS end_date
FROM ({reached(homes, 1, ("family_id",))}) AS stay"""


# The first start of anything; of two on one day the one with the lower number.
FIRST_START = """SELECT family_id, started AS started_on, intervention, provider
FROM (
SELECT family_id, started, intervention, provider,
       ROW_NUMBER() OVER (PARTITION BY family_id ORDER BY started, support_id) AS place
FROM support WHERE started IS NOT NULL AND family_id IS NOT NULL
) AS starts
WHERE place = 1"""

# A start without a recorded offer was offered on that day.
FIRST_OFFER = """SELECT family_id, MIN(COALESCE(offered, started)) AS offered_on
FROM support WHERE COALESCE(offered, started) IS NOT NULL AND family_id IS NOT NULL GROUP BY family_id"""


def with_a_child(window: Span) -> str:
    """Return the families with a member under 18 at some time in [from, until)."""
    first_day = later(f"COALESCE(member.start_date, {day(FAR_PAST)})", day(window[0]))
    return f"""SELECT DISTINCT family_id
FROM (
SELECT member.family_id, person.age_months, {first_day} AS first_day
FROM family_member AS member
JOIN person ON person.person_id = member.person_id
WHERE {age_months("person", day(window[1]))} >= 0
  AND COALESCE(member.start_date, {day(FAR_PAST)}) < {day(window[1])}
  AND {or_far_future("member.end_date")} > {day(window[0])}
) AS members
WHERE {age_months("members", "first_day")} < {ADULT_MONTHS}"""


def qualified(truth: str, window: Span, least_state: int) -> str:
    """Return the first day in [from, until) on which each family lives here and meets the rule.

    Args:
        truth: a statement for the truth of the rule for the families that are assessed at all.
        window: the days in which the programme takes families in.
        least_state: the least state that counts as met.
    """
    arrived, left = f"COALESCE(home.start_date, {day(FAR_PAST)})", or_far_future("home.end_date")
    return f"""SELECT family_id, MIN(first_day) AS qualified_on
FROM (
SELECT truth.family_id, {later(later("truth.start_date", arrived), day(window[0]))} AS first_day,
       {earlier("truth.end_date", left)} AS end_date
FROM ({truth}) AS truth
LEFT JOIN ({at_home()}) AS home ON home.family_id = truth.family_id
WHERE truth.state >= {least_state}
) AS spans
WHERE first_day < end_date AND first_day < {day(window[1])}
GROUP BY family_id"""


def district_on(asked: str) -> str:
    """Return the district in which each family of ``asked`` (family_id, on_date) lives on that day."""
    return f"""SELECT family_id, on_date, district
FROM (
SELECT home.family_id, asked.on_date, home.district,
       ROW_NUMBER() OVER (PARTITION BY home.family_id, asked.on_date ORDER BY home.start_date DESC, home.district)
       AS place
FROM family_home AS home
JOIN ({asked}) AS asked ON asked.family_id = home.family_id
WHERE COALESCE(home.start_date, {day(FAR_PAST)}) <= asked.on_date
  AND {or_far_future("home.end_date")} > asked.on_date
) AS homes
WHERE place = 1"""


def members_on(asked: str) -> str:
    """Return the children (under 18) and adults of each family of ``asked`` (family_id, on_date) on that day."""
    young = f"{age_months('person', 'asked.on_date')} < {ADULT_MONTHS}"
    return f"""SELECT member.family_id, asked.on_date,
       SUM(CASE WHEN {young} THEN 1 ELSE 0 END) AS children,
       SUM(CASE WHEN {young} THEN 0 ELSE 1 END) AS adults
FROM family_member AS member
JOIN person ON person.person_id = member.person_id
JOIN ({asked}) AS asked ON asked.family_id = member.family_id
WHERE COALESCE(member.start_date, {day(FAR_PAST)}) <= asked.on_date
  AND {or_far_future("member.end_date")} > asked.on_date
  AND (person.age_months IS NULL OR {age_months("person", "asked.on_date")} >= 0)
GROUP BY member.family_id, asked.on_date"""
