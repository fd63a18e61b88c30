"""Sentences from numbers: the right direction, size, doubt and comparison for every sign, unit and verdict."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.errors import ConfigError
from tf_eval.release.units import UNITS, rounded
from tf_eval.release.views import VERDICTS
from tf_eval.report.numerals import number, percent, signed, span
from tf_eval.report.words import (
    GLOSSARY,
    UNIT_WORDS,
    VERDICT_WORDS,
    effect_sentence,
    interval_words,
    power_sentence,
    short_effect,
    tally,
    verdict_meaning,
    verdict_sentence,
)

COUNT, SHARE, STATE = "per_100_families_a_year", "percentage_points", "of_100_families"
OF_PEOPLE, PERCENT, DOLLARS, KILOGRAMS = "of_100_people", "percent", "dollars", "kilograms"
LABELS = {
    OF_PEOPLE: "Registered donors",
    PERCENT: "Homicides",
    DOLLARS: "Earnings",
    KILOGRAMS: "Weight",
    COUNT: "ASB incidents",
    SHARE: "Unauthorised absence",
    STATE: "Families with a child on a protection plan or in care",
}


def facts(unit, effect, low, high, base=290, label=None):
    return {
        "outcome_label": label or LABELS[unit],
        "unit": unit,
        "effect": effect,
        "ci_low": low,
        "ci_high": high,
        "base_rate": base,
    }


@pytest.mark.parametrize(
    ("given_facts", "sentence"),
    [
        (
            facts(COUNT, -41, -70, -12),
            "About 41 fewer ASB incidents a year for every 100 families (between 12 and 70 fewer). "
            "Without this support: about 290.",
        ),
        (
            facts(COUNT, 1041, 12, 2070, 1290),
            "About 1,041 more ASB incidents a year for every 100 families (between 12 and 2,070 more). "
            "Without this support: about 1,290.",
        ),
        (
            facts(COUNT, 0, -12, 15),
            "About the same number of ASB incidents a year for every 100 families (between 12 fewer and 15 more). "
            "Without this support: about 290.",
        ),
        (
            facts(SHARE, -2.1, -3.4, -0.8, 17.3),
            "Unauthorised absence was about 2.1 percentage points lower (between 0.8 and 3.4 lower). "
            "Without this support: about 17.3%.",
        ),
        (
            facts(SHARE, 3.1, 0.0, 6.2, 16.1),
            "Unauthorised absence was about 3.1 percentage points higher (between no difference and 6.2 higher). "
            "Without this support: about 16.1%.",
        ),
        (
            facts(SHARE, 0.0, -1.2, 0.8, 17.3),
            "Unauthorised absence was about 0 percentage points different (between 1.2 lower and 0.8 higher). "
            "Without this support: about 17.3%.",
        ),
        (
            facts(STATE, -6.2, -10.3, -2.1, 81),
            "About 6.2 fewer families with a child on a protection plan or in care in every 100 "
            "(between 2.1 and 10.3 fewer). Without this support: about 81.",
        ),
        (
            facts(COUNT, -5, "[x]", "[x]"),
            "About 5 fewer ASB incidents a year for every 100 families (how sure this is could not be estimated). "
            "Without this support: about 290.",
        ),
        (
            facts(COUNT, -5, -9, 0, "[x]"),
            "About 5 fewer ASB incidents a year for every 100 families (between no difference and 9 fewer).",
        ),
        (
            facts(COUNT, "[c]", "[c]", "[c]", "[c]"),
            "The effect on ASB incidents is confidential, because too few families stand behind it.",
        ),
        (
            facts(STATE, "[x]", "[x]", "[x]"),
            "The effect on families with a child on a protection plan or in care could not be estimated.",
        ),
        (
            facts(DOLLARS, 1423, 208, 2638, 4926),
            "Earnings came out about $1,423 higher (between 208 and 2,638 higher). Without it: about $4,926.",
        ),
        (
            facts(PERCENT, -4.0, -6.3, -1.6, "[x]"),
            "Homicides came out about 4.0% lower (between 1.6 and 6.3 lower).",
        ),
        (
            facts(DOLLARS, "[c]", "[c]", "[c]", "[c]"),
            "The effect on earnings is confidential, because too few units stand behind it.",
        ),
        (
            facts(COUNT, 0, 0, 0),
            "About the same number of ASB incidents a year for every 100 families (no difference either way). "
            "Without this support: about 290.",
        ),
    ],
)
def test_effect_sentence(given_facts, sentence):
    assert effect_sentence(given_facts) == sentence


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(UNITS)),
    st.floats(-500, 500),
    st.floats(0, 300),
    st.floats(0, 300),
    st.sampled_from(VERDICTS),
)
def test_no_sentence_contradicts_its_table(unit, effect, below, above, verdict):
    """Every number in the sentence is in the table, and the direction is that of the number."""
    decimals = UNITS[unit].effect_decimals
    low, middle, high = (rounded(value, decimals) for value in (effect - below, effect, effect + above))
    sentence = verdict_sentence(verdict, facts(unit, middle, low, high))
    said = {float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", sentence)}
    assert said <= {abs(low), abs(middle), abs(high), 290.0, 100.0, 0.0}
    both = {UNIT_WORDS[unit].less, UNIT_WORDS[unit].more} <= set(re.findall(r"[a-z]+", sentence))
    assert both == (low < 0 < high)
    assert "signific" not in sentence and "*" not in sentence


@pytest.mark.parametrize(
    ("unit", "low", "high", "words"),
    [
        (COUNT, -70, -12, "between 12 and 70 fewer"),
        (COUNT, -30, 12, "between 30 fewer and 12 more"),
        (COUNT, 0, 70, "between no difference and 70 more"),
        (COUNT, -70, 0, "between no difference and 70 fewer"),
        (SHARE, -1.5, 0.5, "between 1.5 lower and 0.5 higher"),
        (SHARE, 0, 0, "no difference either way"),
    ],
)
def test_interval_words(unit, low, high, words):
    assert interval_words(unit, low, high) == words


@pytest.mark.parametrize(
    ("unit", "effect", "words"),
    [
        (COUNT, -41, "41 fewer"),
        (COUNT, 1200, "1,200 more"),
        (SHARE, -2.1, "2.1 points lower"),
        (SHARE, 0.0, "no difference"),
        (STATE, 0.4, "0.4 more"),
        (DOLLARS, -1423, "$1,423 lower"),
        (KILOGRAMS, 3.4, "3.4 kg higher"),
        (STATE, "[c]", "[c]"),
    ],
)
def test_short_effect(unit, effect, words):
    assert short_effect(unit, effect) == words


@pytest.mark.parametrize(
    ("value", "text"), [(1234, "1,234"), (-0.5, "\u22120.5"), (0, "0"), (12.0, "12.0"), ("[c]", "[c]")]
)
def test_number(value, text):
    assert number(value) == text


def test_signs_percentages_and_spans():
    assert [signed(value) for value in (3, -3, 0, "[x]")] == ["+3", "\u22123", "0", "[x]"]
    assert [percent(value) for value in (-0.14, 0.2, 0, "[c]")] == ["\u221214%", "+20%", "0%", "[c]"]
    assert [span(-70, -12), span("[c]", "[c]")] == ["\u221270 to \u221212", "[c]"]


def test_labels_inside_a_sentence_keep_their_initials():
    assert in_sentence("ASB incidents") == "ASB incidents"
    assert in_sentence("Police call-outs") == "police call-outs"


@pytest.mark.parametrize(
    ("labels", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listed(labels, words):
    assert listed(labels) == words


@pytest.mark.parametrize(
    ("unit", "size", "words"),
    [
        (COUNT, 1086, "about 1,086 a year for every 100 families or more"),
        (SHARE, 1.9, "about 1.9 percentage points or more"),
        (STATE, 7.6, "about 7.6 in every 100 families or more"),
        (DOLLARS, 1700, "about 1,700 dollars or more"),
    ],
)
def test_power_sentence(unit, size, words):
    sentence = power_sentence({"label": LABELS[unit], "unit": unit, "smallest_detectable": size})
    assert words in sentence and in_sentence(LABELS[unit]) in sentence


@pytest.mark.parametrize("hidden", ["[c]", "[x]"])
def test_nothing_is_said_of_a_size_that_is_hidden_or_not_known(hidden):
    assert power_sentence({"label": "ASB incidents", "unit": COUNT, "smallest_detectable": hidden}) == ""


def test_tally():
    verdicts = ["works", "cannot tell", "may do harm", "works"]
    assert tally(verdicts) == "Of 4 interventions looked at, 2 work, 1 may do harm. For 1 we cannot tell."
    assert tally(["cannot tell"]) == "1 intervention looked at. For 1 we cannot tell."


def test_every_verdict_and_unit_of_the_gate_has_its_words():
    assert set(VERDICT_WORDS) == set(VERDICTS)
    assert set(UNIT_WORDS) == set(UNITS)
    assert {"[c]", "[x]", "[z]"} <= set(GLOSSARY)
    marks = [words.mark for words in VERDICT_WORDS.values()]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_on_anybodys_data_speaks_of_no_families(verdict):
    assert "amilies" not in verdict_meaning(verdict, UNIT_WORDS[DOLLARS].whom)
    assert "{" not in verdict_meaning(verdict)


@pytest.mark.parametrize(
    "call", [lambda: verdict_sentence("work", facts(COUNT, 1, 0, 2)), lambda: short_effect("pc", 1)]
)
def test_unknown_words_are_refused(call):
    with pytest.raises(ConfigError):
        call()
