"""What the rules of verdicts may ask of an effect: a small closed set of conditions, each with its words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from itertools import product
from typing import NamedTuple


@dataclass(frozen=True)
class Facts:
    """What is known of one effect when it is judged; without an estimate nothing but the first two is true.

    Attributes:
        estimated: there is an estimate.
        detection_sensitive: more contact with families can change what is recorded of the outcome.
        moved: the interval leaves zero out.
        within: the whole interval is closer to zero than the smallest change worth having.
        clear: the p-value stays below the level after allowing for the number of outcomes; never where the outcome
            depends on who is looking, which is no test.
        worse: the change goes the wrong way.
        worthwhile: the estimate is at least as large as the smallest change worth having.
        sound: every check was passed.
    """

    estimated: bool
    detection_sensitive: bool
    moved: bool = False
    within: bool = False
    clear: bool = False
    worse: bool = False
    worthwhile: bool = False
    sound: bool = True


class Condition(NamedTuple):
    """A condition in words, as the last part of "if ...", and how it is found among the facts."""

    words: str
    holds: Callable[[Facts], bool]


CONDITIONS = {
    "not_estimated": Condition("the effect could not be estimated", lambda facts: not facts.estimated),
    "detection_sensitive": Condition("the outcome depends on who is looking", lambda facts: facts.detection_sensitive),
    "moved": Condition("its interval does not include no change", lambda facts: facts.moved),
    "within_smallest_worthwhile": Condition(
        "the whole interval is smaller than the smallest change worth having", lambda facts: facts.within
    ),
    "clear_harm": Condition(
        "the change is for the worse and clear of zero after allowing for the number of outcomes",
        lambda facts: facts.clear and facts.worse,
    ),
    "clear_benefit": Condition(
        "the change is for the better and clear of zero after allowing for the number of outcomes",
        lambda facts: facts.clear and not facts.worse,
    ),
    "all_checks_passed": Condition("every check was passed", lambda facts: facts.estimated and facts.sound),
    "a_check_failed": Condition("a check was not passed", lambda facts: facts.estimated and not facts.sound),
    "at_least_worthwhile": Condition(
        "the estimate is at least the smallest change worth having", lambda facts: facts.worthwhile
    ),
    "below_worthwhile": Condition(
        "the estimate is smaller than the smallest change worth having",
        lambda facts: facts.estimated and not facts.worthwhile,
    ),
}


def possible_facts() -> Iterator[Facts]:
    """Yield all facts that an effect can have, so that a table of rules can be tried on every one of them."""
    names = [field.name for field in fields(Facts)]
    for answers in product((False, True), repeat=len(names)):
        facts = Facts(**dict(zip(names, answers, strict=True)))
        if _can_be(facts):
            yield facts


def _can_be(facts: Facts) -> bool:
    if not facts.estimated:
        return facts == Facts(estimated=False, detection_sensitive=facts.detection_sensitive)
    # An estimate lies in its interval, and an outcome that depends on who is looking is no test.
    return not (facts.within and facts.worthwhile) and not (facts.detection_sensitive and facts.clear)
