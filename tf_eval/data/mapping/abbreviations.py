"""Abbreviations among the headings of an extract, such as ETH and RNE, that may be printed."""

import re
from collections.abc import Sequence

from tf_eval.data.mapping.profile import Profile

_ABBREVIATION = re.compile("[A-Z]{2,4}")


def abbreviations(columns: Sequence[Profile]) -> frozenset[str]:
    """Return the headings that are abbreviations and nobody's name, of an extract that feeds a table.

    Then other headings are known for what they are, so that their row is one of headings and not of values. A name in
    capitals may still head a column (of a worker, say), and is given away by standing among the extract's values too.
    """
    found = {column.heading for column in columns if _ABBREVIATION.fullmatch(column.heading)}
    values = {value.upper() for column in columns for value in column.counts} if found else set()
    return frozenset(found - values)
