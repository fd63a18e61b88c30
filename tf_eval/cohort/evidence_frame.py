"""The evidence as a frame: codes in the statement, words in the frame, for there may be millions of rows."""

from collections.abc import Mapping

import pandas as pd

from tf_eval.cohort.criteria import SHARES, Node
from tf_eval.cohort.engine import Engine, read_frame
from tf_eval.cohort.forms import union
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
    decided = [tables.evidence(node, reading) for node in nodes.values()]
    columns = f"{_kind_code()} AS kind, {_SPAN}"
    parts = [f"SELECT {code} AS criterion, {columns} FROM ({part}) AS decided" for code, part in enumerate(decided)]
    order = "family_id, criterion, start_date, kind, record_id, end_date"
    frame = read_frame(
        engine, f"SELECT DISTINCT criterion, kind, {_SPAN} FROM ({union(parts)}) AS parts ORDER BY {order}"
    )
    table_codes = pd.Series([TABLES.index(TABLE_OF[kind]) for kind in KINDS], dtype="int8")
    frame["table_name"] = pd.Categorical.from_codes(table_codes.to_numpy()[frame["kind"]], list(TABLES))
    frame["criterion"] = pd.Categorical.from_codes(frame["criterion"], list(nodes))
    frame["kind"] = pd.Categorical.from_codes(frame["kind"], list(KINDS))
    return frame[list(COLUMNS)]


def _kind_code() -> str:
    cases = " ".join(f"WHEN '{kind}' THEN {code}" for code, kind in enumerate(KINDS))
    return f"CASE kind {cases} END"
