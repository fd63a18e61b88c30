"""What each verdict says of each sign, size and unit: the templates are held against sentences written by hand."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tf_eval.release.units import UNITS, rounded
from tf_eval.release.views import VERDICTS
from tf_eval.report.frequencies import FREQUENCY_WORDS, difference_sentence, verdict_frequencies
from tf_eval.report.words import effect_sentence, verdict_sentence

UNIT_OF = {
    "count": ("per_100_families_a_year", "ASB incidents"),
    "calls": ("per_100_families_a_year", "Police call-outs"),
    "state": ("of_100_families", "Families with a child on a protection plan or in care"),
    "claim": ("of_100_families", "Families of whom a result could be claimed"),
    "share": ("percentage_points", "Unauthorised absence"),
    "people": ("of_100_people", "Registered donors"),
    "percent": ("percent", "Homicides"),
    "dollars": ("dollars", "Earnings"),
    "kilograms": ("kilograms", "Weight"),
}
# How each verdict opens, and what is not said by it is said by the sentence alone.
OPENS = {
    "works": "",
    "promising": "So far, ",
    "no effect worth having": "Too little to matter: ",
    "cannot tell": "The records do not settle it: ",
    "may do harm": "It may have made things worse: ",
}


def rows(name):
    """The lines of a table of sentences; its first line says what stands where."""
    lines = (Path(__file__).parent / "sentences" / f"{name}.txt").read_text(encoding="utf-8").splitlines()[1:]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def shown(text):
    """A cell as it was released: a whole number, a decimal or a shorthand."""
    return text if text.startswith("[") else float(text) if "." in text else int(text)


def facts_of(cells):
    unit, label = UNIT_OF[cells[0]]
    names = ("effect", "ci_low", "ci_high", "base_rate", "with_rate", "with_low", "with_high")
    return {"unit": unit, "outcome_label": label, **dict(zip(names, map(shown, cells[1:-1]), strict=False))}


def opened(verdict, sentence):
    """The hand-written sentence as it stands after a verdict's opening, or by itself with a capital."""
    said = OPENS[verdict] + sentence
    return said[0].upper() + said[1:]


@pytest.mark.parametrize("verdict", OPENS)
@pytest.mark.parametrize("cells", rows("effects"), ids=lambda cells: " ".join(cells[:4]))
def test_effect_with_its_interval_and_base_rate(cells, verdict):
    assert verdict_sentence(verdict, facts_of(cells)) == opened(verdict, cells[-1])


@pytest.mark.parametrize("verdict", OPENS)
@pytest.mark.parametrize("cells", rows("frequencies"), ids=lambda cells: " ".join(cells[:4]))
def test_natural_frequencies(cells, verdict):
    assert verdict_frequencies(verdict, facts_of(cells)) == opened(verdict, cells[-1])


def test_there_are_at_least_two_hundred_cases_of_every_verdict_and_unit():
    assert len(rows("effects")) * len(OPENS) >= 200
    assert set(OPENS) == set(VERDICTS)
    assert {UNIT_OF[cells[0]][0] for cells in rows("effects")} == set(UNITS)
    assert {UNIT_OF[cells[0]][0] for cells in rows("frequencies")} >= set(FREQUENCY_WORDS)


@pytest.mark.parametrize("hidden", ["[c]", "[x]"])
def test_without_an_effect_there_is_no_difference_to_tell(hidden):
    facts = facts_of(["count", hidden, hidden, hidden, "290", ""])
    assert difference_sentence(facts) == ""
    assert "ithout this support" not in effect_sentence(facts)


def numbers(text):
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


@st.composite
def released(draw):
    """An effect with levels, rounded as the gate rounds them."""
    name = draw(st.sampled_from(sorted(UNIT_OF)))
    unit = UNIT_OF[name][0]
    highest = min(UNITS[unit].highest, 3000)
    base = draw(st.floats(0, highest))
    effect = draw(st.floats(-base, highest - base))
    low, high = effect - draw(st.floats(0, 300)), effect + draw(st.floats(0, 300))
    decimals, level_decimals = UNITS[unit].effect_decimals, UNITS[unit].level_decimals
    ends = {end: min(max(base + value, 0), highest) for end, value in (("with_low", low), ("with_high", high))}
    levels = {"base_rate": base, "with_rate": base + effect, **ends}
    effects = {"effect": effect, "ci_low": low, "ci_high": high}
    return {
        "unit": unit,
        "outcome_label": UNIT_OF[name][1],
        **{each: rounded(value, decimals) for each, value in effects.items()},
        **{each: rounded(value, level_decimals) for each, value in levels.items()},
    }


@settings(max_examples=300, deadline=None)
@given(released(), st.sampled_from(sorted(VERDICTS)))
def test_no_frequencies_contradict_their_row(facts, verdict):
    """Numbers are the row's as rounded, the rate with it is on the effect's side, and doubt is said if there is any."""
    assume(facts["unit"] in FREQUENCY_WORDS)
    said = verdict_frequencies(verdict, facts)
    assume("With it" in said)  # else it is the sentence of the effect, which has a property of its own
    hundred, without, with_it, low, high = numbers(said)
    assert hundred == 100
    assert [without, with_it, low, high] == [
        facts[name] for name in ("base_rate", "with_rate", "with_low", "with_high")
    ]
    assert low <= with_it <= high
    may_be_none = facts["ci_low"] <= 0 <= facts["ci_high"]
    assert ("so there may be no difference" in said) == may_be_none
    if not may_be_none:
        assert (with_it - without) * facts["effect"] > 0, "a clear effect is seen in the rates"
        assert not low <= without <= high, "what is clear does not hold the rate without it"


@settings(max_examples=300, deadline=None)
@given(released(), st.sampled_from(sorted(VERDICTS)))
def test_no_effect_is_claimed_where_the_interval_holds_both_signs(facts, verdict):
    said = verdict_sentence(verdict, facts)
    both = facts["ci_low"] < 0 < facts["ci_high"]
    of_size = said.split("(")[0]
    assert ("so perhaps no difference" in said) == (both and facts["effect"] != 0)
    assert bool(re.search(r"\b(fewer|lower)\b", of_size)) == (facts["effect"] < 0)
    assert bool(re.search(r"\b(more|higher)\b", of_size)) == (facts["effect"] > 0)
