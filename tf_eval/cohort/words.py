"""Kinds of record, labels and counts in the words of a reader."""

from collections.abc import Sequence
from datetime import date

ROUND_TO = 5
FEWEST_SHOWN = 10
_SPELLED = {"asb": "ASB", "asbo": "ASBO", "callout": "call-out", "esf": "ESF"}
_PLURALS = {"child": "children"}
_IN_A_SPELL = {
    "out_of_work_benefit": "on out-of-work benefit",
    "employment": "in employment",
    "work_programme": "on the Work Programme",
    "esf_provision": "on ESF provision",
    "pupil_referral_unit": "in a pupil referral unit",
    "alternative_provision": "in alternative provision",
    "off_roll": "not on a school roll",
    "not_in_education_employment_training": "not in education, employment or training",
    "early_help_plan": "on an early help plan",
    "child_in_need": "a child in need",
    "child_protection_plan": "on a child protection plan",
    "mental_health_treatment": "in treatment for mental health",
    "substance_misuse_treatment": "in treatment for substance misuse",
    "homelessness_duty": "owed a homelessness duty",
    "temporary_accommodation": "in temporary accommodation",
    "rent_arrears": "in rent arrears",
    "custody": "in custody",
}


def events(kinds: Sequence[str], at_least: int) -> str:
    """Return a number of events, such as ``4 or more fixed exclusions``."""
    number = "one" if at_least == 1 else str(at_least)
    return f"{number} or more {either([plural(counted(kind)) for kind in kinds])}"


def counted(kind: str) -> str:
    """Return one event of a kind, such as ``fixed exclusion``."""
    return _plain(kind)


def plural(noun: str) -> str:
    """Return several of what a noun names; what follows its first word after ``aged`` stays as it is."""
    head, aged, ages = noun.partition(" aged ")
    return f"{_PLURALS.get(head, f'{head}s')}{aged}{ages}"


def of_the_family(noun: str) -> str:
    """Return people of the family, such as ``member of the family aged under 5``."""
    head, aged, ages = noun.partition(" aged ")
    return f"{head} of the family{aged}{ages}"


def with_article(noun: str) -> str:
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"


def in_a_spell(kinds: Sequence[str]) -> str:
    """Return what somebody in such a spell is, such as ``in a pupil referral unit or not on a school roll``."""
    return either([_IN_A_SPELL.get(kind, _plain(kind)) for kind in kinds])


def either(words: Sequence[str]) -> str:
    return " or ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def listed(labels: Sequence[str]) -> str:
    """Return labels as a sentence lists them: "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(labels[:-1]), *labels[-1:]) if part)


def in_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence; initials such as ASB keep their capitals."""
    return label if label[:2].isalpha() and label[:2].isupper() else label[:1].lower() + label[1:]


def in_words(day: date) -> str:
    """Return a day as a sentence has it: 1 June 2012."""
    return f"{day.day} {day:%B %Y}"


def about(count: int) -> str:
    """Return a count of families that is safe to show by default: rounded to 5, and a small one not at all."""
    if count < FEWEST_SHOWN:
        return f"fewer than {FEWEST_SHOWN}"
    return f"about {ROUND_TO * round(count / ROUND_TO):,}"


def _plain(kind: str) -> str:
    return " ".join(_SPELLED.get(word, word) for word in kind.split("_"))
