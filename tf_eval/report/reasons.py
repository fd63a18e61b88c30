"""Why a verdict is what it is, as sentences: outcomes that share a reason share a sentence."""

from collections.abc import Mapping
from typing import Any

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.report.words import capital


def reason_sentences(facts: Mapping[str, Any]) -> list[str]:
    """Return the reasons of a released verdict, in their order, each said once."""
    shared: dict[str, list[str]] = {}
    for reason in facts["reasons"]:
        shared.setdefault(reason["text"], []).extend([in_sentence(reason["outcome"])] if reason["outcome"] else [])
    return [f"{capital(listed(labels))}: {in_sentence(text)}" if labels else text for text, labels in shared.items()]
