"""Cells that should be filled in: identifiers that people of that age have, and birth dates."""

from dataclasses import dataclass
from datetime import date

from tf_eval.data.sql import literal

LEAST_SHARE = 0.5
YEARS_AROUND = 2


@dataclass(frozen=True)
class Due:
    """From which age on, in years, and up to which, everybody has an identifier."""

    identifier: str
    from_age: int | None = None
    before_age: int | None = None

    def at(self, horizon: date) -> str:
        """Return the SQL condition that a person had reached the age before the horizon and not yet left it."""
        reached = f"birth_date + INTERVAL {self.from_age} YEAR < DATE {literal(horizon)}"
        left = f"birth_date + INTERVAL {self.before_age} YEAR < DATE {literal(horizon)}"
        conditions = [reached] * (self.from_age is not None) + [f"NOT {left}"] * (self.before_age is not None)
        return " AND ".join(conditions) or "TRUE"

    @property
    def year(self) -> str:
        """The SQL of the year of birth by which records are compared; all together where age does not matter."""
        return "year(birth_date)" if self.from_age is not None else "0"


DUE = (Due("nino", from_age=16), Due("upn", from_age=5, before_age=20), Due("nhs_number"))


def missing_identifiers(horizon: date) -> list[str]:
    """Return the queries for records without an identifier that the agency has for other people of about that age.

    An agency that has it for fewer than half of its people born within two years of the person does not hold it.
    """
    return [_missing_identifier(due, horizon) for due in DUE]


def _missing_identifier(due: Due, horizon: date) -> str:
    return f"""
        WITH due AS (
            SELECT entry, row_number, record.agency, {due.year} AS year, {due.identifier} IS NOT NULL AS has_it
            FROM loaded_person_record AS record JOIN mapped_column AS mapped USING (entry)
            WHERE mapped.column_name = '{due.identifier}' AND {due.at(horizon)}
        ), by_year AS (
            SELECT agency, year, count(*) AS records, count(*) FILTER (has_it) AS with_it FROM due GROUP BY ALL
        ), around AS (
            SELECT agency, year, sum(with_it) OVER near >= {LEAST_SHARE} * sum(records) OVER near AS holds_it
            FROM by_year
            WINDOW near AS (PARTITION BY agency ORDER BY year
                            RANGE BETWEEN {YEARS_AROUND} PRECEDING AND {YEARS_AROUND} FOLLOWING)
        )
        SELECT entry, row_number, '{due.identifier}' AS column_name, 'missing identifier' AS rule, NULL AS shape,
            'the agency has it for most others of that age; ask for it, or links will rest on the name' AS advice
        FROM due JOIN around USING (agency, year) WHERE holds_it AND NOT has_it
    """


MISSING_BIRTH_DATE = """
    SELECT entry, row_number, 'birth_date' AS column_name, 'missing birth date' AS rule, NULL AS shape,
        'ages cannot be told and links are weaker; ask the agency for it' AS advice
    FROM loaded_person_record WHERE birth_date IS NULL
"""
