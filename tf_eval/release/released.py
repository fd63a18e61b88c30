"""What has passed the gate: plain facts, already rounded and suppressed, that a page may show."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tf_eval.errors import DisclosureError

MIME_TYPE = "application/vnd.tf-eval.release+json"
FIELDS = ("kind", "title", "payload", "notes")


@dataclass(frozen=True, eq=False)
class Released:
    """One released thing.

    Arguments: ``kind`` says how to show it ("verdict", "effects", "event_study", "flow", "allocation", "balance",
    "population", "detectable", "naive", "linkage", "registration", "standards", "methods", "rules", "provenance");
    ``payload`` is
    JSON-safe; ``notes`` are the reasons for what is missing and what else a reader has to know. A notebook that
    displays it stores it under ``MIME_TYPE`` with its digest, so that a page can tell whether it is still what was
    released.
    """

    kind: str
    title: str
    payload: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            copied = json.loads(json.dumps(dict(self.payload), allow_nan=False))
        except (TypeError, ValueError) as error:
            raise DisclosureError(f"release of kind '{self.kind}': its payload is not plain JSON.") from error
        object.__setattr__(self, "payload", copied)
        object.__setattr__(self, "notes", tuple(self.notes))

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON (sorted keys, no spaces) of kind, title, payload and notes."""
        return digest_of(self._facts())

    def summary(self) -> str:
        """One line for a place that cannot show more."""
        return f"{self.title} (released {self.kind.replace('_', ' ')}, {self.digest[:12]})"

    def to_dict(self) -> dict[str, Any]:
        """Return the release as JSON-safe data with its digest."""
        facts = self._facts()
        return {**facts, "digest": digest_of(facts)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Released":
        """Return the release that ``to_dict`` wrote; raise ``DisclosureError`` where it was changed since."""
        if not isinstance(data, Mapping) or set(data) != {*FIELDS, "digest"}:
            raise DisclosureError(f"release: expected an object with {', '.join(FIELDS)} and digest. Publish it again.")
        if digest_of({name: data[name] for name in FIELDS}) != data["digest"]:
            raise DisclosureError("release: it was changed after it passed the gate. Run the notebook again.")
        return cls(data["kind"], data["title"], data["payload"], tuple(data["notes"]))

    def _facts(self) -> dict[str, Any]:
        copied = json.loads(json.dumps(self.payload))
        return {"kind": self.kind, "title": self.title, "payload": copied, "notes": list(self.notes)}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {MIME_TYPE: self.to_dict(), "text/plain": self.summary()}

    def __repr__(self) -> str:
        return self.summary()


def digest_of(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of ``facts``."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
