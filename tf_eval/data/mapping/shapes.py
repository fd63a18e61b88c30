"""What a text is by its form alone: the postcodes, numbers and words that public bodies write."""

import re

from tf_eval.data.contract import ACADEMIC_YEAR

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")
_UPRN = re.compile(r"[0-9]{8,12}")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}(\.0+)?")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_EXCEL_DAY = re.compile(r"[1-5][0-9]{4}(\.[0-9]+)?")
_WITH_COMMAS = re.compile(r"-?[0-9]+(,[0-9]+)+(\.[0-9]+)?")
_DIGIT = re.compile(r"[0-9]")
_DATE = re.compile(r"[0-9]{1,4}[-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[-/. ][0-9]{2,4}([ T].*)?")
_MOST_DIGITS_IN_A_WORD = 4  # a year; every number of a person has more
_LONGEST_WORD = 60


def is_postcode(text: str) -> bool:
    """Whether a text has the form of a postcode of the United Kingdom."""
    return bool(_POSTCODE.fullmatch(text.upper()))


def is_uprn(text: str) -> bool:
    """Whether a text has the form of a unique property reference number; it has no check digit."""
    return bool(_UPRN.fullmatch(text))


def is_academic_year(text: str) -> bool:
    """Whether a text is an academic year as the contract writes it, such as 2011/12."""
    return bool(re.fullmatch(ACADEMIC_YEAR, text))


def is_whole_number(text: str) -> bool:
    """Whether a text is a whole number of at most nine digits."""
    return bool(_WHOLE_NUMBER.fullmatch(text))


def is_number(text: str) -> bool:
    """Whether a text is a plain number."""
    return bool(_NUMBER.fullmatch(text))


def is_excel_day(text: str) -> bool:
    """Whether a text may be a day of the years 1927 to 2064 as Excel counts them, from 1900 on."""
    return bool(_EXCEL_DAY.fullmatch(text))


def has_commas(text: str) -> bool:
    """Whether a text is a number with commas, be they of thousands or, as elsewhere in Europe, a decimal one."""
    return bool(_WITH_COMMAS.fullmatch(text))


def is_a_word(text: str) -> bool:
    """Whether a text may stand as a heading or a code in a draft: it has no form of an identifier, postcode or date."""
    return (
        0 < len(text) <= _LONGEST_WORD
        and len(_DIGIT.findall(text)) <= _MOST_DIGITS_IN_A_WORD
        and not is_postcode(text)
        and not _DATE.fullmatch(text)
    )
