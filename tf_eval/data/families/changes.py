"""Changes: how often families moved, parted, met, or could not be made."""

import duckdb

from tf_eval.data.checking.uprns import is_placeholder_uprn
from tf_eval.data.families.spans import MONTH

# How many families: moved home; had members who began a new family; were joined by somebody not born into them; ended
# because their children went on in another family; had a child looked after elsewhere. How many children were known in
# placements only. How many addresses were shared by too many people, held many adults with children, or were moved
# into by a whole household while nobody left, and in how many of all these households were told apart; how many were
# UPRNs with two postcodes at the same time. How many people were said to live at a placeholder.
_COUNTS = {
    "moved": "SELECT DISTINCT family_id FROM family_place GROUP BY family_id HAVING count(DISTINCT property) > 1",
    "split": """
        SELECT DISTINCT past.family_id FROM membership AS past
        JOIN membership AS new USING (person_id)
        JOIN lifetime ON lifetime.family_id = new.family_id AND lifetime.start_date = new.start_date
        WHERE past.family_id <> new.family_id AND new.start_date - past.end_date BETWEEN 0 AND {month}
    """,
    "joined": """
        SELECT DISTINCT family_id
        FROM (SELECT family_id, person_id, min(start_date) AS start_date FROM membership GROUP BY ALL) AS member
        JOIN lifetime USING (family_id) JOIN person USING (person_id)
        WHERE member.start_date > lifetime.start_date
            AND (birth_date IS NULL OR birth_date < member.start_date - {month})
    """,
    "merged": """
        SELECT DISTINCT past.family_id FROM membership AS past
        JOIN lifetime AS ended ON ended.family_id = past.family_id AND ended.end_date = past.end_date
        JOIN membership AS new ON new.person_id = past.person_id AND new.family_id <> past.family_id
            AND new.start_date - past.end_date BETWEEN 0 AND {month}
        JOIN lifetime AS other ON other.family_id = new.family_id AND other.start_date < new.start_date
        JOIN coming_of_age ON coming_of_age.person_id = past.person_id AND adult_on > new.start_date
    """,
    "looked_after_away": """
        SELECT DISTINCT family_id FROM membership AS member JOIN dwelling AS home USING (person_id)
        WHERE is_away AND home.start_date < member.end_date AND member.start_date < home.end_date
    """,
    "placement_only": """
        SELECT DISTINCT person_id FROM stay SEMI JOIN care USING (person_id)
        ANTI JOIN dwelling USING (person_id)
    """,
    "shared_address": "SELECT * FROM crowd",
    "home_of_many_adults": "SELECT DISTINCT property FROM many_adults",
    "home_nobody_left": "SELECT DISTINCT property FROM not_left",
    "home_divided": "SELECT DISTINCT home FROM told_apart",
    "uprn_with_two_postcodes": "SELECT DISTINCT uprn FROM two_postcodes",
    "placeholder_uprn": """
        SELECT DISTINCT person_id FROM loaded_residence JOIN person_link USING (agency, local_id)
        WHERE {placeholder}
    """,
}


def write_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``family_change`` (change, families): a count for each kind of change and of what makes no family."""
    counted = " UNION ALL ".join(
        f"SELECT '{change}' AS change, count(*) AS families FROM ({query})" for change, query in _COUNTS.items()
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE family_change AS
        WITH lifetime AS (
            SELECT family_id, min(start_date) AS start_date, max(end_date) AS end_date
            FROM membership GROUP BY family_id
        )
        {counted.format(month=MONTH, placeholder=is_placeholder_uprn("uprn"))}
    """)
