"""Who has read a page before it was published, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tf_eval.cohort.words import in_words

NOT_YET = "This page has not yet been read by a second person."
EARLIER = "What was read was an earlier run of this page. This one has not yet been read by a second person."


def readings_words(payload: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each reading, and whether any was of the run that the page is made of now."""
    said = [_reading(row) for row in payload["rows"]]
    if any(row["run"] == payload["run"] for row in payload["rows"]):
        return said
    return [*said, EARLIER if said else NOT_YET]


def _reading(row: Mapping[str, str]) -> str:
    remark = f" {row['said']}" if row["said"] else ""
    return f"Run {row['run']} was read by {row['by']} on {in_words(date.fromisoformat(row['day']))}.{remark}"
