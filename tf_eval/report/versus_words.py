"""One intervention against another, in words made from released facts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.shorthand import NOT_AVAILABLE, SUPPRESSED, is_number
from tf_eval.report.money import pounds
from tf_eval.report.numerals import number
from tf_eval.report.subgroups import parts_named
from tf_eval.report.words import capital, effect_sentence, interval_words, level_words, short_effect, unit_words

Facts = Mapping[str, Any]
HIDDEN = "is confidential, because too few families stand behind it"


def versus_words(facts: Facts) -> str:
    """Say which is better on what, on what they do about the same, and on what nobody can tell: the first screen."""
    told, (early, late) = list(_told(facts)), facts["months"]
    among = [f"That is so for families that might have had either, in months {early} to {late}."] if told else []
    return " ".join([*told, *among, *_not_told(facts["rows"])])


def _told(facts: Facts) -> Iterator[str]:
    """What can be said of families that might have had either."""
    titles, rows = facts["titles"], facts["rows"]
    for place, title in enumerate(titles):
        won = [row for row in rows if row["better"] == place]
        if won:
            told = listed([f"{in_sentence(row['label'])} ({won_by(row)})" for row in won])
            yield f"{title} did better than {in_sentence(titles[1 - place])} on {told}."
    same = _of(rows, "about the same")
    if same:
        who = "The two" if not any(row["better"] is not None for row in rows) else "They"
        yield f"{who} did about the same on {_labels(same)}."


def _not_told(rows: Sequence[Facts]) -> Iterator[str]:
    unknown, hidden = (_of(rows, standing) for standing in ("cannot tell", SUPPRESSED))
    if unknown:
        yield f"Nobody can tell from the records which is better on {_labels(unknown)}."
    if hidden:
        yield f"What can be said of {_labels(hidden)} {HIDDEN}."


def won_by(row: Facts) -> str:
    """Return by how much the better one is better: "67 fewer a year for every 100 families, between ..."."""
    direct, unit = row["headline"]["direct"], row["unit"]
    effect, low, high = (direct[name] for name in ("effect", "ci_low", "ci_high"))
    if row["better"] == 1:
        effect, low, high = -effect, -high, -low
    words = unit_words(unit)
    where = f" {words.axis}" if words.count else ""
    return f"{short_effect(unit, effect)}{where}, {interval_words(unit, low, high)}"


def _of(rows: Sequence[Facts], standing: str) -> list[Facts]:
    return [row for row in rows if row["standing"] == standing]


def _labels(rows: Sequence[Facts]) -> str:
    return listed([in_sentence(row["label"]) for row in rows])


def difference_words(row: Facts, facts: Facts) -> str:
    """Return the difference among families that might have had either, beside what the second came to.

    Nothing where it could not be estimated, of which the reason tells.
    """
    first, second = facts["titles"]
    direct = row["headline"]["direct"]
    if direct["effect"] == NOT_AVAILABLE:
        return ""
    told = effect_sentence({**direct, "base_rate": None, "unit": row["unit"], "outcome_label": row["label"]})
    if not is_number(direct["effect"]):
        return told
    against = ""
    if is_number(direct["base_rate"]):
        against = f", against about {level_words(row['unit'], direct['base_rate'])} with {in_sentence(second)}"
    return f"{first} rather than {in_sentence(second)}: {in_sentence(told.rstrip('.'))}{against}."


def cost_words(costs: Sequence[Facts]) -> str:
    """Return what each costs a family, with its range; nothing where nobody asked."""
    if not costs:
        return ""
    told = [f"about {pounds(row['cost'])} ({in_sentence(row['intervention'])}{_range(row)})" for row in costs]
    prices = listed(list(dict.fromkeys(row["prices_of"] for row in costs)))
    return f"Support for a family costs {listed(told)}. Prices are those of {prices}."


def _range(row: Facts) -> str:
    if not is_number(row["low"]) or row["low"] == row["high"]:
        return ""
    return f", between {pounds(row['low'])} and {pounds(row['high'])}"


def either_words(facts: Facts) -> str:
    """Say how unlike the families are that have the one and the other, and for how many that can be made up for."""
    if facts["reason"]:
        return f"Nobody can say what either would have done for the other's families: {facts['reason']}."
    if facts["suppressed"]:
        return f"How unlike these families are is not shown: it rests on {facts['suppressed']}."
    rows = [row for row in facts["rows"] if is_number(row["before"])]
    unlike = sorted(
        (row for row in rows if abs(row["before"]) > facts["threshold"]), key=lambda row: -abs(row["before"])
    )
    first, second = map(in_sentence, facts["titles"])
    weighed = (
        f"As they are weighed, they count for about {number(facts['n_first'])} families with {first} and about "
        f"{number(facts['n_second'])} with {second}"
    )
    if not unlike:
        return f"Families with {first} and families with {second} were alike before the start. {weighed}."
    more = first if unlike[0]["before"] > 0 else second
    return (
        f"Before the start, families with {first} differed from families with {second} in {len(unlike)} of {len(rows)} "
        f"respects, most in {in_sentence(unlike[0]['label'])}, of which those with {more} had more. {weighed}, and "
        f"{_left(rows, facts['threshold'])}."
    )


def _left(rows: Sequence[Facts], threshold: float) -> str:
    left = sum(is_number(row["after"]) and abs(row["after"]) > threshold for row in rows)
    return f"differ in {left} of them still" if left else "are alike in all of these"


def for_whom_words(facts: Facts) -> str:
    """Say for which families the difference between the two is another than for others, if for any."""
    if facts["reason"]:
        return f"For whom the one is better could not be looked at: {facts['reason']}."
    if not facts["rows"]:
        return (
            "The two plans declared no groups of families in common, so none are compared here. Among groups that are "
            "thought of afterwards one can nearly always be found that looks different."
        )
    first, second = map(in_sentence, facts["titles"])
    found = [
        f"On {in_sentence(row['label'])} the difference between {first} and {second} is not the same for "
        f"{parts_named(row)}{_apart(row)}."
        for row in facts["rows"]
        if row["differs"]
    ]
    return " ".join([*found, *_others(facts["rows"], differs=False), *_others(facts["rows"], differs=None)])


def _others(rows: Sequence[Facts], *, differs: bool | None) -> Iterator[str]:
    labels: dict[str, list[str]] = {}
    for row in rows:
        if row["differs"] is differs:
            labels.setdefault(parts_named(row), []).append(in_sentence(row["label"]))
    said = {
        False: "Between {} there is no difference beyond chance in which of the two is better, on {}.",
        None: "Between {} nothing can be said, because too few had the one or the other, on {}.",
    }
    for parts, named in labels.items():
        yield said[differs].format(parts, listed(named))


def _apart(row: Facts) -> str:
    """How much it differs, of two parts: for the first of them the one less the other is so much higher or lower."""
    if not is_number(row["difference"]):
        return ""
    words = unit_words(row["unit"])
    return (
        f": among the former {short_effect(row['unit'], row['difference'])} "
        f"({interval_words(row['unit'], row['low'], row['high'])}){f' {words.axis}' if words.count else ''}"
    )


def brief_words(facts: Facts) -> str:
    """Return what the first page of the site says of it."""
    return " ".join(part for part in (versus_words(facts), cost_words(facts["costs"])) if part)


def headline_words(facts: Facts) -> str:
    """Return the finding of the figure in one line."""
    won = [(facts["titles"][row["better"]], row) for row in facts["rows"] if row["better"] is not None]
    if not won:
        return "Neither is clearly better on any of these outcomes"
    titles = dict.fromkeys(title for title, _ in won)
    parts = [f"{in_sentence(title)} on {_labels([row for name, row in won if name == title])}" for title in titles]
    return capital(f"better: {'; '.join(parts)}")
