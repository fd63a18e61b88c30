"""What agreement and disagreement of each field are worth: Splink's comparisons and their parameters.

A level's m is how often it is found among pairs that are one person, its u among pairs that are not. Fellegi and Sunter
(1969), "A theory for record linkage", as Splink 5 carries it out. The parameters below are used where a county is too
small to learn its own, and as the start of learning; they are rounded from what 100,000 synthetic records with faults
taught.
"""

from dataclasses import dataclass
from typing import Any

from tf_eval.data.linking.records import IDENTIFIERS

# As in a county of 60,000 records: a small extract is a part of a place where others bear the same name. A name and sex
# alone then stay below every threshold.
STARTING_PRIOR = 1 / 60_000


@dataclass(frozen=True)
class Level:
    """One level of a comparison: its meaning, its SQL on columns ending in _l and _r, m and u, and what is frequent."""

    label: str
    sql: str
    m: float
    u: float
    frequency_of: str | None = None


@dataclass(frozen=True)
class Comparison:
    """Levels from full agreement to none; ``missing`` says when a pair tells nothing. ``learned``: from the county."""

    name: str
    missing: str
    levels: tuple[Level, ...]
    learned: bool = True


def _mistyped(kind: str) -> str:
    """Return the SQL that says whether one of two identifiers is the other, a sound one, with a typing error."""
    one, other = f"given_{kind}_l", f"given_{kind}_r"
    is_sound = f"({kind}_l IS NOT NULL OR {kind}_r IS NOT NULL)"
    return f"coalesce(one_edit({one}, {other}) AND {one} <> {other} AND {is_sound}, FALSE)"


_ELSE = "ELSE"
_EXCHANGED = "exchanged(forename_l, surname_l, forename_r, surname_r)"
COMPARISONS = (
    Comparison(
        "forename",
        "forename_l IS NULL OR forename_r IS NULL OR initial_only(forename_l, forename_r)",
        (
            Level("same", "forename_l = forename_r", 0.85, 0.01, "forename"),
            Level("exchanged with the surname", _EXCHANGED, 0.02, 0.00001),
            Level("nearly the same", "nearly_same(forename_l, forename_r)", 0.08, 0.004),
            Level("alike", "alike(forename_l, forename_r)", 0.03, 0.015),
            Level("different", _ELSE, 0.02, 0.97099),
        ),
    ),
    Comparison(
        "surname",
        f"surname_l IS NULL OR surname_r IS NULL OR coalesce({_EXCHANGED}, FALSE)",
        (
            Level("same", "surname_l = surname_r", 0.87, 0.006, "surname"),
            Level("nearly the same", "nearly_same(surname_l, surname_r)", 0.08, 0.003),
            Level("alike", "alike(surname_l, surname_r)", 0.02, 0.02),
            Level("different", _ELSE, 0.03, 0.971),
        ),
    ),
    Comparison(
        "birth_date",
        "birth_date_l IS NULL OR birth_date_r IS NULL",
        (
            Level("same", "same_birth(birth_date_l, birth_date_r)", 0.9, 0.0001),
            Level("same 1 January", "birth_date_l = birth_date_r", 0.005, 0.00005),
            Level("day and month exchanged", "day_and_month_exchanged(birth_date_l, birth_date_r)", 0.015, 0.0001),
            Level("year alone", "same_year_only(birth_date_l, birth_date_r)", 0.03, 0.001),
            Level("one digit differs", "one_digit_differs(birth_date_l, birth_date_r)", 0.03, 0.002),
            Level("one part differs", "one_part_differs(birth_date_l, birth_date_r)", 0.01, 0.005),
            Level("different", _ELSE, 0.01, 0.99175),
        ),
    ),
    Comparison(
        "sex",
        "sex_l IS NULL OR sex_r IS NULL",
        (Level("same", "sex_l = sex_r", 0.99, 0.5), Level("different", _ELSE, 0.01, 0.5)),
    ),
    Comparison(
        "postcode",
        "postcode_l IS NULL OR postcode_r IS NULL",
        (
            Level("same", "postcode_l = postcode_r", 0.7, 0.0005, "postcode"),
            Level("one edit", "one_edit(postcode_l, postcode_r)", 0.03, 0.001),
            Level("same district", "left(postcode_l, -3) = left(postcode_r, -3)", 0.06, 0.03),
            Level("different", _ELSE, 0.21, 0.9685),
        ),
    ),
    # Pairs with the same sound identifier are settled before, and the same unsound one was made up. What is left is one
    # that was mistyped. Pairs known by their identifiers cannot teach this, so it is not learned.
    Comparison(
        "identifier",
        " AND ".join(f"coalesce(given_{kind}_l = given_{kind}_r, TRUE)" for kind in IDENTIFIERS),
        (
            Level("one character differs", " OR ".join(map(_mistyped, IDENTIFIERS)), 0.7, 0.00005),
            Level("different", _ELSE, 0.3, 0.99995),
        ),
        learned=False,
    ),
)


@dataclass(frozen=True)
class Model:
    """A linkage model: for each level of each comparison m and u, and how often two records are one person.

    ``by_frequency``: whether a rare name says more than a frequent one; only a county with enough people can tell.
    """

    parameters: dict[tuple[str, str], tuple[float, float]]
    prior: float
    by_frequency: bool

    def settings(self) -> dict[str, Any]:
        """Return Splink's settings, without blocking rules: the pairs are our own."""
        return {
            "link_type": "dedupe_only",
            "unique_id_column_name": "record",
            "comparisons": [self._comparison(comparison) for comparison in COMPARISONS],
            "blocking_rules_to_generate_predictions": [],
            "probability_two_random_records_match": self.prior,
            "retain_matching_columns": False,
        }

    def _comparison(self, comparison: Comparison) -> dict[str, Any]:
        missing = {"sql_condition": comparison.missing, "label_for_charts": "missing", "is_null_level": True}
        levels = [self._level(comparison, level) for level in comparison.levels]
        return {"output_column_name": comparison.name, "comparison_levels": [missing, *levels]}

    def _level(self, comparison: Comparison, level: Level) -> dict[str, Any]:
        m, u = self.parameters[comparison.name, level.label]
        settings = {
            "sql_condition": level.sql,
            "label_for_charts": level.label,
            "m_probability": m,
            "u_probability": u,
            "fix_m_probability": not comparison.learned,
            "fix_u_probability": not comparison.learned,
        }
        if level.frequency_of and self.by_frequency:
            settings |= {"tf_adjustment_column": level.frequency_of, "disable_tf_exact_match_detection": True}
        return settings


def starting_model() -> Model:
    """Return the model of a county too small to learn from, and the start of learning elsewhere."""
    parameters = {(c.name, level.label): (level.m, level.u) for c in COMPARISONS for level in c.levels}
    return Model(parameters, STARTING_PRIOR, by_frequency=False)
