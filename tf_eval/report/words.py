"""Plain words made from released numbers by templates: the right direction, size, doubt and comparison for every sign.

No sentence here says "significant", and none claims more than a comparison with like families can show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tf_eval.cohort.words import in_sentence
from tf_eval.errors import ConfigError, unknown
from tf_eval.release.shorthand import SUPPRESSED, is_number
from tf_eval.report.numerals import number


@dataclass(frozen=True)
class WhomWords:
    """How they are spoken of of whom an effect is told: all, those with the support and others, and the support."""

    all: str
    treated: str
    like: str
    support: str
    basis: str


FAMILIES = WhomWords(
    all="families",
    treated="families with this support",
    like="like families",
    support="this support",
    basis="The answer on {label} rests in each of its months on at least about {treated} families with this support "
    "and about {like} like families. Other outcomes and later months can rest on fewer, as their tables say.",
)
OTHERS = WhomWords(
    all="units",
    treated="those with it",
    like="others like them",
    support="it",
    basis="The effect rests at every time on at least about {treated} units with it and about {like} without it.",
)


@dataclass(frozen=True)
class UnitWords:
    """How a unit is spoken of. In the templates ``size`` is a number, ``label`` the outcome, ``way`` a direction.

    ``measure`` is the outcome with its unit, ``whom`` it is told of; a ``count`` is counted, and other units are not.
    """

    less: str
    more: str
    effect: str
    same: str
    size: str
    level: str
    axis: str
    measure: str
    whom: WhomWords = FAMILIES
    count: bool = False


def _amount(name: str, short: str) -> UnitWords:
    """A unit of amounts: its name, and how it stands beside a number ("${}")."""
    size = short.format("{size}")
    return UnitWords(
        less="lower",
        more="higher",
        effect=f"{{label}} came out about {size} {{way}}",
        same=f"{{label}} came out about {short.format(0)} different",
        size=short,
        level=short,
        axis=name,
        measure=f"{{label}} in {name}",
        whom=OTHERS,
    )


UNIT_WORDS = {
    "per_100_families_a_year": UnitWords(
        less="fewer",
        more="more",
        effect="about {size} {way} {label} a year for every 100 families",
        same="about the same number of {label} a year for every 100 families",
        size="{}",
        level="{}",
        axis="a year for every 100 families",
        measure="{label} a year for every 100 families",
        count=True,
    ),
    "of_100_families": UnitWords(
        less="fewer",
        more="more",
        effect="about {size} {way} {label} in every 100",
        same="about the same number of {label} in every 100",
        size="{}",
        level="{}",
        axis="in every 100 families",
        measure="{label} in every 100 families",
        count=True,
    ),
    "percentage_points": UnitWords(
        less="lower",
        more="higher",
        effect="{label} was about {size} percentage points {way}",
        same="{label} was about 0 percentage points different",
        size="{} points",
        level="{}%",
        axis="percentage points",
        measure="{label} as a percentage",
    ),
    "of_100_people": UnitWords(
        less="fewer",
        more="more",
        effect="about {size} {way} {label} in every 100 people",
        same="about the same number of {label} in every 100 people",
        size="{}",
        level="{}",
        axis="in every 100 people",
        measure="{label} in every 100 people",
        whom=OTHERS,
        count=True,
    ),
    "percent": _amount("percent", "{}%"),
    "dollars": _amount("dollars", "${}"),
    "kilograms": _amount("kilograms", "{} kg"),
}


@dataclass(frozen=True)
class VerdictWords:
    """A verdict as a reader meets it: its name, a mark beside the colour, what it means, a lead-in, how sure it is.

    In its meaning stand the words of whom it is told, see ``WhomWords``; ``doubt`` is what may be wrong with it.
    """

    name: str
    mark: str
    meaning: str
    lead: str
    sure: str
    doubt: str = ""


VERDICT_WORDS = {
    "works": VerdictWords(
        "Works",
        "\u2713",
        "{treated} did better than {like} without it. The gain is large enough to matter, and it stood up to its "
        "checks.",
        "",
        "Fairly sure.",
    ),
    "promising": VerdictWords(
        "Promising",
        "\u2197",
        "{treated} did better than {like} without it.",
        "So far, ",
        "Not sure yet.",
        "But the change may be too small to matter, or a check was not passed.",
    ),
    "no effect worth having": VerdictWords(
        "No effect worth having",
        "=",
        "If {support} makes a difference, the difference is too small to matter.",
        "Too little to matter: ",
        "Fairly sure that it is too little to matter.",
    ),
    "cannot tell": VerdictWords(
        "Cannot tell",
        "?",
        "The records fit a useful effect, and they fit none. That is not the same as no effect.",
        "The records do not settle it: ",
        "Not sure, one way or the other.",
    ),
    "may do harm": VerdictWords(
        "May do harm",
        "!",
        "{treated} did worse than {like} without it in at least one respect.",
        "It may have made things worse: ",
        "Sure enough to look into it.",
    ),
}

_COUNTED = {
    "works": ("works", "work"),
    "promising": ("is promising", "are promising"),
    "no effect worth having": ("has no effect worth having", "have no effect worth having"),
    "may do harm": ("may do harm", "may do harm"),
}

# Said of an effect whose interval holds both a fall and a rise.
MADE_UP = (
    "A computer made up the people in these records, to try the method out. Nothing here is about a real family or "
    "service."
)
PERHAPS_NONE = ", so perhaps no difference"

# Who the families of an arm of the study are; what all arms share comes first.
ARM_WORDS = {
    "all": "Everyone known to services",
    "treated": "Families with this support",
    "comparison": "Families that could be compared",
}

GLOSSARY = {
    "Like families": "Families who had not started this support by the same month, chosen or weighed to be as like the "
    "families with this support as the records allow. Who was studied says which families they were chosen from.",
    "ASB incident": "Antisocial behaviour that the police recorded, such as noise, nuisance or abuse. It need not have "
    "come to court.",
    "Estimate": "Our best figure from the records we have. The true figure is likely to be near it, not exactly it.",
    "Interval": "The range that most likely holds the true figure. If we could repeat the study 100 times, about 95 "
    "of the ranges would hold it.",
    "Smallest it can find": "The smallest change that a study of this size finds four times in five. Smaller changes "
    "can be there and stay unseen.",
    "Percentage points": "The plain difference between two percentages: from 20% to 17% is 3 percentage points.",
    "Smallest effect worth having": "The smallest change that would make the support worth paying for, as the plan "
    "sets it.",
    "Secondary outcome": "An outcome that the plan does not name as one that decides the verdict. It is shown beside "
    "those that do, and its own verdict allows for all outcomes that were looked at.",
    "Matching": "Choosing, for each family with this support, the families without it that are most like it.",
    "Standards of evidence": "Scales by which others rate how far a study can be trusted, whatever it found.",
    "Standard deviation": "A measure of how far families differ from one another. Two groups that are 0.1 of it apart "
    "are nearly alike.",
    "Check": "A question put to the study that could have shown it to be wrong, such as whether the groups were alike.",
    "By chance": "By luck of the draw: which families happened to start, and what happened to happen to them.",
    "Depends on who is looking": "A record that can change because of who looks, not because need changed. We never "
    "count it as harm or as benefit by itself.",
    "[c]": "Confidential: hidden so that no family can be recognised.",
    "[x]": "Not available: it could not be estimated.",
    "[z]": "Not applicable.",
}


def unit_words(unit: str) -> UnitWords:
    """Return how this unit is spoken of; raise ``ConfigError`` where there are no words for it."""
    if unit not in UNIT_WORDS:
        raise ConfigError(f"report: {unknown('unit', unit, UNIT_WORDS)}")
    return UNIT_WORDS[unit]


def verdict_words(verdict: str) -> VerdictWords:
    """Return how this verdict is spoken of; raise ``ConfigError`` where there are no words for it."""
    if verdict not in VERDICT_WORDS:
        raise ConfigError(f"report: {unknown('verdict', verdict, VERDICT_WORDS)}")
    return VERDICT_WORDS[verdict]


def verdict_meaning(verdict: str, whom: WhomWords = FAMILIES, reason: str = "") -> str:
    """Return what this verdict means, said of these; raise ``ConfigError`` where there are no words for it.

    What may put a verdict in doubt gives way to the ``reason`` that does, where that is known.
    """
    words = verdict_words(verdict)
    said = capital(words.meaning.format(**vars(whom)))
    return f"{said} {reason or words.doubt}" if words.doubt else said


def without(unit: str) -> str:
    """Return how having no support is called beside an effect in this unit: "without this support"."""
    return f"without {unit_words(unit).whom.support}"


def arm_words(arm: str) -> str:
    """Return who the families of an arm are; raise ``ConfigError`` where there are no words for it."""
    if arm not in ARM_WORDS:
        raise ConfigError(f"report: {unknown('arm', arm, ARM_WORDS)}")
    return ARM_WORDS[arm]


def outcome_name(row: Mapping[str, Any]) -> str:
    """Return an outcome's label as it stands beside others: it says which of them had no say in the verdict."""
    return row["label"] if row["primary"] else f"{row['label']} (secondary)"


