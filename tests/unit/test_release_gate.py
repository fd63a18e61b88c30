"""What passes the gate, and how."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from tf_eval.errors import ConfigError, DisclosureError, NotEstimated
from tf_eval.release import MIME_TYPE, Released, Rules, publish, register_view
from tf_eval.release.views import (
    BalanceRow,
    BalanceView,
    BandRow,
    BandsView,
    Check,
    EventStudyView,
    EventTimeRow,
    FlowRow,
    FlowView,
    NaiveRow,
    NaiveView,
    OutcomeRow,
    ProvenanceView,
    Reason,
    SentenceFacts,
    VerdictView,
)

UNIT = "per_100_families_a_year"
VERDICT = VerdictView(
    intervention="family_intervention_project",
    label="Family intervention project",
    question="Did it change families' lives?",
    verdict="works",
    sentence_facts=SentenceFacts("ASB incidents", -41.26, -70.4, -12.1, 290.4, UNIT),
    reasons=(Reason("", "The interval excludes no difference."),),
    checks=(Check("Placebo", True, "It shows nothing."),),
    n_treated=163,
    n_comparison=478,
    rows=(
        OutcomeRow("asb_incident", "ASB incidents", UNIT, "works", -41.26, -70.4, -12.1, 290.4, -0.142, 25),
        OutcomeRow("plan_or_care", "On a plan", "of_100_families", "cannot tell", None, None, None, 14.2),
    ),
)


@pytest.mark.parametrize(
    "thing", [pd.DataFrame({"family_id": [1]}), "a sentence", 3.14, None, {"a": 1}, [VERDICT], object(), b""]
)
def test_what_the_gate_does_not_know_does_not_leave(thing):
    with pytest.raises(DisclosureError, match="cannot pass the gate"):
        publish(thing)


def test_a_thing_that_could_not_be_estimated_is_nothing_to_publish():
    with pytest.raises(DisclosureError, match="too few months"):
        publish(NotEstimated("too few months"))


def test_estimates_are_rounded_as_their_unit_deserves_and_counts_by_the_rules():
    payload = publish(VERDICT).payload
    assert payload["facts"]["effect"] == -41
    assert (payload["facts"]["base_rate"], payload["facts"]["with_rate"]) == (290, 249)
    assert (payload["n_treated"], payload["n_comparison"]) == (165, 480)
    assert payload["rows"][0]["worth_effect"] == -1.65
    assert payload["rows"][1]["effect"] == "[x]"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"n_treated": 9}, "fewer than 10 families with this support"),
        ({"n_comparison": 9}, "fewer than 10 like families"),
        ({"degrees_of_freedom": 9}, "fewer than 10 degrees of freedom"),
    ],
)
def test_a_verdict_on_too_few_families_says_only_that(change, why):
    released = publish(replace(VERDICT, **change))
    assert released.payload["verdict"] == "cannot tell"
    assert released.payload["suppressed"] == why
    assert released.payload["checks"] == []
    assert why in released.notes[0]
    text = json.dumps(released.payload)
    assert not any(number in text for number in ("41", "290", "249", "128", "excludes", "-0.14"))


def test_an_outcome_with_fewer_families_than_the_verdict_is_hidden_alone():
    thin = replace(VERDICT.rows[0], n_treated=4)
    payload = publish(replace(VERDICT, rows=(thin,))).payload
    assert payload["facts"]["effect"] == -41
    assert payload["rows"][0]["effect"] == "[c]"
    assert payload["rows"][0]["verdict"] == "cannot tell"


def test_what_could_not_be_estimated_is_not_available_rather_than_confidential():
    told = "a single treated or comparison unit: no error of its own"
    lost = replace(VERDICT.rows[1], n_treated=0, n_comparison=0, reason=told)
    released = publish(replace(VERDICT, rows=(lost,), reasons=(Reason(lost.label, told),)))
    row = released.payload["rows"][0]
    assert (row["effect"], row["reason"], row["suppressed"]) == ("[x]", "Too few families to estimate this.", "")
    assert "single" not in json.dumps(released.to_dict())
    band = BandRow("1 to 6", None, None, None, None, 0, 0)
    row = publish(BandsView("a", "A", UNIT, (band,))).payload["rows"][0]
    assert (row["effect"], row["n_treated"]) == ("[x]", "[c]")


def test_bands_and_months_with_too_few_families_are_hidden():
    bands = BandsView(
        "a", "A", UNIT, (BandRow("1 to 6", -4.4, -9, 1, 30, 50, 90), BandRow("7 to 12", -7.7, -9, 1, 30, 9, 90))
    )
    rows = publish(bands).payload["rows"]
    assert [row["effect"] for row in rows] == [-4, "[c]"]
    assert [row["n_treated"] for row in rows] == [50, "[c]"]
    months = EventStudyView("a", "A", UNIT, (EventTimeRow(2, 1, 0, 2, 9, 40), EventTimeRow(1, 1, 0, 2, 40, 40)))
    assert [(row["event_time"], row["effect"]) for row in publish(months).payload["rows"]] == [(1, 1), (2, "[c]")]


def test_balance_and_before_and_after_are_hidden_with_their_sentences():
    balance = BalanceView((BalanceRow("Age", 0.412, 0.031),), 8, 90, sentence="The largest is 0.031.")
    assert publish(balance).payload["rows"] == [{"label": "Age", "before": "[c]", "after": "[c]"}]
    assert publish(balance).payload["sentence"] == ""
    naive = NaiveView((NaiveRow("a", "A", UNIT, 9.4, 4.2, -5.2, -4.1, -1.1),), 80, 90, "Most of it is not the support.")
    assert publish(naive).payload["rows"][0]["naive_change"] == -5
    assert publish(replace(naive, n_treated=8)).payload["rows"][0]["effect"] == "[c]"


def test_the_arms_of_a_flow_are_released_apart_and_in_their_order():
    rows = (FlowRow("Started", "S", 187, 0), FlowRow("Left", "S", 183, 4), FlowRow("All", "C", 500, 0))
    released = publish(FlowView(rows))
    assert [(row["families"], row["excluded"]) for row in released.payload["rows"]] == [
        (185, "[z]"),
        (185, "[c]"),
        (500, "[z]"),
    ]
    assert released.notes


def test_beside_before_and_after_an_estimate_on_few_families_is_hidden():
    row = NaiveRow("a", "A", UNIT, 9.4, 4.2, -5.2, -4.1, -1.1, -2, -0.2, 4, 90, naive_n_treated=80)
    released = publish(NaiveView((row,), 80, 90)).payload["rows"][0]
    assert (released["naive_change"], released["effect"], released["comparison_change"]) == (-5, "[c]", "[c]")
    assert (released["ci_low"], released["ci_high"]) == ("[c]", "[c]")
    released = publish(NaiveView((replace(row, n_treated=80, naive_n_treated=4),), 80, 90)).payload["rows"][0]
    assert {released[name] for name in ("before", "after", "naive_change", "effect")} == {"[c]"}


STATE = "of_100_families"


@pytest.mark.parametrize(
    ("base_rate", "effect", "families", "shown"),
    [
        (20, -5.0, 100, 20),
        (9, 5.0, 100, "[c]"),  # nine families without it
        (20, -11.0, 100, "[c]"),  # nine families with it, which base rate and effect would tell
        (91, -5.0, 100, "[c]"),  # nine families are not in the state
        (9, 5.0, 200, 9),
        (-3, 12.0, 100, "[x]"),
        (104, -20.0, 100, "[x]"),
        (12, -15.0, 100, "[x]"),
    ],
)
def test_a_level_of_families_in_a_state_is_shown_where_enough_are_and_enough_are_not(
    base_rate, effect, families, shown
):
    facts = SentenceFacts("On a plan", effect, effect - 9, effect + 9, base_rate, STATE)
    row = OutcomeRow("plan", "On a plan", STATE, "cannot tell", effect, effect - 9, effect + 9, base_rate, 0.4)
    released = publish(replace(VERDICT, sentence_facts=facts, rows=(row,), n_treated=families, n_comparison=300))
    levels = [released.payload["facts"][name] for name in ("base_rate", "with_rate", "with_low", "with_high")]
    one = released.payload["rows"][0]
    band = BandRow("1 to 6", effect, effect - 9, effect + 9, base_rate, families, 300)
    bands = publish(BandsView("plan", "On a plan", STATE, (band,)))
    assert levels[0] == one["base_rate"] == bands.payload["rows"][0]["base_rate"] == shown
    if isinstance(shown, str):
        assert {*levels, one["relative_change"]} == {shown}
        assert one["effect"] == effect
    assert [bool(note.notes) for note in (released, bands)] == [shown == "[c]"] * 2


def test_before_and_after_of_a_state_are_hidden_together():
    row = NaiveRow("plan", "On a plan", STATE, 20.0, 8.0, -12.0, -4.1, -7.9)
    released = publish(NaiveView((row,), 80, 90)).payload["rows"][0]
    assert (released["before"], released["after"], released["naive_change"]) == ("[c]", "[c]", "[c]")
    assert (released["comparison_change"], released["effect"]) == ("[c]", -7.9)


@pytest.mark.parametrize(("unit", "level"), [(UNIT, -3.0), ("percentage_points", -0.4), ("percentage_points", 100.2)])
def test_no_level_is_shown_that_cannot_be(unit, level):
    row = replace(VERDICT.rows[0], unit=unit, effect=2.0, base_rate=level)
    released = publish(replace(VERDICT, rows=(row,))).payload["rows"][0]
    assert (released["base_rate"], released["relative_change"], released["effect"]) == ("[x]", "[x]", 2)


def test_the_interval_of_a_rate_ends_where_rates_end():
    facts = replace(VERDICT.sentence_facts, ci_low=-300, base_rate=290)
    assert publish(replace(VERDICT, sentence_facts=facts)).payload["facts"]["with_low"] == 0


def test_the_good_direction_is_released_and_known():
    assert publish(VERDICT).payload["rows"][0]["good_direction"] == "fall"
    with pytest.raises(ConfigError, match="good direction"):
        publish(replace(VERDICT, rows=(replace(VERDICT.rows[0], good_direction="fal"),)))


@pytest.mark.parametrize("reason", ["It rests on 3 families.", "7 treated families left", "13 households moved"])
def test_a_sentence_may_not_count_families_more_finely_than_a_table(reason):
    with pytest.raises(DisclosureError, match="in words"):
        publish(replace(VERDICT, reasons=(Reason("", reason),)))


@pytest.mark.parametrize("reason", ["41 fewer for every 100 families.", "About 160 families.", "1.5 families"])
def test_a_rounded_count_may_stand_in_a_sentence(reason):
    assert publish(replace(VERDICT, reasons=(Reason("", reason),))).payload["reasons"][0]["text"] == reason


@pytest.mark.parametrize(
    "view",
    [replace(VERDICT, verdict="work"), replace(VERDICT, sentence_facts=replace(VERDICT.sentence_facts, unit="pct"))],
)
def test_unknown_words_are_refused(view):
    with pytest.raises(ConfigError):
        publish(view)


def test_other_rooms_are_introduced_by_a_view_of_their_results():
    class Judged:
        pass

    with pytest.raises(DisclosureError):
        publish(Judged())
    register_view(Judged, lambda result: VERDICT)
    assert publish(Judged()).payload["label"] == "Family intervention project"


COUNTED = "7 children moved"


@pytest.mark.parametrize(
    "view",
    [
        *(replace(VERDICT, **{name: COUNTED}) for name in ("label", "question", "description", "intervention")),
        *(
            replace(VERDICT, rows=(replace(VERDICT.rows[0], **{name: COUNTED}),))
            for name in ("label", "outcome", "reason")
        ),
        replace(VERDICT, checks=(Check(COUNTED, True, ""),)),
        replace(VERDICT, sentence_facts=replace(VERDICT.sentence_facts, outcome_label=COUNTED)),
        BandsView("a", COUNTED, UNIT, ()),
        EventStudyView("a", COUNTED, UNIT, ()),
        FlowView((FlowRow(COUNTED, "all", 90, 0),)),
        FlowView((FlowRow("known", "all", 90, 0), FlowRow("left", "all", 60, 30, COUNTED))),
        BalanceView((BalanceRow(COUNTED, 0.4, 0.1),), 80, 90),
        NaiveView((), 80, 90, COUNTED),
        ProvenanceView({"Seed": COUNTED}),
        ProvenanceView({COUNTED: "2012"}),
    ],
)
def test_no_text_of_a_release_counts_people(view):
    with pytest.raises(DisclosureError, match="in words") as raised:
        publish(view)
    assert COUNTED not in str(raised.value)


@pytest.mark.parametrize("text", ["3 cases", "11 pupils", "4 of the families", "6 adults", "fewer than 4 families"])
def test_other_words_for_people_are_known_to_the_guard(text):
    with pytest.raises(DisclosureError, match="in words"):
        publish(ProvenanceView({"Note": text}))


def test_the_rule_itself_may_be_said_whatever_it_is():
    assert publish(replace(VERDICT, n_treated=6), rules=Rules(threshold=7)).payload["suppressed"]


def test_looser_rules_have_to_be_asked_for():
    small = replace(VERDICT, n_treated=7)
    assert publish(small).payload["n_treated"] == "[c]"
    loose = Rules(threshold=5, protection=5, round_to=1)
    assert publish(small, rules=loose).payload["n_treated"] == 7


def test_a_release_survives_its_journey_and_shows_any_change():
    released = publish(VERDICT)
    data = json.loads(json.dumps(released._repr_mimebundle_()[MIME_TYPE]))
    assert Released.from_dict(data).digest == released.digest
    for change in ({"title": "x"}, {"digest": "0" * 64}, {"notes": ["x"]}, {"payload": {**data["payload"], "n": 7}}):
        with pytest.raises(DisclosureError):
            Released.from_dict({**data, **change})
    with pytest.raises(DisclosureError):
        Released.from_dict({"kind": "verdict"})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_a_payload_is_plain_json(value):
    with pytest.raises(DisclosureError):
        Released("verdict", "t", {"value": value})


def test_what_was_released_cannot_be_changed_through_what_it_was_made_from():
    payload = {"rows": [1]}
    released = Released("verdict", "t", payload)
    payload["rows"].append(2)
    released.to_dict()["payload"]["rows"].append(3)
    assert released.payload == {"rows": [1]}
