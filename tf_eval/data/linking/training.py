"""A linkage model learned from the county itself, where the county is large enough to teach one.

u comes from pairs of records of different people, drawn at random; m from pairs that one identifier joins. A county
without enough identifiers learns m by expectation maximisation instead. Learned values are rounded to four digits: sums
over parallel threads differ in the last bits, and the same records have to give the same people.
"""

from dataclasses import replace
from math import comb
from typing import TYPE_CHECKING

import duckdb

from tf_eval.data.linking.model import Model, starting_model

if TYPE_CHECKING:
    from splink import DuckDBAPI, Linker

FEWEST_CANDIDATES = 500  # learning takes seconds; fewer pairs than these are not worth it
FEWEST_PEOPLE = 1_000  # below it a level of one pair in ten thousand is seen too seldom to be learned
FEWEST_PAIRS = 500
FEWEST_TOGETHER = 50  # certain pairs, below which their number does not tell how often two records are one person
MOST_PAIRS = 200_000
RANDOM_PAIRS = 400_000
_LEAST_M, _LEAST_U = 0.001, 0.00001
# What is certain joins about four in five of the pairs that are one person; only the order of size matters.
_FOUND_WITH_CERTAINTY = 0.8


def learn_model(connection: duckdb.DuckDBPyConnection, api: "DuckDBAPI", *, seed: int) -> Model:
    """Return the model of a county: learned, or the starting one where there are too few people.

    Args:
        connection: a connection with ``record``, ``shared``, ``core`` and ``candidate``.
        api: Splink's interface to the same connection.
        seed: of the random pairs.
    """
    records, people, together, candidates = connection.execute(_SIZES).fetchone()
    model = starting_model()
    if people < FEWEST_PEOPLE or candidates < FEWEST_CANDIDATES:
        return model
    model = replace(model, by_frequency=True)
    if together >= FEWEST_TOGETHER:
        model = replace(model, prior=together / _FOUND_WITH_CERTAINTY / comb(records, 2))
    connection.execute(_ONE_EACH)
    connection.execute(_LABELLED)
    return _learn_m(connection, _learn_u(model, api, seed), api)


def _learn_u(model: Model, api: "DuckDBAPI", seed: int) -> Model:
    linker = _linker(model, api, "one_each")
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=seed)
    return _learned(model, linker)


def _learn_m(connection: duckdb.DuckDBPyConnection, model: Model, api: "DuckDBAPI") -> Model:
    from splink import block_on

    linker = _linker(model, api, "record")
    if connection.execute("SELECT count(*) FROM labelled").fetchone()[0] >= FEWEST_PAIRS:
        linker.training.estimate_m_from_pairwise_labels("labelled")
        return _learned(model, linker)
    # Each session learns the fields that its pairs were not chosen by; a field that nobody has in common teaches none.
    for fields in (("forename", "surname"), ("birth_date",)):
        if _pairs_sharing(connection, fields) >= FEWEST_PAIRS:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*fields), max_pairs=MOST_PAIRS)
    return _learned(model, linker)


def _pairs_sharing(connection: duckdb.DuckDBPyConnection, fields: tuple[str, ...]) -> int:
    """Return how many pairs of records agree in all of these fields."""
    return connection.execute(f"""
        SELECT coalesce(sum(size * (size - 1) // 2), 0)::BIGINT
        FROM (SELECT count(*) AS size FROM record
              WHERE {" AND ".join(f"{field} IS NOT NULL" for field in fields)} GROUP BY {", ".join(fields)})
    """).fetchone()[0]


def _linker(model: Model, api: "DuckDBAPI", table: str) -> "Linker":
    from splink import Linker

    return Linker(api.register(table), model.settings(), log_level=None, validate_settings=False)


def _learned(model: Model, linker: "Linker") -> Model:
    """Return the model with what a linker learned; a level that was never seen keeps what it had."""
    parameters = dict(model.parameters)
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        for level in comparison["comparison_levels"]:
            key = comparison["output_column_name"], level["label_for_charts"]
            if key in parameters:
                m, u = parameters[key]
                parameters[key] = _rounded(level.get("m_probability", m), level.get("u_probability", u))
    return replace(model, parameters=parameters)


def _rounded(m: float, u: float) -> tuple[float, float]:
    return float(f"{max(m, _LEAST_M):.4g}"), float(f"{max(u, _LEAST_U):.4g}")


_SIZES = """
    SELECT (SELECT count(*) FROM record), count(*), sum(size * (size - 1) // 2)::BIGINT,
        (SELECT count(*) FROM candidate)
    FROM (SELECT count(*) AS size FROM core GROUP BY core_id)
"""
# Pairs drawn from all records would hold records of one person, of which a small county has too many to overlook.
_ONE_EACH = """
    CREATE TABLE one_each AS
    SELECT * FROM record WHERE record IN (SELECT min(record) FROM core GROUP BY core_id) ORDER BY record
"""
_LABELLED = f"""
    CREATE TABLE labelled AS
    SELECT record_1 AS record_l, record_2 AS record_r, 1.0 AS clerical_match_score
    FROM (SELECT DISTINCT record_1, record_2 FROM shared WHERE fits)
    ORDER BY hash(record_1, record_2), record_1, record_2 LIMIT {MOST_PAIRS}
"""
