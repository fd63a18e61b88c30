"""The words of the contract that a condition may name. One that no contract knows would never be met, in silence."""

from collections.abc import Sequence

from tf_eval.cohort.words import listed
from tf_eval.data.contract import EVENT_KINDS, SPELL, SPELL_KINDS
from tf_eval.errors import unknown

DETAILS = SPELL.column("detail").by_kind


def unknown_events(name: str, kinds: Sequence[str]) -> list[str]:
    """Return what is wrong with kinds of event that a field of that name lists."""
    return _unknown(name, "kind", kinds, EVENT_KINDS)


def unknown_spells(name: str, kinds: Sequence[str]) -> list[str]:
    """Return what is wrong with kinds of spell that a field of that name lists."""
    return _unknown(name, "kind", kinds, SPELL_KINDS)


def unknown_details(kinds: Sequence[str], details: Sequence[str]) -> list[str]:
    """Return what is wrong with details of spells of these kinds: only of some kinds are details recorded."""
    bare = [kind for kind in kinds if kind in SPELL_KINDS and kind not in DETAILS]
    if bare:
        return [f"details: no details are recorded of {listed(bare)}; leave them out, or the kind"]
    known = [detail for kind in kinds for detail in DETAILS.get(kind, ())]
    return _unknown("details", "detail", details, known) if known else []


def _unknown(name: str, what: str, words: Sequence[str], known: Sequence[str]) -> list[str]:
    return [f"{name}: {unknown(what, word, known)}" for word in words if word not in known]
