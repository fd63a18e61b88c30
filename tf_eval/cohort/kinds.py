"""Kinds of record as numbers. Criteria read millions of rows, which are a third as large without the words."""

from collections.abc import Iterable

from tf_eval.cohort.criteria import SHARES
from tf_eval.data.contract import EVENT_KINDS, SPELL_KINDS

MEMBER = "member"
TABLE_OF = {
    **dict.fromkeys(EVENT_KINDS, "event"),
    **dict.fromkeys(SPELL_KINDS, "spell"),
    **dict.fromkeys(SHARES, "attendance"),
    MEMBER: "family_member",
}
KINDS = tuple(TABLE_OF)


def code(kind: str) -> int:
    """Return the number of a kind: its place in ``KINDS``."""
    return KINDS.index(kind)


def code_list(kinds: Iterable[str]) -> str:
    """Return the numbers of kinds for an ``IN``."""
    return ", ".join(str(code(kind)) for kind in kinds)


def coded(kinds: Iterable[str]) -> str:
    """Return the form for the number of the kind of a row, which is one of these."""
    cases = " ".join(f"WHEN '{kind}' THEN {code(kind)}" for kind in kinds)
    return f"CAST(CASE kind {cases} END AS SMALLINT)"
