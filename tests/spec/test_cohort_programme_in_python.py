"""A programme written in Python is held to what a file is held to, and says it as plainly."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from tf_eval.cohort import AllOf, AnyOf, Criterion, EventCount, InSpell, Programme, Window
from tf_eval.errors import ConfigError

OFFENCE, CUSTODY = EventCount(["proven_offence"], months=12), InSpell(["custody"])
CRIME, PRISON = Criterion("crime", "Crime", "q", "s", OFFENCE), Criterion("prison", "Prison", "q", "s", CUSTODY)
BOTH = AllOf((OFFENCE, CUSTODY))
PROGRAMME = Programme("mine", "Mine", Window(date(2012, 4, 1), date(2015, 4, 1)), (CRIME, PRISON), BOTH)

REFUSED = [
    ({"name": "../../escaped/x"}, "name: it must be small letters, figures and '_'"),
    ({"name": "sub/x"}, "name: it must be small letters, figures and '_'"),
    ({"name": ""}, "name: it must be small letters, figures and '_'"),
    ({"name": "Mine"}, "name: it must be small letters, figures and '_'"),
    ({"title": ""}, "title must be a word or more"),
    ({"name": 7}, "name: it must be small letters, figures and '_'"),
    ({"when_cannot_tell": "count as not met"}, "no choice 'count as not met'. Did you mean 'count_as_not_met'?"),
    ({"window": ("2012-04-01", "2015-04-01")}, "window must be a Window"),
    ({"rule": "crime"}, "rule must be a piece, such as AllOf"),
    ({"criteria": ()}, "criteria must be a list of at least one Criterion"),
    ({"criteria": (OFFENCE,)}, "criteria must be a list of at least one Criterion"),
    ({"routes": (BOTH,)}, "routes must be a list, each a Criterion"),
    ({"criteria": (replace(CRIME, name="rule"), PRISON)}, "criteria.rule: the name is the rule's own; choose another"),
    ({"criteria": (replace(CRIME, name=""), PRISON)}, "criteria: a name must be a word"),
    ({"criteria": (replace(CRIME, name=1), PRISON)}, "criteria: a name must be a word"),
    ({"criteria": (CRIME, replace(PRISON, name="crime"))}, "criteria.crime: two have this name"),
    (
        {"criteria": (CRIME,)},
        "rule: state it as a criterion, or leave it out: a member of the family is now in custody",
    ),
    ({"rule": OFFENCE}, "rule: the criterion 'prison' is stated but not used"),
    ({"routes": (replace(CRIME, name="rule", node=BOTH),)}, "routes.rule: the name is the rule's own; choose another"),
    ({"routes": (replace(CRIME, name="prison", node=BOTH),)}, "routes.prison: a criterion has this name"),
    ({"routes": (replace(CRIME, name="must", node=BOTH),)}, "rule: with routes it must be 'any_of: [must]'"),
]


@pytest.mark.parametrize(("parts", "message"), REFUSED)
def test_a_programme_refuses_what_a_file_may_not_say(parts, message):
    with pytest.raises(ConfigError) as caught:
        replace(PROGRAMME, **parts)
    assert str(caught.value).startswith("programme: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("start", "until", "message"),
    [
        (date(2015, 4, 1), date(2012, 4, 1), "the first day must be before 'until'"),
        (date(2012, 4, 1), date(2012, 4, 1), "the first day must be before 'until'"),
        ("2012-04-01", date(2012, 4, 1), "give two days, such as date(2012, 4, 1)"),
        (datetime(2012, 4, 1, 12), date(2015, 4, 1), "give two days, such as date(2012, 4, 1)"),
    ],
)
def test_a_window_is_two_days_in_their_order(start, until, message):
    with pytest.raises(ConfigError) as caught:
        Window(start, until)
    assert str(caught.value) == f"window: {message}"


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"node": "proven_offence"}, "its node must be a piece, such as EventCount"),
        ({"title": ""}, "its title must be a word or more"),
        ({"title": 1}, "its title must be a word or more"),
    ],
)
def test_a_criterion_is_of_a_piece_and_has_a_title(part, message):
    with pytest.raises(ConfigError, match=f"criterion: {message}"):
        replace(CRIME, **part)


def test_a_rule_may_name_a_whole_criterion_by_writing_it_again():
    again = EventCount(("proven_offence",), months=12)
    assert replace(PROGRAMME, rule=AnyOf((CUSTODY, again))).sentence() == (
        "Mine: a family is in when it meets one of these: prison; or crime."
    )


def test_routes_are_of_criteria():
    ways = (Criterion("must", "Must", "q", "s", BOTH), Criterion("may", "May", "q", "s", InSpell(["off_roll"])))
    with pytest.raises(ConfigError, match=r"routes\.may: state it as a criterion, .* not on a school roll"):
        replace(PROGRAMME, routes=ways, rule=AnyOf((BOTH, InSpell(["off_roll"]))))
