"""Changes without a verdict: their outcome depends on who is looking, so that they are neither harm nor benefit."""

from collections.abc import Mapping
from typing import Any

from tf_eval.release.shorthand import is_number
from tf_eval.report.frequencies import may_be_none

DEPENDS = "depends on who is looking"
UNJUDGED = f"changed, but not judged, as it {DEPENDS}"


def is_unjudged(row: Mapping[str, Any]) -> bool:
    """Return whether a released row tells a change, with a range that leaves out none, and no verdict on it."""
    if not row["detection_sensitive"] or row["verdict"] != "cannot tell":
        return False
    return is_number(row["ci_low"]) and is_number(row["ci_high"]) and not may_be_none(row)
