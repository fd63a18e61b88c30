"""Clerical review: the pairs of records that a person has to look at, and the answers that the next build honours."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tf_eval.data.durable import OWNER_ONLY, write_durably
from tf_eval.data.linking_store import LinkingStore
from tf_eval.errors import InputError, raise_all

PAIR = ("agency_1", "local_id_1", "agency_2", "local_id_2")
SHOWN = ("forename", "surname", "birth_date", "sex", "postcode")
ANSWERS = {"yes": True, "no": False}
NUMBERS = ("local_id_1", "local_id_2")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"


def read_decisions(store: LinkingStore) -> pa.Table:
    """Return the clerk's answers: agency_1, local_id_1, agency_2, local_id_2, same.

    Raises:
        InputError: the list was saved without a column it needs, or an answer is neither yes nor no.
    """
    rows = _read(store.review)
    where = store.review.name
    missing = [name for name in (*PAIR, "same") if rows and name not in rows[0]]
    raise_all(InputError, where, [f"the column '{name}' is missing; put it back." for name in missing])
    answers = [(row["same"] or "").strip().lower() for row in rows]
    wrong = [number for number, answer in enumerate(answers, start=2) if answer and answer not in ANSWERS]
    raise_all(InputError, where, [f"row {number}: 'same' must be yes, no or empty." for number in wrong])
    answered = [(row, ANSWERS[answer]) for row, answer in zip(rows, answers, strict=True) if answer]
    columns = {name: pa.array([row[name].removeprefix(GUARD) for row, _ in answered], pa.string()) for name in PAIR}
    return pa.table({**columns, "same": pa.array([same for _, same in answered], pa.bool_())})


def count_pairs(store: LinkingStore) -> tuple[int, int]:
    """Return how many pairs of the clerk's list are answered, and how many wait."""
    answered = len(read_decisions(store))
    return answered, len(_read(store.review)) - answered


def keep_answers(store: LinkingStore, is_kept: Callable[[str, str], bool]) -> None:
    """Forget all that the list shows but the answers about records that are kept, by their numbers alone.

    Args:
        store: the county's linking store.
        is_kept: whether the record of an agency with that number is kept.
    """
    pairs = read_decisions(store).to_pylist()
    decided = [row for row in pairs if all(is_kept(row[f"agency_{i}"], row[f"local_id_{i}"]) for i in (1, 2))]
    if store.review.is_file():
        _write(store, [{**row, "same": _answer(row["same"])} for row in decided])


def write_review(store: LinkingStore) -> int:
    """Write the list for the clerk from the linking store, earlier answers kept; return how many pairs wait."""
    decided = read_decisions(store).to_pylist()
    answers = {tuple(row[name] for name in PAIR): _answer(row["same"]) for row in decided}
    with duckdb.connect(str(store.database), read_only=True) as connection:
        pairs = connection.execute(_PAIRS).to_arrow_table().to_pylist()
        known = set(connection.execute("SELECT agency, local_id FROM person_record").fetchall())
    asked = {tuple(pair[name] for name in PAIR): pair for pair in pairs}
    waiting = [pair for key, pair in asked.items() if key not in answers]
    kept = [
        {**dict(zip(PAIR, key, strict=True)), **asked.get(key, {}), "same": same}
        for key, same in answers.items()
        if {key[:2], key[2:]} <= known
    ]
    _write(store, [*waiting, *kept])
    return len(waiting)


def _write(store: LinkingStore, rows: Iterable[Mapping[str, Any]]) -> None:
    columns = list(dict.fromkeys([*PAIR, "probability", "reason", "same", *_columns(1), *_columns(2)]))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(name, value) for name, value in row.items()} for row in rows)
    write_durably(store.review, "\ufeff" + text.getvalue(), mode=OWNER_ONLY)


def _answer(same: bool) -> str:
    return "yes" if same else "no"


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path.name}: not UTF-8 text; save it as 'CSV UTF-8'.") from None
    # A spreadsheet writes what its country parts lists with.
    delimiter = ";" if text.partition("\n")[0].count(";") >= len(PAIR) else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def _columns(side: int) -> list[str]:
    return [f"{name}_{side}" for name in SHOWN]


def _cell(name: str, value: object) -> str:
    """Keep a spreadsheet from taking a name for a formula, or a number for one that it may write otherwise."""
    text = "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
    return GUARD + text if name in NUMBERS or text.startswith(FORMULA) else text


_PAIRS = f"""
    SELECT review.*, {", ".join(f"one.{name} AS {name}_1, other.{name} AS {name}_2" for name in SHOWN)}
    FROM review
    JOIN person_record AS one ON one.agency = agency_1 AND one.local_id = local_id_1
    JOIN person_record AS other ON other.agency = agency_2 AND other.local_id = local_id_2
    ORDER BY probability DESC, agency_1, local_id_1, agency_2, local_id_2
"""
