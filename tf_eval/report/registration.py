"""Whether a plan was fixed beforehand, in words that claim no more than the register and the records can show."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tf_eval.cohort.words import in_words, listed

NONE = "this plan was not registered. Nothing shows that it was fixed before results were seen."
WORDS = {
    "before": "this plan was registered on {registered}, before these data were drawn ({drawn}). It has not changed "
    "since.",
    "after": "this plan was registered on {registered}, when these data could already have been drawn ({drawn}). It "
    "has not changed since, but results could have been seen before it was fixed.",
    "changed": "this plan was changed after it was registered on {registered}. These data were drawn {drawn}. What was "
    "done is not what was registered, so the verdict may rest on a choice that was made with results in view.",
}


def registration_words(payload: Mapping[str, Any]) -> str:
    """Name the plan and say whether it was registered, when, whether before the data were drawn, whether it changed."""
    if payload["status"] not in WORDS:
        return f"{payload['label']}: {NONE}"
    told = WORDS[payload["status"]].format(registered=_day(payload["registered_on"]), drawn=_drawn(payload["drawn_on"]))
    days = list(dict.fromkeys(_day(each) for each in payload["earlier"]))
    versions = "Another version had" if len(payload["earlier"]) == 1 else "Other versions had"
    amended = f" {versions} been registered before, on {listed(days)}." if days else ""
    return f"{payload['label']}: {told}{amended} The registered version has the fingerprint {payload['fingerprint']}."


def _drawn(day: str) -> str:
    return f"on {_day(day)} or later, as their records tell" if day else "on a day that their records do not tell"


def _day(text: str) -> str:
    return in_words(date.fromisoformat(text))
