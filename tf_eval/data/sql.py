"""Quoting for the SQL that this room writes."""

from collections.abc import Iterable


def literal(text: object) -> str:
    """Return a text or a date as a quoted SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def words(texts: Iterable[str]) -> str:
    """Return a list of texts for ``IN (...)``."""
    return ", ".join(literal(text) for text in texts)
