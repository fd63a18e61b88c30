"""The rules of verdicts as data: read from a file, printed on the page, and the only thing that decides."""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BeforeValidator, Field, model_validator

from tf_eval.cohort.words import listed
from tf_eval.data.strict_model import StrictModel
from tf_eval.errors import unknown
from tf_eval.evidence.conditions import CONDITIONS, Facts, possible_facts
from tf_eval.evidence.multiplicity import holm

ADJUSTMENTS = {"holm": holm}
# What a reason may have filled in, and the condition without which there is nothing to fill in.
PLACES = {"{why_not_estimated}": "not_estimated", "{failed_check}": "a_check_failed"}


class Word(StrEnum):
    """The five verdicts."""

    WORKS = "works"
    PROMISING = "promising"
    NO_EFFECT = "no effect worth having"
    CANNOT_TELL = "cannot tell"
    HARM = "may do harm"


def _one_of(what: str, known: Collection[str]) -> BeforeValidator:
    """Refuse a word that is not one of the known ones with the nearest of them."""

    def check(word: Any) -> Any:
        if word not in list(known):
            raise ValueError(unknown(what, word, known))
        return word

    return BeforeValidator(check)


KnownWord = Annotated[Word, _one_of("verdict", [str(word) for word in Word])]
KnownCondition = Annotated[str, _one_of("condition", CONDITIONS)]
Sentence = Annotated[str, Field(min_length=1)]


class Rule(StrictModel):
    """One rule: where all its conditions hold (and no rule before it decided), the outcome has its verdict.

    ``reason`` may hold ``{why_not_estimated}`` or ``{failed_check}``; ``would_change`` is what would lead to another
    verdict.
    """

    name: Sentence
    when: tuple[KnownCondition, ...]
    verdict: KnownWord
    reason: Sentence
    would_change: Sentence

    @property
    def words(self) -> str:
        """The conditions in words."""
        said = "; and ".join(CONDITIONS[name].words for name in self.when)
        return f"If {said}" if said else "In all other cases"

    def holds(self, facts: Facts) -> bool:
        return all(CONDITIONS[name].holds(facts) for name in self.when)


class Whole(StrictModel):
    """How the verdicts on outcomes make one: the first of ``any_of`` that an outcome has, else what all of them say."""

    any_of: tuple[KnownWord, ...]
    all_of: tuple[KnownWord, ...]
    otherwise: KnownWord

    @property
    def words(self) -> str:
        """The order of verdicts in words."""
        first = ", then ".join(f"\u201c{word}\u201d" for word in self.any_of)
        alike = listed([f"\u201c{word}\u201d" for word in self.all_of])
        return (
            f"For the intervention as a whole one outcome is enough, in this order: {first}. Only where every outcome "
            f"has it: {alike}. Otherwise: \u201c{self.otherwise}\u201d. What depends on who is looking never decides."
        )

    def decide(self, words: Collection[Word]) -> Word:
        """Return the verdict on the whole from those on its outcomes."""
        found = [word for word in self.any_of if word in words]
        alike = [word for word in self.all_of if set(words) == {word}]
        return next(iter([*found, *alike]), self.otherwise)


class VerdictRules(StrictModel):
    """A table of rules that decides every effect that there can be; its first rule that holds decides.

    Attributes:
        level: the chance of a false claim that is accepted over all outcomes of one intervention.
        multiplicity: how p-values allow for the number of outcomes; ``"holm"``.
        rules: in the order in which they are tried; the last has no condition.
        whole: how the verdicts on outcomes make that on the intervention.
    """

    level: float = Field(gt=0, lt=0.5)
    multiplicity: Literal["holm"]
    rules: tuple[Rule, ...] = Field(min_length=1)
    whole: Whole

    @model_validator(mode="after")
    def _decides_every_case(self) -> "VerdictRules":
        if problems := list(_problems(self)):
            raise ValueError(" ".join(problems))
        return self

    def decide(self, facts: Facts) -> Rule:
        """Return the rule that decides."""
        return next(rule for rule in self.rules if rule.holds(facts))

    def table(self) -> pd.DataFrame:
        """Return one row per rule, in the order in which they are tried."""
        return pd.DataFrame([{**rule.model_dump(mode="json"), "words": rule.words} for rule in self.rules])

    def summary(self) -> str:
        """Return how the rules are read, in words."""
        return (
            "The rules are tried in this order for each outcome, and the first that applies decides. A change counts "
            f"as clear of zero where its p-value, after {self.multiplicity.capitalize()}'s allowance for the number of "
            f"outcomes, is below {self.level:g}. {self.whole.words}"
        )

    def to_dict(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def _problems(rules: VerdictRules) -> Iterator[str]:
    names = [rule.name for rule in rules.rules]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"Two rules have the name '{name}'."
    for rule in rules.rules:
        yield from _places(rule)
    if rules.rules[-1].when:
        yield f"The last rule ('{names[-1]}') has to be for all other cases: give it no condition (when: [])."
    else:
        reached = {rules.decide(facts).name for facts in possible_facts()}
        for name in names:
            if name not in reached:
                yield f"The rule '{name}' can never be reached: nothing that meets its conditions is left to it."
    yield from _order(rules)


def _places(rule: Rule) -> Iterator[str]:
    left = rule.reason
    for place, condition in PLACES.items():
        if place in rule.reason and condition not in rule.when:
            yield f"The reason of the rule '{rule.name}' holds {place}, so its conditions must name {condition}."
        left = left.replace(place, "")
    if "{" in left or "}" in left:
        yield f"The reason of the rule '{rule.name}' may fill in {listed(list(PLACES))} and nothing else."


def _order(rules: VerdictRules) -> Iterator[str]:
    """A verdict without a place in the whole would count as one that says nothing."""
    placed = [*rules.whole.any_of, *rules.whole.all_of, rules.whole.otherwise]
    for word in Word:
        if placed.count(word) > 1:
            yield f"The verdict '{word}' stands twice under whole."
        elif word not in placed and any(rule.verdict == word for rule in rules.rules):
            yield f"The verdict '{word}' has no place under whole."