def effect_sentence(facts: Mapping[str, Any]) -> str:
    """Return effect, interval and base rate in one sentence.

    Arguments: ``facts`` with outcome_label, unit, effect, ci_low, ci_high, base_rate, as they were released.
    For example "About 41 fewer ASB incidents a year for every 100 families (between 12 and 70 fewer). Without this
    support: about 290."
    """
    return capital(_effect_clause(facts))


def verdict_sentence(verdict: str, facts: Mapping[str, Any]) -> str:
    """Return the effect in one sentence that opens as its verdict asks."""
    lead = verdict_words(verdict).lead if is_number(facts["effect"]) else ""
    return capital(lead + _effect_clause(facts))


def power_sentence(facts: Mapping[str, Any]) -> str:
    """Return what a study of this size could have found; nothing where it is hidden or not known.

    Arguments: ``facts`` with label, unit and smallest_detectable, as they were released.
    """
    size = facts["smallest_detectable"]
    if not is_number(size):
        return ""
    words = unit_words(facts["unit"])
    return (
        f"A study of this size usually finds a change in {in_sentence(facts['label'])} of about {number(size)} "
        f"{words.axis} or more; a smaller one it can miss."
    )


def short_effect(unit: str, effect: object) -> str:
    """Return an effect for a small place: "41 fewer", "2.1 points lower", "no difference", or its shorthand."""
    if not is_number(effect):
        return str(effect)
    words = unit_words(unit)
    return f"{words.size.format(number(abs(effect)))} {_way(words, effect)}" if effect else "no difference"


