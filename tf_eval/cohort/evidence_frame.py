"""The evidence as a frame: codes in the statement, words in the frame, for there may be millions of rows."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tf_eval.cohort.criteria import SHARES, Node
from tf_eval.cohort.engine import Engine, read_frame
from tf_eval.cohort.records import MEMBER, Reading
from tf_eval.cohort.truth import TruthTables
from tf_eval.data.contract import EVENT_KINDS, SPELL_KINDS

TABLE_OF = {
    **dict.fromkeys(EVENT_KINDS, "event"),
    **dict.fromkeys(SPELL_KINDS, "spell"),
    **dict.fromkeys(SHARES, "attendance"),
    MEMBER: "family_member",
}
KINDS = tuple(TABLE_OF)
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
    frames = [_of_criterion(engine, tables.evidence(node, reading)) for node in nodes.values()]
    criterion = np.repeat(np.arange(len(nodes), dtype="int8"), [len(frame) for frame in frames])
    frame = pd.concat(frames, ignore_index=True).assign(criterion=pd.Categorical.from_codes(criterion, list(nodes)))
    return frame.sort_values("family_id", kind="stable", ignore_index=True)[list(COLUMNS)]


def _of_criterion(engine: Engine, decided: str) -> pd.DataFrame:
    """Return one criterion's records in the order of families and days."""
    frame = read_frame(
        engine,
        f"""SELECT DISTINCT {_kind_code()} AS kind, {_SPAN} FROM ({decided}) AS decided
ORDER BY family_id, start_date, kind, record_id, end_date""",
    )
    table_codes = np.array([TABLES.index(TABLE_OF[kind]) for kind in KINDS], dtype="int8")
    frame["table_name"] = pd.Categorical.from_codes(table_codes[frame["kind"]], list(TABLES))
    frame["kind"] = pd.Categorical.from_codes(frame["kind"], list(KINDS))
    return frame


def _kind_code() -> str:
    cases = " ".join(f"WHEN '{kind}' THEN {code}" for code, kind in enumerate(KINDS))
    return f"CASE kind {cases} END"
