"""The evidence as a frame, in the words of its records."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tf_eval.cohort.criteria import Node
from tf_eval.cohort.engine import Engine, read_frame
from tf_eval.cohort.kinds import KINDS, TABLE_OF
from tf_eval.cohort.records import Reading
from tf_eval.cohort.truth import TruthTables

TABLES = tuple(dict.fromkeys(TABLE_OF.values()))
COLUMNS = ("family_id", "criterion", "table_name", "record_id", "person_id", "date", "kind", "start_date", "end_date")
_SPAN = "family_id, record_id, person_id, date, start_date, end_date"


def read_evidence(engine: Engine, tables: TruthTables, nodes: Mapping[str, Node], reading: Reading) -> pd.DataFrame:
    """Return the records that decided each of the nodes, by its name, each with the days on which it did.

    Args:
        engine: runs the statement.
        tables: the truth of the nodes.
        nodes: criteria by name.
        reading: how the records of the families that are asked about are read.
    """
    # One criterion at a time: to sort all of them at once takes several times the memory.
    criteria = pd.CategoricalDtype(list(nodes))
    frames = (_of_criterion(engine, tables.evidence(node, reading), name, criteria) for name, node in nodes.items())
    every = pd.concat(frames, ignore_index=True)
    return every.sort_values("family_id", kind="stable", ignore_index=True)[list(COLUMNS)]


def _of_criterion(engine: Engine, decided: str, criterion: str, criteria: pd.CategoricalDtype) -> pd.DataFrame:
    """Return one criterion's records in the order of families and days."""
    frame = read_frame(
        engine,
        f"""SELECT DISTINCT kind, {_SPAN} FROM ({decided}) AS decided
ORDER BY family_id, start_date, kind, record_id, end_date""",
    )
    table_codes = np.array([TABLES.index(TABLE_OF[kind]) for kind in KINDS], dtype="int8")
    frame["table_name"] = pd.Categorical.from_codes(table_codes[frame["kind"]], list(TABLES))
    frame["kind"] = pd.Categorical.from_codes(frame["kind"], list(KINDS))
    frame["criterion"] = pd.Categorical([criterion], dtype=criteria).repeat(len(frame))
    return frame
