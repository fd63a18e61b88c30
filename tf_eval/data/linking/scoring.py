"""How probable it is that two records are one person: Splink, without a sound."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

# Pairs less probable than this decide nothing and are not kept.
LEAST_PROBABILITY = 0.01


def write_probabilities(connection: duckdb.DuckDBPyConnection, *, seed: int) -> None:
    """Write ``probability``: record_1 < record_2, weight (log2 of the odds of being one person), for the candidates.

    Args:
        connection: a connection with ``record``, ``shared``, ``core`` and ``candidate``.
        seed: of the random pairs that train the model.
    """
    connection.execute("CREATE TABLE probability (record_1 INTEGER, record_2 INTEGER, weight DOUBLE)")
    if not connection.execute("SELECT count(*) FROM candidate").fetchone()[0]:
        return
    # Splink takes a quarter of a second to import, which a county whose records are all certain need not pay.
    from splink import DuckDBAPI, Linker

    from tf_eval.data.linking.training import learn_model

    api = DuckDBAPI(connection)
    with _silence():
        model = learn_model(connection, api, seed=seed)
        linker = Linker(api.register("record"), model.settings(), log_level=None, validate_settings=False)
        linker.table_management.register_blocked_pairs_for_predict(api.register("candidate"))
        pairs = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY, warning_mode="never")
    # Rounded, so that no last bit of a sum over parallel threads decides which link is the stronger.
    connection.execute(f"""
        INSERT INTO probability
        SELECT record_l AS record_1, record_r AS record_2, round(match_weight, 6) AS weight
        FROM {pairs.physical_name} ORDER BY record_1, record_2
    """)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Splink's log out of other people's output."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
