"""Named streams, identifiers and the school calendar."""

import numpy as np

from synthetic.identities import nhs_numbers, ninos, upns
from synthetic.months import Clock
from synthetic.streams import Streams
from synthetic.terms import school_terms

CLOCK = Clock(first=2009 * 12 + 3, length=72, burn_in=24)


def test_a_name_gives_the_same_numbers_again_and_another_name_others():
    streams = Streams(2012)
    assert np.array_equal(streams.uniforms("need", (5,)), streams.uniforms("need", (5,)))
    assert not np.array_equal(streams.uniforms("need", (5,)), streams.uniforms("moves", (5,)))
    assert not np.array_equal(streams.uniforms("need", (5,)), Streams(2013).uniforms("need", (5,)))


def test_nhs_numbers_are_different_and_keep_the_check_rule():
    numbers = nhs_numbers(np.random.default_rng(1), 500)
    assert len(set(numbers)) == 500
    for number in numbers:
        digits = [int(digit) for digit in number]
        check = (11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11) % 11
        assert len(digits) == 10
        assert digits[0] == 9
        assert digits[-1] == check


def test_pupil_numbers_keep_the_check_letter():
    for number in upns(np.random.default_rng(1), 200):
        total = sum(int(digit) * weight for digit, weight in zip(number[1:], range(2, 14), strict=True))
        assert number[0] == "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23]


def test_national_insurance_numbers_are_different_and_never_issued_ones():
    numbers = ninos(np.random.default_rng(1), 500)
    assert len(set(numbers)) == 500
    assert all(number.startswith("QQ") and len(number) == 9 for number in numbers)


def test_terms_follow_each_other_and_make_up_a_school_year():
    terms = school_terms(CLOCK)
    assert (terms.start[1:] > terms.end[:-1]).all()
    assert list(terms.term[:4]) == [3, 1, 2, 3]
    years = terms.sessions[1:-2].reshape(-1, 3).sum(axis=1)
    # 190 school days of two sessions; fixed dates give or take a week.
    assert ((years > 365) & (years < 400)).all()
    august = CLOCK.months % 12 == 7
    assert (terms.of_month[august] == -1).all()
