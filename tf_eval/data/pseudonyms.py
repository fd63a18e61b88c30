"""Keyed pseudonyms: numbers that stand for people and families, which nobody without the key can trace back."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from tf_eval.errors import InputError

KEY_BYTES = 32
# 53 bits: exact in any program that keeps numbers as doubles (Excel, JavaScript, a pandas column with gaps).
_BITS = 53


@dataclass(frozen=True)
class Pseudonymiser:
    """HMAC-SHA-256 under a secret ``key``, which no representation shows."""

    key: bytes = field(repr=False)

    def token(self, kind: str, text: str) -> str:
        """Return the whole code of a text of some kind, as 64 hexadecimal digits."""
        return self._digest(kind, text).hex()

    def numbers(self, kind: str, texts: Iterable[str]) -> np.ndarray:
        """Return a number from 0 to 2**53 - 1 for each of some different texts.

        Raises:
            InputError: two texts have one number, which happens once in some 20,000 counties of a million people.
        """
        codes = (self._digest(kind, text)[:8] for text in texts)
        numbers = np.fromiter((int.from_bytes(code, "big") >> (64 - _BITS) for code in codes), dtype=np.int64)
        if len(np.unique(numbers)) < len(numbers):
            raise InputError(f"the linking key gives two {kind}s one number: use another key and build again.")
        return numbers

    def _digest(self, kind: str, text: str) -> bytes:
        return hmac.digest(self.key, f"{kind}\x1f{text}".encode(), hashlib.sha256)
