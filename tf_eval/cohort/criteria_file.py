"""From the words of a programme file to criteria, with every slip of the file named at its place."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from tf_eval.cohort.criteria import (
    AllOf,
    AnyOf,
    AtLeast,
    EventCount,
    InSpell,
    Member,
    Node,
    Nomination,
    TermShare,
)
from tf_eval.errors import ConfigError, unknown

LEAVES = {
    "event_count": EventCount,
    "in_spell": InSpell,
    "term_share": TermShare,
    "member": Member,
    "nomination": Nomination,
}
GROUPS = {"any_of": AnyOf, "all_of": AllOf}
PIECES = (*LEAVES, *GROUPS, "at_least")


class CriteriaReader:
    """Reads pieces and gathers the problems it meets, so that all of a file can be raised together.

    Args:
        named: criteria that may be referred to by name, as a programme's rule does.
    """

    def __init__(self, named: Mapping[str, Node] | None = None) -> None:
        self.named = dict(named or {})
        self.problems: list[str] = []

    def read(self, document: Any, place: str) -> Node | None:
        """Return the piece that stands at ``place``, or None after noting what is wrong with it."""
        if isinstance(document, str):
            return self._by_name(document, place)
        if not isinstance(document, dict) or len(document) != 1:
            by_name = "the name of a criterion, or " * bool(self.named)
            return self._note(place, f"expected {by_name}one of {', '.join(PIECES)} with its details")
        (piece, details), *_ = document.items()
        place = f"{place}.{piece}"
        if piece in LEAVES:
            return self._leaf(LEAVES[piece], details, place)
        if piece in GROUPS:
            return self._group(GROUPS[piece], details, place)
        if piece == "at_least":
            return self._at_least(details, place)
        return self._note(place, unknown("piece", piece, PIECES))

    def _by_name(self, name: str, place: str) -> Node | None:
        if name in self.named:
            return self.named[name]
        return self._note(place, unknown("criterion", name, self.named))

    def _leaf(self, piece: type, details: Any, place: str) -> Node | None:
        return self._build(piece, details, place) if self._has_keys(details, piece, place) else None

    def _group(self, piece: type, parts: Any, place: str) -> Node | None:
        nodes = self._parts(parts, place)
        return self._build(piece, {"parts": nodes}, place) if nodes else None

    def _at_least(self, details: Any, place: str) -> Node | None:
        if not isinstance(details, dict) or set(details) != {"k", "of"}:
            return self._note(place, "expected the keys 'k' and 'of'")
        nodes = self._parts(details["of"], f"{place}.of")
        return self._build(AtLeast, {"k": details["k"], "parts": nodes}, place) if nodes else None

    def _parts(self, parts: Any, place: str) -> tuple[Node, ...] | None:
        if not isinstance(parts, list) or not parts:
            return self._note(place, "expected a list of pieces")
        nodes = [self.read(part, f"{place}[{number}]") for number, part in enumerate(parts)]
        return None if None in nodes else tuple(nodes)

    def _build(self, piece: type, details: Mapping[str, Any], place: str) -> Node | None:
        try:
            return piece(**details)
        except ConfigError as error:
            return self._note(place.rpartition(".")[0], str(error))

    def _has_keys(self, details: Any, piece: type, place: str) -> bool:
        if not isinstance(details, dict):
            self._note(place, "expected 'key: value' lines")
            return False
        known = {field.name: field.default is MISSING for field in fields(piece)}
        wrong = [unknown("key", key, known) for key in details if key not in known]
        wrong += [f"the key '{key}' is missing" for key, needed in known.items() if needed and key not in details]
        self.problems += [f"{place}: {problem}" for problem in wrong]
        return not wrong

    def _note(self, place: str, problem: str) -> None:
        self.problems.append(f"{place}: {problem}")
