"""How many of each agency's records are linked, for whom: missed links are not spread evenly over people.

Linkage that misses poorer families or those of one ethnic group more often biases what is compared (Harron et al. 2014,
"Evaluating bias due to data linkage error", BMC Medical Research Methodology 14:36), so every level of linkage tells
its rates by agency and by what is known of the people.
"""

import duckdb

from tf_eval.data.layout import LINKAGES

NOT_KNOWN = "not known"
NO_SUPPORT = "none"


def linkage_rates(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the table ``linkage_rate``.

    Args:
        connection: a connection with ``linkage_rate``, the temporary tables ``loaded_person_record``,
            ``loaded_residence`` and ``loaded_support``, ``person_links`` (agency, local_id, and the person at each
            level of linkage) and, of the standard linkage, ``family_span``.

    A record is linked where its person has a record of another agency, too. Its characteristics are its person's at
    that level: the district and deprivation decile of the home last moved into or, of a person without a known home,
    of most homes with the record's postcode; the ethnic group most often recorded; and the arm, the intervention that
    the family (of the standard linkage) started first.
    """
    connection.execute(_PLACE)
    connection.execute(_ARM)
    for level in LINKAGES:
        connection.execute(_RATE.format(level=level))


# The last home of a person, and the usual place of a postcode for records of people without a home.
_PLACE = """
    CREATE OR REPLACE TEMP TABLE last_home AS
    SELECT agency, local_id, district, deprivation_decile, start_date
    FROM loaded_residence
    QUALIFY row_number() OVER (
        PARTITION BY agency, local_id ORDER BY start_date DESC, end_date DESC NULLS FIRST, uprn) = 1;
    CREATE OR REPLACE TEMP TABLE postcode_place AS
    WITH home AS (
        SELECT upper(replace(postcode, ' ', '')) AS postcode, district, deprivation_decile, count(*) AS homes
        FROM loaded_residence WHERE postcode IS NOT NULL
        GROUP BY ALL
    )
    SELECT postcode, district, deprivation_decile FROM home
    QUALIFY row_number() OVER (PARTITION BY postcode ORDER BY homes DESC, district, deprivation_decile) = 1
"""

_ARM = """
    CREATE OR REPLACE TEMP TABLE arm AS
    WITH supported AS (
        SELECT span.family_id, started, intervention
        FROM loaded_support AS support
        JOIN person_links USING (agency, local_id)
        JOIN family_span AS span ON span.person_id = person_links.standard
            AND support.started >= span.start_date AND support.started < span.end_date
    ), first AS (
        SELECT family_id, started, intervention FROM supported
        QUALIFY row_number() OVER (PARTITION BY family_id ORDER BY started, intervention) = 1
    )
    SELECT person_id AS standard, intervention AS arm
    FROM (SELECT DISTINCT person_id, family_id FROM family_span) JOIN first USING (family_id)
    QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY started, intervention) = 1
"""

_RATE = f"""
    INSERT INTO linkage_rate
    WITH known AS (
        SELECT agency, local_id, {{level}} AS person_id, standard, ethnicity,
            upper(replace(postcode, ' ', '')) AS postcode
        FROM loaded_person_record JOIN person_links USING (agency, local_id)
    ), linked AS (
        SELECT person_id, count(DISTINCT agency) > 1 AS is_linked FROM known GROUP BY person_id
    ), home AS (
        SELECT person_id, district, deprivation_decile
        FROM last_home JOIN known USING (agency, local_id)
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY start_date DESC, agency, local_id) = 1
    ), group_of AS (
        SELECT person_id, ethnicity FROM known WHERE ethnicity IS NOT NULL
        GROUP BY person_id, ethnicity
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY count(*) DESC, ethnicity) = 1
    ), described AS (
        SELECT known.agency, is_linked, 'all' AS "all",
            coalesce(home.district, postcode_place.district, '{NOT_KNOWN}') AS district,
            coalesce(coalesce(home.deprivation_decile, postcode_place.deprivation_decile)::VARCHAR, '{NOT_KNOWN}')
                AS deprivation_decile,
            coalesce(group_of.ethnicity, '{NOT_KNOWN}') AS ethnicity,
            coalesce(arm.arm, '{NO_SUPPORT}') AS arm
        FROM known
        JOIN linked USING (person_id)
        LEFT JOIN home USING (person_id)
        LEFT JOIN group_of USING (person_id)
        LEFT JOIN postcode_place ON postcode_place.postcode = known.postcode
        LEFT JOIN arm ON arm.standard = known.standard
    ), long AS (
        UNPIVOT described ON "all", district, deprivation_decile, ethnicity, arm INTO NAME characteristic VALUE category
    )
    SELECT '{{level}}', agency, characteristic, category, count(*), count(*) FILTER (is_linked)
    FROM long GROUP BY agency, characteristic, category
    ORDER BY agency, characteristic, category
"""
