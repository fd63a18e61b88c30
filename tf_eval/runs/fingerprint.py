"""What a result depends on, as hashes: the code, the lock, a notebook, a plan, a county."""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tf_eval import project

PACKAGE = Path(__file__).resolve().parents[1]
CODE = ("*.py", "*.j2", "*.css", "*.sql")


def of_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def of_object(value: object) -> str:
    """Return the hash of a JSON-safe value; the order of its keys does not matter."""
    return of_text(json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False))


def of_plan(plan: Any) -> str:
    """Return the hash of a plan, and of those that it names."""
    return of_object([plan.model_dump(mode="json"), *(each.model_dump(mode="json") for each in plan.each)])


def of_files(paths: Iterable[Path], relative_to: Path) -> str:
    """Return the hash of files' names and bytes."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(relative_to).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def of_code() -> str:
    """Return the hash of every file of the package that can change a result or a page."""
    return of_files((path for pattern in CODE for path in PACKAGE.rglob(pattern)), PACKAGE)


def code_version() -> str:
    """Return the package's version with the beginning of its code's hash."""
    return f"tf_eval {version('tf_eval')}, {of_code()[:16]}"


def of_parameters() -> str:
    """Return the hash of what all evaluations share: programmes, outcomes, prices, release rules, not what is asked."""
    folder = project.root() / "params"
    asked = (
        "what_works",
        "payment_by_results",
        "identification",
        "data_quality",
        "head_to_head",
        "publisher",
        "quality_assurance",
        "changes",
    )
    own = ("evaluations", "sources", *(f"{name}.yaml" for name in asked))
    files = (path for ending in ("*.yaml", "*.csv") for path in folder.rglob(ending))
    shared = (path for path in files if not {path.parent.name, path.name} & set(own))
    return of_files(shared, folder)


def of_lock() -> str:
    """Return the hash of the locked requirements, or a word where they are not at hand."""
    lock = project.root() / "requirements.lock"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else "no lock file"
