"""Which of two interventions is better on one outcome: every branch of the rule, by hand."""

import math

import pytest

from tf_eval.errors import NotEstimated
from tf_eval.evidence import Check, EffectSize
from tf_eval.evidence.versus.ruling import APART, LOOKING, ONE_WAY, OPEN, rule

NONE = NotEstimated("too few")
FAILED = Check("The groups were alike", False, "They were not.")


def size(value, reach):
    return EffectSize(value, value - reach, value + reach, reach / 2, 0.01, math.nan, 100, 100)


def ruled(direct, own, p=0.01, *, less=True, looking=False, failed=()):
    asked = {"level": 0.05, "worthwhile": 60.0, "good_is_less": less, "detection_sensitive": looking}
    return rule(direct, own, p_adjusted=p, failed=failed, **asked)


@pytest.mark.parametrize(
    ("direct", "own", "p", "less", "said"),
    [
        (size(-80, 50), size(-90, 70), 0.01, True, ("better", 0)),
        (size(80, 50), size(90, 70), 0.01, True, ("better", 1)),
        (size(-80, 50), size(-90, 70), 0.01, False, ("better", 1)),
        (size(80, 50), size(90, 70), 0.01, False, ("better", 0)),
        (size(80, 50), size(10, 70), 0.01, True, ("better", 1)),  # the other way need not be clear by itself
        (size(-80, 50), size(20, 70), 0.01, True, ("cannot tell", None)),  # but has to point the same way
        (size(-80, 50), size(90, 70), 0.01, True, ("cannot tell", None)),
        (size(-80, 90), size(-90, 70), 0.20, True, ("cannot tell", None)),
        (size(-80, 50), size(-90, 70), 0.06, True, ("cannot tell", None)),  # not with the allowance
        (size(-80, 50), size(-90, 70), math.nan, True, ("cannot tell", None)),
        (size(0, 50), size(10, 70), 0.9, True, ("about the same", None)),
        (size(-30, 20), size(-10, 70), 0.01, True, ("about the same", None)),  # beyond chance, and too small to matter
        (size(0, 50), size(-90, 70), 0.9, True, ("cannot tell", None)),  # own families differ beyond chance
        (size(0, 61), size(10, 70), 0.9, True, ("cannot tell", None)),
    ],
)
def test_what_can_be_said_follows_from_the_numbers(direct, own, p, less, said):
    ruling = ruled(direct, own, p, less=less)
    assert (str(ruling.standing), ruling.better) == said


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"direct": NONE}, "They could not be compared among families that might have had either: too few."),
        ({"own": NONE}, ONE_WAY),
        ({"looking": True}, LOOKING),
        ({"failed": [FAILED]}, "A check was not passed (\u201cthe groups were alike\u201d). They were not."),
        ({"p": 0.2}, OPEN),
        ({"own": size(90, 20)}, APART),
    ],
)
def test_where_nobody_can_tell_the_reason_is_told(given, reason):
    asked = {"direct": size(-80, 50), "own": size(-90, 70), **given}
    ruling = ruled(asked.pop("direct"), asked.pop("own"), **asked)
    assert (str(ruling.standing), ruling.better, ruling.reason) == ("cannot tell", None, reason)
