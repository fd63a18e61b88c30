"""Clerical review: the pairs of records that a person has to look at, and the answers that the next build honours."""

import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tf_eval.data.linking_store import LinkingStore, write_private
from tf_eval.errors import InputError, raise_all

PAIR = ("agency_1", "local_id_1", "agency_2", "local_id_2")
SHOWN = ("forename", "surname", "birth_date", "sex", "postcode")
ANSWERS = {"yes": True, "no": False}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_decisions(store: LinkingStore) -> pa.Table:
    """Return the clerk's answers: agency_1, local_id_1, agency_2, local_id_2, same.

    Raises:
        InputError: the list was saved without a column it needs, or an answer is neither yes nor no.
    """
    rows = _read(store.review)
    where = store.review.name
    missing = [name for name in (*PAIR, "same") if rows and name not in rows[0]]
    raise_all(InputError, where, [f"the column '{name}' is missing; let it be written again." for name in missing])
    answers = [(row["same"] or "").strip().lower() for row in rows]
    wrong = [number for number, answer in enumerate(answers, start=2) if answer and answer not in ANSWERS]
    raise_all(InputError, where, [f"row {number}: 'same' must be yes, no or empty." for number in wrong])
    answered = [(row, ANSWERS[answer]) for row, answer in zip(rows, answers, strict=True) if answer]
    columns = {name: pa.array([_unguarded(row[name]) for row, _ in answered], pa.string()) for name in PAIR}
    return pa.table({**columns, "same": pa.array([same for _, same in answered], pa.bool_())})


def write_review(store: LinkingStore) -> int:
    """Write the list for the clerk from the linking store, earlier answers kept; return how many pairs wait."""
    decided = read_decisions(store).to_pylist()
    answers = {tuple(row[name] for name in PAIR): "yes" if row["same"] else "no" for row in decided}
    with duckdb.connect(str(store.database), read_only=True) as connection:
        pairs = connection.execute(_PAIRS).to_arrow_table().to_pylist()
    asked = {tuple(pair[name] for name in PAIR): pair for pair in pairs}
    waiting = [pair for key, pair in asked.items() if key not in answers]
    kept = [{**dict(zip(PAIR, key, strict=True)), **asked.get(key, {}), "same": same} for key, same in answers.items()]
    columns = list(dict.fromkeys([*PAIR, "probability", "reason", "same", *_columns(1), *_columns(2)]))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _guarded(value) for name, value in row.items()} for row in [*waiting, *kept])
    write_private(store.review, "\ufeff" + text.getvalue())
    return len(waiting)


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except UnicodeDecodeError:
        raise InputError(f"{path.name}: not UTF-8 text; save it as 'CSV UTF-8'.") from None


def _columns(side: int) -> list[str]:
    return [f"{name}_{side}" for name in SHOWN]


def _guarded(value: object) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    text = "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


_PAIRS = f"""
    SELECT review.*, {", ".join(f"one.{name} AS {name}_1, other.{name} AS {name}_2" for name in SHOWN)}
    FROM review
    JOIN person_record AS one ON one.agency = agency_1 AND one.local_id = local_id_1
    JOIN person_record AS other ON other.agency = agency_2 AND other.local_id = local_id_2
    ORDER BY probability DESC, agency_1, local_id_1, agency_2, local_id_2
"""
