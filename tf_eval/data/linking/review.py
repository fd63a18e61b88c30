"""Pairs of records for a clerk: where a link is neither certain nor improbable, with the reason in plain words."""

import duckdb
import pyarrow as pa

_FIELDS = ("forename", "surname", "birth date", "sex")
_SCHEMA = pa.schema(
    {
        "agency_1": pa.string(),
        "local_id_1": pa.string(),
        "agency_2": pa.string(),
        "local_id_2": pa.string(),
        "probability": pa.float64(),
        "reason": pa.string(),
    }
)


def review_pairs(connection: duckdb.DuckDBPyConnection, *, least: float, most: float) -> pa.Table:
    """Return the pairs whose answer decides a person.

    Args:
        connection: a connection with ``record``, ``person`` and ``link``.
        least: the probability from which on a link joins at the loosest threshold.
        most: the probability from which on it joins at the strictest.

    A pair is for a clerk where it was joined at one threshold and not at another, and where it would have been joined
    had not another person fitted as well, or had not one agency both records.
    """
    rows = connection.execute(_PAIRS, {"least": least, "most": most}).fetchall()
    named = [(*row[:5], _reason(row[5:9], row[9], is_rivalled=row[10], in_one_agency=row[11])) for row in rows]
    columns = zip(*named, strict=True) if named else [[]] * len(_SCHEMA)
    return pa.table([list(column) for column in columns], schema=_SCHEMA)


def _reason(states: tuple[str, ...], home: str, *, is_rivalled: bool, in_one_agency: bool) -> str:
    """Return such as 'surname and birth date agree, forename differs; same postcode'.

    Args:
        states: of each field: agrees, is alike, differs, is missing, is exchanged.
        home: a phrase about the postcodes.
        is_rivalled: another person fits one of the records, too.
        in_one_agency: one agency has both records, as it has of two people.
    """
    phrases = []
    for state, one, several in (
        ("agree", "agrees", "agree"),
        ("alike", "is nearly the same", "are nearly the same"),
        ("exchanged", "is exchanged", "are exchanged"),
        ("differ", "differs", "differ"),
        ("missing", "is missing", "are missing"),
    ):
        fields = [field for field, found in zip(_FIELDS, states, strict=True) if found == state]
        if fields:
            phrases.append(f"{_listed(fields)} {several if len(fields) > 1 else one}")
    doubts = ["another person fits as well"] * is_rivalled + ["one agency has both"] * in_one_agency
    return "; ".join([", ".join(phrases), home, *doubts])


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


_NAME_STATE = """
    CASE
        WHEN a.{0} IS NULL OR b.{0} IS NULL THEN 'missing'
        WHEN a.{0} = b.{0} THEN 'agree'
        WHEN exchanged(a.forename, a.surname, b.forename, b.surname) THEN 'exchanged'
        WHEN alike(a.{0}, b.{0}) THEN 'alike'
        ELSE 'differ'
    END
"""
_PAIRS = f"""
    SELECT a.agency, a.local_id, b.agency, b.local_id, probability,
        {_NAME_STATE.format("forename")},
        {_NAME_STATE.format("surname")},
        CASE
            WHEN a.birth_date IS NULL OR b.birth_date IS NULL THEN 'missing'
            WHEN a.birth_date = b.birth_date THEN 'agree'
            WHEN birth_fits(a.birth_date, b.birth_date) THEN 'alike'
            ELSE 'differ'
        END,
        CASE WHEN a.sex IS NULL OR b.sex IS NULL THEN 'missing' WHEN a.sex = b.sex THEN 'agree' ELSE 'differ' END,
        CASE
            WHEN a.postcode IS NULL OR b.postcode IS NULL THEN 'no postcode to compare'
            WHEN a.postcode = b.postcode THEN 'same postcode'
            ELSE 'other postcode'
        END,
        alone >= $most AND probability < $most, a.agency = b.agency
    FROM link
    JOIN record AS a ON a.record = record_1 JOIN person AS p ON p.record = record_1
    JOIN record AS b ON b.record = record_2 JOIN person AS q ON q.record = record_2
    WHERE (p.strict <> q.strict AND p.loose = q.loose AND probability >= $least)
        OR (p.loose <> q.loose AND alone >= $most AND probability < $least)
        OR (p.loose <> q.loose AND alone >= $least AND a.agency = b.agency)
    ORDER BY probability, record_1, record_2
"""