def interval_words(unit: str, low: object, high: object) -> str:
    """Return an interval in words: "between 12 and 70 fewer", "between 30 fewer and 12 more"."""
    words = unit_words(unit)
    if low == high == 0:
        return "no difference either way"
    if low < 0 < high:
        return f"between {number(-low)} {words.less} and {number(high)} {words.more}"
    near, far = sorted((abs(low), abs(high)))
    start = number(near) if near else "no difference"
    return f"between {start} and {number(far)} {_way(words, low or high)}"


def level_words(unit: str, level: object) -> str:
    """Return a base rate with its sign: "290", "17.3%", or its shorthand."""
    return unit_words(unit).level.format(number(level)) if is_number(level) else str(level)


def tally(verdicts: Sequence[str]) -> str:
    """Return how many interventions have which verdict, as "Of 3 interventions looked at, 1 works. ..." does."""
    counted = {verdict: verdicts.count(verdict) for verdict in VERDICT_WORDS}
    said = [f"{count} {words[count > 1]}" for verdict, words in _COUNTED.items() if (count := counted[verdict])]
    total = f"{len(verdicts)} intervention{'s' * (len(verdicts) > 1)} looked at"
    start = f"Of {total}, {', '.join(said)}." if said else f"{total}."
    unsettled = counted["cannot tell"]
    return start + (f" For {unsettled} we cannot tell." if unsettled else "")


def made_up_words(synthetic: bool) -> str:
    """Return what is said of people who are not real, before anything that is said of them; nothing of real ones."""
    return MADE_UP if synthetic else ""


def capital(text: str) -> str:
    """Return text as a sentence begins."""
    return text[:1].upper() + text[1:]


def _effect_clause(facts: Mapping[str, Any]) -> str:
    label, unit = in_sentence(facts["outcome_label"]), facts["unit"]
    if facts["effect"] == "[c]":
        return f"the effect on {label} is confidential, because too few {unit_words(unit).whom.all} stand behind it."
    if not is_number(facts["effect"]):
        return f"the effect on {label} could not be estimated."
    size = _size_clause(label, unit, facts["effect"])
    if not (is_number(facts["ci_low"]) and is_number(facts["ci_high"])):
        return f"{size} (how sure this is could not be estimated){_against(unit, facts['base_rate'])}."
    low, high = facts["ci_low"], facts["ci_high"]
    doubt = f"{interval_words(unit, low, high)}{PERHAPS_NONE * (low < 0 < high and facts['effect'] != 0)}"
    return f"{size} ({doubt}){_against(unit, facts['base_rate'])}."


def _size_clause(label: str, unit: str, effect: float) -> str:
    words = unit_words(unit)
    if effect == 0:
        return words.same.format(label=label)
    size = number(abs(effect))
    if words.count and size == "1":  # labels are of several
        return f"{label} came to about 1 {_way(words, effect)} {words.axis}"
    return words.effect.format(label=label, size=size, way=_way(words, effect))


def _against(unit: str, base_rate: object) -> str:
    if base_rate == SUPPRESSED:
        return f". {capital(without(unit))}: confidential"
    return f". {capital(without(unit))}: about {level_words(unit, base_rate)}" if is_number(base_rate) else ""


def _way(words: UnitWords, effect: float) -> str:
    return words.less if effect < 0 else words.more
