"""Headings that an extract has not: which are told, and what is said of those it has in their place."""

import pytest

from tf_eval.data.reading.headings import require_headings
from tf_eval.errors import InputError

WANTED = ["LAchildID", "CPPstartDate", "CPPendDate"]


def refusal(headings: list[str]) -> str:
    with pytest.raises(InputError) as refused:
        require_headings("cpp.csv", headings, WANTED, header_row=1)
    return str(refused.value)


@pytest.mark.parametrize("written", ["CPPStartDate", "cppstartdate", "CPP Start Date", "CPPstart\nDate"])
def test_a_heading_that_differs_in_capitals_or_blanks_is_told_with_what_to_write(written):
    message = refusal(["LAchildID", written, "CPPendDate"])
    assert message == (
        f"cpp.csv, header: no column 'CPPstartDate'. The file has '{written}': write it so under columns."
    )


def test_such_headings_do_not_make_the_header_doubtful_however_many_they_are():
    message = refusal([heading.upper() for heading in WANTED])
    assert "3 problems" in message and "really the header" not in message


def test_only_what_is_not_there_in_any_capitals_makes_the_header_doubtful():
    message = refusal(["LACHILDID", "Lee", "12"])
    assert message == (
        "cpp.csv, header: row 1 has 3 headings, and 'CPPstartDate', 'CPPendDate' are not among them; "
        "is row 1 really the header?"
    )
