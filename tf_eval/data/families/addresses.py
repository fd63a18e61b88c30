"""Addresses: which rows of residence name one property, and which properties are no homes."""

import duckdb

from tf_eval.data.checking.shapes import shape
from tf_eval.data.checking.uprns import is_placeholder_uprn
from tf_eval.data.families.components import write_components
from tf_eval.data.families.joined_homes import joined_home_notes
from tf_eval.data.families.spans import NEVER_ENDS, merged
from tf_eval.data.sql import literal

MOST_IN_A_HOME = 20
SHARED = (
    "too many people for a home",
    f"more than {MOST_IN_A_HOME} people at once: families are made only of those who lived together elsewhere too, or "
    "came on one day and left on one day",
)
TWO_POSTCODES = (
    "one UPRN, two postcodes",
    "the UPRN stands with two postcodes at the same time: it was reused or mistyped; they are kept as two homes",
)
NO_POSTCODE = (
    "no postcode at a UPRN with two",
    "the UPRN stands with two postcodes at the same time and this row with none: it is taken for the home whose people "
    "it shares most days with, or else the more frequent one",
)


def write_addresses(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``residence_claim``, ``said_stay``, ``crowd`` and ``two_postcodes``.

    ``residence_claim`` holds each row of residence that names a property, with its person and the property's number;
    ``said_stay`` the unbroken times that these rows make together for each person and property; ``crowd`` the
    unbroken times in which a property holds too many people to be a home; ``two_postcodes`` the claims about UPRNs that
    stand with two postcodes at the same time, and ``no_postcode`` those about the same UPRNs that give none.
    """
    connection.execute(_SAID)
    connection.execute(_PLACED_BY_TIME)
    connection.execute(_ADDRESS_CLAIM)
    write_components(connection, "property_of", _SAME_PROPERTY)
    connection.execute(_CLAIM)
    connection.execute(_SAID_STAY)
    connection.execute(_CROWD)
    connection.execute(_TWO_POSTCODES)
    connection.execute(_NO_POSTCODE)


def note_addresses(connection: duckdb.DuckDBPyConnection) -> None:
    """Note in ``problem`` the rows of residence at shared addresses, at UPRNs with two postcodes, and of joined homes.

    Args:
        connection: a connection with the tables entry and problem, after ``build_families``.
    """
    noted = (
        (_IN_A_CROWD, SHARED),
        ("FROM two_postcodes", TWO_POSTCODES),
        ("FROM no_postcode", NO_POSTCODE),
        *joined_home_notes(),
    )
    for claims, (rule, advice) in noted:
        connection.execute(f"""
            INSERT INTO problem
            SELECT entry.agency, entry.file, 'residence', claim.row_number, 'uprn', {literal(rule)}, 'noted',
                {shape("claim.uprn")}, NULL, {literal(advice)}
            FROM ({claims}) AS claim JOIN entry USING (entry)
            ORDER BY ALL
        """)


# Nobody lives anywhere before they are born. Zeros in front of a UPRN say nothing. A UPRN is ambiguous where two
# postcodes meet in time: one after the other they are a correction, or the same home under a new postcode.
_SAID = f"""
    CREATE OR REPLACE TEMP TABLE said AS
    WITH said AS (
        SELECT entry, row_number, person_id, ltrim(trim(uprn), '0') AS uprn,
            nullif(regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g'), '') AS postcode,
            district, deprivation_decile, greatest(start_date, birth_date) AS start_date,
            coalesce(end_date, {NEVER_ENDS}) AS end_date
        FROM loaded_residence JOIN person_link USING (agency, local_id) JOIN person USING (person_id)
        WHERE NOT {is_placeholder_uprn("uprn")}
    ), several AS (
        SELECT uprn FROM said GROUP BY uprn HAVING count(DISTINCT postcode) > 1
    ), dated AS (
        SELECT * FROM said SEMI JOIN several USING (uprn) WHERE start_date < end_date
    ), ambiguous AS (
        SELECT DISTINCT uprn FROM dated AS one JOIN dated AS other USING (uprn)
        WHERE one.postcode < other.postcode AND one.start_date < other.end_date AND other.start_date < one.end_date
    )
    SELECT said.*, ambiguous.uprn IS NOT NULL AS is_ambiguous
    FROM said LEFT JOIN ambiguous USING (uprn) WHERE start_date < end_date
"""

# Which of the postcodes a claim without one belongs to: first that of the same person on the same day.
_PLACED_BY_TIME = """
    CREATE OR REPLACE TEMP TABLE placed_by_time AS
    WITH pair AS (
        SELECT one.entry, one.row_number, other.postcode, other.person_id, other.start_date,
            greatest(least(one.end_date, other.end_date) - greatest(one.start_date, other.start_date), 0) AS days,
            days > 0 AND one.person_id = other.person_id AS is_own
        FROM said AS one JOIN said AS other USING (uprn)
        WHERE one.is_ambiguous AND one.postcode IS NULL AND other.postcode IS NOT NULL
    )
    SELECT entry, row_number, postcode AS nearest_postcode
    FROM pair GROUP BY entry, row_number, postcode
    QUALIFY row_number() OVER (
        PARTITION BY entry, row_number
        ORDER BY bool_or(is_own) DESC, sum(days) DESC, count(*) DESC, min((person_id, start_date)), postcode
    ) = 1
"""
_ADDRESS_CLAIM = """
    CREATE OR REPLACE TEMP TABLE address_claim AS
    WITH claim AS (
        SELECT *, CASE WHEN is_ambiguous THEN coalesce(postcode, nearest_postcode) END AS told_apart_by
        FROM said LEFT JOIN placed_by_time USING (entry, row_number)
    ), address AS (
        SELECT uprn, told_apart_by, row_number() OVER (ORDER BY uprn, told_apart_by) AS address
        FROM (SELECT DISTINCT uprn, told_apart_by FROM claim)
    )
    SELECT claim.* EXCLUDE (told_apart_by, nearest_postcode), address
    FROM claim JOIN address ON address.uprn = claim.uprn
        AND address.told_apart_by IS NOT DISTINCT FROM claim.told_apart_by
"""

# Two postcodes of one UPRN are two spellings of one address where one person is said to live at both on one day.
_SAME_PROPERTY = """
    SELECT DISTINCT one.address AS node, other.address AS other
    FROM address_claim AS one JOIN address_claim AS other USING (person_id, uprn)
    WHERE one.is_ambiguous AND one.address < other.address
        AND one.start_date < other.end_date AND other.start_date < one.end_date
"""

_CLAIM = """
    CREATE OR REPLACE TEMP TABLE residence_claim AS
    SELECT address_claim.* EXCLUDE (address), coalesce(component, address) AS property
    FROM address_claim LEFT JOIN property_of ON node = address
"""

_SAID_STAY = f"CREATE OR REPLACE TEMP TABLE said_stay AS {merged('residence_claim', 'person_id, property')}"

# An occupation of a property ends when nobody who lived there is left.
_CROWD = f"""
    CREATE OR REPLACE TEMP TABLE crowd AS
    WITH moving AS (
        SELECT property, start_date AS day, 1 AS change FROM said_stay
        UNION ALL SELECT property, end_date, -1 FROM said_stay
    ), present AS (
        SELECT property, day, sum(change) OVER (PARTITION BY property ORDER BY day, change ROWS UNBOUNDED PRECEDING)
            AS people
        FROM moving
    ), full_house AS (
        SELECT property, day FROM present WHERE people > {MOST_IN_A_HOME}
    ), last_day AS (
        SELECT property, start_date, end_date - 1 AS end_date FROM said_stay SEMI JOIN full_house USING (property)
    ), occupied AS (
        {merged("last_day", "property")}
    )
    SELECT DISTINCT property, start_date, end_date + 1 AS end_date
    FROM occupied JOIN full_house USING (property)
    WHERE day BETWEEN start_date AND end_date
"""
_IN_A_CROWD = """
    SELECT claim.* FROM residence_claim AS claim JOIN crowd USING (property)
    WHERE claim.start_date >= crowd.start_date AND claim.start_date < crowd.end_date
"""

_TWO_POSTCODES = """
    CREATE OR REPLACE TEMP TABLE two_postcodes AS
    SELECT DISTINCT one.entry, one.row_number, one.uprn
    FROM residence_claim AS one JOIN residence_claim AS other USING (uprn)
    WHERE one.is_ambiguous AND one.property <> other.property
        AND one.postcode IS NOT NULL AND other.postcode IS NOT NULL
        AND one.start_date < other.end_date AND other.start_date < one.end_date
"""
_NO_POSTCODE = """
    CREATE OR REPLACE TEMP TABLE no_postcode AS
    SELECT entry, row_number, uprn FROM residence_claim SEMI JOIN two_postcodes USING (uprn)
    WHERE postcode IS NULL
"""
