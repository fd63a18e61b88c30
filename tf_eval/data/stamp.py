"""What a county is made from, as one hash: nothing is read again while it stays the same."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.sources import Sources

CODE = Path(__file__).parent


def stamp_of(sources: Sources, digests: Mapping[str, str], store: LinkingStore, decisions: pa.Table) -> str:
    """Return the hash of the extracts, their mapping, the code of this room, the key and what the linker decided.

    Args:
        sources: the checked sources file.
        digests: the SHA-256 of each extract.
        store: the county's linking store.
        decisions: the clerk's answers.
    """
    made_from = [
        sha256(sorted(CODE.rglob("*.py"))),
        sources.county,
        *(part.model_dump_json() for part in (*sources.agreements, *sources.entries)),
        *(f"{name} {digests[name]}" for name in sorted(digests)),
        repr(decisions.to_pylist()),
        sha256([store.erased] if store.erased.is_file() else []),
    ]
    key = store.pseudonymiser().key
    return hmac.new(key, "\n".join(made_from).encode(), hashlib.sha256).hexdigest()


def sha256(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
