"""What a county is made from, as one hash: nothing is read again while it stays the same."""

import hashlib
import hmac
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from tf_eval.data.digest import sha256
from tf_eval.data.extracts import Extracts
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.sources import Sources

CODE = Path(__file__).parent
LIBRARIES = ("duckdb", "splink")  # which decide how rows are read and who is linked


def made_by() -> str:
    """Return what the code that reads and links is, and on which libraries it depends what comes out."""
    return " ".join([sha256(sorted(CODE.rglob("*.py"))), *(f"{name} {version(name)}" for name in LIBRARIES)])


def stamp_of(sources: Sources, extracts: Extracts, store: LinkingStore, decisions: pa.Table) -> str:
    """Return the hash of the extracts, the mapping and its file, the code that reads, the key and what was decided.

    Args:
        sources: the checked sources file.
        extracts: the extracts that are held.
        store: the county's linking store.
        decisions: the clerk's answers.
    """
    made_from = [
        made_by(),
        sources.county,
        sources.short,
        *(part.model_dump_json() for part in (*sources.agreements, *sources.entries)),
        *(f"{name} {extracts.digests[name]}" for name in sorted(extracts.digests)),
        repr((extracts.unlisted, extracts.unread, extracts.absent)),
        repr(sorted(decisions.to_pylist(), key=repr)),
        sha256([store.erased] if store.erased.is_file() else []),
    ]
    key = store.pseudonymiser().key
    return hmac.new(key, "\n".join(made_from).encode(), hashlib.sha256).hexdigest()
