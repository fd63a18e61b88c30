"""An effect as natural frequencies: how it goes with 100 families without the support, and how with it.

People judge "about 31 of 100, and about 24 with it" more rightly than shares or differences of shares (Gigerenzer and
Hoffrage 1995, Psychological Review 102, 684-704). Yearly counts are told for every 100 families, and not as shares:
a family can have several.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import number
from tf_eval.report.words import capital, effect_sentence, unit_words, verdict_sentence, verdict_words

STATE_OF = "Families with "
LEVELS = ("base_rate", "with_rate", "with_low", "with_high")
BOUNDS = ("effect", "ci_low", "ci_high")


@dataclass(frozen=True)
class FrequencyWords:
    """How it goes without the support and with it. ``level`` is a number, ``label`` the outcome, ``support`` its name.

    In a state families either ``had`` something or ``were`` something, as the outcome's label says.
    """

    without: str
    with_it: str
    had: tuple[str, str] = ("", "")
    were: tuple[str, str] = ("", "")


_STATE = {"had": ("had", "had"), "were": ("been", "were")}
FREQUENCY_WORDS = {
    "per_100_families_a_year": FrequencyWords(
        without="every 100 families like these would have had about {level} {label} a year without {support}",
        with_it="With it they had about {level}",
    ),
    "of_100_families": FrequencyWords(
        without="of 100 families like these, about {level} would have {state} {label} at any one time without "
        "{support}",
        with_it="With it about {level} {state}",
        **_STATE,
    ),
    "of_100_people": FrequencyWords(
        without="of 100 people like these, about {level} would have {state} {label} without {support}",
        with_it="With it about {level} {state}",
        **_STATE,
    ),
}


def verdict_frequencies(verdict: str, facts: Mapping[str, Any]) -> str:
    """Return the effect in natural frequencies with its range, opening as the verdict asks.

    For example "Every 100 families like these would have had about 290 ASB incidents a year without this support. With
    it they had about 249, somewhere between 220 and 278." Where the range holds no difference it says so. In a unit
    that is no frequency, and where a number is hidden or a clear effect is too small to be seen in whole families, it
    is the sentence of the effect.

    Arguments: ``facts`` as ``verdict_sentence`` takes them, with with_rate, with_low and with_high.
    """
    if facts["unit"] not in FREQUENCY_WORDS or not _can_be_told(facts):
        return verdict_sentence(verdict, facts)
    return capital(f"{verdict_words(verdict).lead}{_without(facts)}. {_with(facts)}.")


def difference_sentence(facts: Mapping[str, Any]) -> str:
    """Return the effect with its interval alone; nothing where there is none to tell."""
    if not is_number(facts["effect"]):
        return ""
    return effect_sentence({**facts, "base_rate": None})


def may_be_none(facts: Mapping[str, Any]) -> bool:
    """Return whether the range of the effect holds no difference."""
    return facts["ci_low"] <= 0 <= facts["ci_high"]


def _can_be_told(facts: Mapping[str, Any]) -> bool:
    if not all(is_number(facts[name]) for name in (*LEVELS, *BOUNDS)):
        return False
    holds_it = facts["with_low"] <= facts["base_rate"] <= facts["with_high"]
    return may_be_none(facts) or not holds_it


def _without(facts: Mapping[str, Any]) -> str:
    words = FREQUENCY_WORDS[facts["unit"]]
    (state, _), label = _state(words, facts["outcome_label"])
    support = unit_words(facts["unit"]).whom.support
    return words.without.format(level=number(facts["base_rate"]), label=label, state=state, support=support)


def _with(facts: Mapping[str, Any]) -> str:
    words = FREQUENCY_WORDS[facts["unit"]]
    (_, state), _ = _state(words, facts["outcome_label"])
    said = words.with_it.format(level=number(facts["with_rate"]), state=state)
    low, high = number(facts["with_low"]), number(facts["with_high"])
    doubt = ", so there may be no difference" if may_be_none(facts) else ""
    return f"{said}, somewhere between {low} and {high}{doubt}"


def _state(words: FrequencyWords, label: str) -> tuple[tuple[str, str], str]:
    """Return the verbs for without and with, and the label as it stands after them."""
    if words.had[0] and label.startswith(STATE_OF):
        return words.had, label.removeprefix(STATE_OF)
    return words.were, in_sentence(label)
