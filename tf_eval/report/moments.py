"""Moments as a page tells them."""

from datetime import date

from tf_eval.cohort.words import in_words


def day_words(moment: str) -> str:
    """Return the day of a moment in UTC (ISO 8601): 1 June 2015."""
    return in_words(date.fromisoformat(moment[:10]))


def moment_words(moment: str) -> str:
    """Return a moment in UTC (ISO 8601) to the minute: 1 June 2015, 02:00 UTC."""
    return f"{day_words(moment)}, {moment[11:16]} UTC"


def made_words(moment: str) -> str:
    """Return when a page was made, for its foot."""
    return f"Made on {moment_words(moment)}"
