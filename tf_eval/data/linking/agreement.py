"""When two values of one field agree, resemble or contradict one another: SQL macros for everything that compares.

Each is defined once here, so that the deterministic rules, Splink's comparison levels, the reasons for a clerk and the
notes of ``check`` mean the same by "the names are alike". All are NULL where a value is missing.
"""

import duckdb

# Two names resemble one another where a person would take them for one name typed twice or shortened: one edit apart
# ('Anna', 'Annna'), one the beginning of the other ('Ben', 'Benjamin'), or a Jaro-Winkler similarity of 0.8, which
# takes in most short forms ('Dave', 'David': 0.85) and keeps most other names out.
ALIKE = 0.8
# The level above it, at which nearly every pair is one name misspelt (Splink's own default for names).
NEARLY_THE_SAME = 0.92
# Of fewer letters, one edit makes as many other names ('Mia', 'Nia') as misspelt ones.
SHORTEST_MISSPELT = 4


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the macros on a connection; they take normalised names and dates."""
    connection.execute(_MACROS)


_MACROS = f"""
    CREATE MACRO one_edit(a, b) AS damerau_levenshtein(a, b) <= 1;
    CREATE MACRO long_enough(a, b) AS least(length_grapheme(a), length_grapheme(b)) >= {SHORTEST_MISSPELT};
    -- The similarity is one of bytes: in scripts of several bytes a letter, any two names share most of theirs.
    CREATE MACRO latin(a, b) AS strlen(a || b) * 2 < length(a || b) * 3;
    CREATE MACRO resemble(a, b, least) AS latin(a, b) AND jaro_winkler_similarity(a, b) >= least;
    CREATE MACRO nearly_same(a, b) AS
        a = b OR (long_enough(a, b) AND (resemble(a, b, {NEARLY_THE_SAME}) OR one_edit(a, b)));
    CREATE MACRO begins(a, b) AS starts_with(a, b) OR starts_with(b, a);
    CREATE MACRO alike(a, b) AS
        begins(a, b) OR (long_enough(a, b) AND (resemble(a, b, {ALIKE}) OR one_edit(a, b)));
    -- A bare initial tells nothing of a name that begins with it. A name of one character in another script is a name.
    CREATE MACRO is_initial(a) AS regexp_full_match(a, '[a-z]');
    CREATE MACRO initial_only(a, b) AS a <> b AND (is_initial(a) OR is_initial(b)) AND begins(a, b);
    CREATE MACRO initials_differ(a, b) AS (is_initial(a) OR is_initial(b)) AND NOT begins(a, b);
    CREATE MACRO exchanged(forename_1, surname_1, forename_2, surname_2) AS
        forename_1 <> forename_2 AND surname_1 <> surname_2
        AND nearly_same(forename_1, surname_2) AND nearly_same(surname_1, forename_2);
    CREATE MACRO new_year(a) AS month(a) = 1 AND day(a) = 1;
    CREATE MACRO same_birth(a, b) AS a = b AND NOT new_year(a);
    CREATE MACRO day_and_month_exchanged(a, b) AS year(a) = year(b) AND day(a) = month(b) AND month(a) = day(b);
    -- 1 January stands for "some day of that year" so often that it says no more than the year.
    CREATE MACRO same_year_only(a, b) AS year(a) = year(b) AND (new_year(a) OR new_year(b));
    CREATE MACRO one_digit_differs(a, b) AS one_edit(a::VARCHAR, b::VARCHAR);
    CREATE MACRO one_part_differs(a, b) AS
        (year(a) = year(b))::INT + (month(a) = month(b))::INT + (day(a) = day(b))::INT = 2;
    CREATE MACRO birth_fits(a, b) AS
        a = b OR day_and_month_exchanged(a, b) OR same_year_only(a, b) OR one_digit_differs(a, b)
        OR one_part_differs(a, b);
    -- Two parts of a date are mistyped more often than two people of one name and home are born in one year.
    CREATE MACRO may_be_one_birth(a, b) AS birth_fits(a, b) OR year(a) = year(b);
"""
