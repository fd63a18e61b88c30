"""No value of a person is ever in a draft or a refusal."""

import openpyxl
import pytest

from tests.drafts import CANARY, HEADINGS, days, drafted, entries, incidents, shown
from tf_eval.data.mapping import draft
from tf_eval.errors import InputError


def with_canaries() -> list[list[str]]:
    """People and events in one table, with a canary in every column that could hold a person's value."""
    headings = ["Client ID", "Forename", "Surname", "DOB", "Sex", "Postcode", "NHS number", "NINO", "UPRN"]
    headings += ["District", "Type", "Incident Date", "Worker", "Notes"]
    rows = []
    for n, day in enumerate(days(50)):
        person = [
            f"{CANARY}{n}",
            CANARY,
            CANARY,
            "29/02/1984",
            "M",
            "ZZ99 9ZZ",
            "9434765919",
            "QQ123456C",
            "100000000999",
        ]
        rows.append([*person, "Cherwell", "ASB", day, CANARY, f"{CANARY} was seen"])
    rows[0][4] = rows[1][9] = rows[2][10] = CANARY
    return [headings, *rows]


SECRETS = (CANARY, "29/02/1984", "1984", "ZZ99", "9434765919", "QQ123456C", "100000000999")


def test_no_value_about_a_person_is_ever_in_a_draft(tmp_path):
    found = drafted(tmp_path, with_canaries())
    assert {entry["table"] for entry in entries(found)} == {"person_record", "event"}
    shown = found.text + " ".join(found.notes)
    assert [secret for secret in SECRETS if secret in shown] == []


def test_free_text_is_never_shown_however_often_it_stands(tmp_path):
    headings = ["Client ID", "Intervention", "Provider", "District", "Start date", "End date"]
    rows = [[f"Q{n}", CANARY, ("CANARY", "Ann Canary")[n % 2], "Canary", day, ""] for n, day in enumerate(days(40))]
    found = drafted(tmp_path, [headings, *rows])
    assert "anary" not in shown(found).lower()
    assert "provider: [TODO]  # free text, 2 different values" in found.text
    assert any("words of provider that may be let through, of 2" in note for note in found.notes)


def test_names_in_a_column_of_codes_are_not_shown(tmp_path):
    """Shifted cells put forenames where codes should be, in systems that write in capitals too."""
    rows = incidents()
    for n, row in enumerate(rows):
        row[1] = ("Oliver", "AMELIA", "Jack", "LEE", "B12")[n % 5]
    found = drafted(tmp_path, [HEADINGS, *rows])
    assert [name for name in ("Oliver", "AMELIA", "Jack", "LEE") if name in shown(found)] == []
    assert entries(found)[0]["codes"]["kind"] == {"B12": "TODO"}


def test_a_heading_that_could_be_a_name_is_told_by_its_place(tmp_path):
    headings = ["Client ID", "Oliver Smith (child)", "Incident Date", "Amelia Date", "Brough", "Sam Ref", "Type"]
    rows = [[f"Q{n % 9}", f"x{n}", day, day, "Lee", f"R{n}", "ASB"] for n, day in enumerate(days(40))]
    found = drafted(tmp_path, [headings, *rows])
    assert [name for name in ("Oliver", "Smith", "Amelia", "Brough", "Sam") if name in shown(found)] == []
    assert "# not mapped: column 2, column 4 (dates), column 5, column 6\n" in found.text
    assert entries(found)[0]["columns"]["local_id"] == "Client ID"


def test_an_abbreviation_is_shown_unless_it_stands_among_the_values_as_a_name_does(tmp_path):
    headings = ["Client ID", "RNE", "LS", "LEE", "ANN", "Brough", "ABCDE", "Incident Date", "Forename", "Type"]
    rows = [[f"Q{n % 9}", "x", "x", "x", "x", "x", "x", day, "Ann", "ASB"] for n, day in enumerate(days(40))]
    rows[7][2] = "Lee"
    found = drafted(tmp_path, [headings, *rows])
    assert "# not mapped: RNE, LS, column 4, column 5, column 6, column 7, Forename\n" in found.text
    assert [name for name in ("LEE", "ANN", "Brough", "ABCDE") if name in shown(found)] == []


def test_in_a_refusal_no_abbreviation_is_shown_for_the_row_may_be_one_of_values(tmp_path):
    rows = [["PersonID", "RNE", "Type"], *([f"Q{n}", "x", "ASB"] for n in range(40))]
    with pytest.raises(InputError, match="under the headings PersonID, column 2, Type feed no table"):
        drafted(tmp_path, rows)


@pytest.mark.parametrize("has_table", [True, False])
def test_a_sheet_that_could_be_named_after_somebody_is_told_by_its_number(tmp_path, has_table):
    book = openpyxl.Workbook()
    book.active.title = "Oliver Smith"
    book.create_sheet("Amelia Jones")
    for row in [HEADINGS, *incidents()] if has_table else [["a note"]]:
        book["Amelia Jones"].append(row)
    book.save(tmp_path / "book.xlsx")
    if not has_table:
        with pytest.raises(InputError, match=r"sheet 1 left out.*sheet 2 left out") as refused:
            draft(tmp_path / "book.xlsx")
        assert "Smith" not in str(refused.value) and "Amelia" not in str(refused.value)
        return
    found = draft(tmp_path / "book.xlsx")
    assert "Smith" not in shown(found)
    assert [line.split(":")[0].strip() for line in shown(found).splitlines() if "Amelia" in line] == ["format"]
    with pytest.raises(InputError) as refused:
        draft(tmp_path / "book.xlsx", sheet="Oliver Smiht")
    assert "Smith" not in str(refused.value)


LETTERS = "abcdefghijklmnop"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(with_canaries()[1:], id="no headings"),
        pytest.param([[f"{CANARY} {sign}", f"{sign} Lee"] for sign in LETTERS], id="no headings over different names"),
        pytest.param([[f"{CANARY} Day", f"Town {n % 2}"] for n in range(9)], id="no headings over repeated names"),
        pytest.param([[f"{CANARY} Day", "Female"], ["Lee", "Male"]], id="no headings over names and sexes"),
        pytest.param([["Shop", "Colour no"], *(row[1:3] for row in with_canaries()[1:])], id="no table of ours"),
        pytest.param([row[:1] for row in with_canaries()], id="one column"),
    ],
)
def test_nor_is_one_in_a_refusal(tmp_path, rows):
    with pytest.raises(InputError) as refused:
        drafted(tmp_path, rows)
    assert [secret for secret in SECRETS if secret in str(refused.value)] == []
