"""What may be used for what, and until when."""

from datetime import date

import pytest

from tf_eval.data import open_county
from tf_eval.data.agreements import Agreement
from tf_eval.errors import InputError

AGREEMENT = Agreement(
    reference="A1",
    gateway="Digital Economy Act 2017, section 35",
    purposes=("identification",),
    signed=date(2012, 1, 1),
    expires=date(2014, 12, 31),
    delete_by=date(2015, 12, 31),
)


@pytest.mark.parametrize(
    ("on", "purpose", "reason"),
    [
        (date(2011, 12, 31), "identification", "begins on 2012-01-01"),
        (date(2012, 1, 1), "identification", None),
        (date(2012, 1, 1), "evaluation", "covers identification, not evaluation"),
        (date(2012, 1, 1), None, None),
        (date(2014, 12, 31), "identification", None),
        (date(2015, 1, 1), "identification", "expired on 2014-12-31; have it renewed"),
        (date(2015, 12, 31), "identification", "expired on 2014-12-31; have it renewed"),
        (date(2016, 1, 1), "identification", "had to be deleted by 2015-12-31; run 'tf-eval retain'"),
    ],
)
def test_an_agreement_covers_its_purposes_from_its_first_day_to_its_last(on, purpose, reason):
    assert AGREEMENT.refusal(on, purpose) == reason


def test_extracts_are_not_read_after_their_agreement_has_expired(council):
    council.replaced = (("expires: 2099-12-31", "expires: 2015-12-31"),)
    council.build(on=date(2015, 12, 31))
    with pytest.raises(InputError, match=r"sources\.yaml: agreement A1 expired on 2015-12-31; have it renewed"):
        council.build(on=date(2016, 1, 1))


def test_a_county_is_opened_for_what_was_agreed_and_while_it_is(council):
    council.replaced = (("[identification, evaluation]", "[evaluation]"),)
    folder = council.build().path.parent
    assert open_county(folder, purpose="evaluation").name == "testshire"
    with pytest.raises(InputError, match="agreement A1 covers evaluation, not payment_by_results"):
        open_county(folder, purpose="payment_by_results")
    with pytest.raises(InputError, match="agreement A1 expired on 2099-12-31"):
        open_county(folder, on=date(2100, 1, 1))
