"""Who is one person: tiny tables in, visible answers out."""

import logging
import sys
from collections import defaultdict
from datetime import date
from random import Random

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from synthetic.identities import nhs_numbers, upns
from tf_eval.data.contract import PERSON_RECORD
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.linking.link import Linkage, link_people
from tf_eval.data.linking.rates import linkage_rates
from tf_eval.data.linking.records import write_records
from tf_eval.errors import InputError

LEVELS = ("strict", "standard", "loose")
BORN = date(1990, 3, 14)
HERE, THERE = "OX1 1AA", "OX4 9ZZ"
NUMBERS = np.random.default_rng(1)
NHS, OTHER_NHS = nhs_numbers(NUMBERS, 2).tolist()
UPN, OTHER_UPN = upns(NUMBERS, 2).tolist()
NINO, OTHER_NINO = "QQ100000A", "QQ999999B"
SOUND = {"nhs_number": (NHS, OTHER_NHS), "upn": (UPN, OTHER_UPN), "nino": (NINO, OTHER_NINO)}


def record(agency: str, local_id: str, forename: str | None = "Ann", surname: str | None = "Lee", **other) -> dict:
    names = {"agency": agency, "local_id": local_id, "forename": forename, "surname": surname}
    return {"birth_date": BORN, "sex": "female", **names, **other}


def table(*records: dict) -> pa.Table:
    kinds = {column.name: pa.date32() if column.type == "date" else pa.string() for column in PERSON_RECORD.columns}
    return pa.table({name: pa.array([row.get(name) for row in records], kind) for name, kind in kinds.items()})


def link(*records: dict, **options) -> Linkage:
    return link_people(table(*records), **options)


def people(*records: dict, level: str = "standard", **options) -> list[set[str]]:
    """Return the records of each person, as agency + local_id, in the order of the person's number."""
    found = defaultdict(set)
    for row in link(*records, **options).person_link.to_pylist():
        found[row[level]].add(row["agency"] + row["local_id"])
    assert sorted(found) == list(range(1, len(found) + 1))
    return [found[number] for number in sorted(found)]


def apart(*records: dict, **options) -> bool:
    links = link(*records, **options).person_link
    return all(len(set(links[level].to_pylist())) == len(records) for level in LEVELS)


def together(*records: dict, level: str = "standard", **options) -> bool:
    return len(people(*records, level=level, **options)) == 1


def notes(*records: dict) -> list[tuple]:
    return [tuple(row.values())[:4] for row in link(*records).conflicts.to_pylist()]


def decisions(*rows: tuple) -> pa.Table:
    names = ("agency_1", "local_id_1", "agency_2", "local_id_2", "same")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


@pytest.mark.parametrize("kind", SOUND)
def test_a_shared_identifier_makes_one_person_whatever_the_name(kind):
    one = record("a", "1", "Ann", "Lee", **{kind: SOUND[kind][0]})
    other = record("b", "1", "Jo", "Ray", **{kind: f" {SOUND[kind][0][:3]} {SOUND[kind][0][3:].lower()}"})
    assert together(one, other, level="strict")


@pytest.mark.parametrize("kind", ["nhs_number", "upn"])
def test_an_identifier_that_fails_its_check_links_nobody(kind):
    sound = SOUND[kind][0]
    mistyped = sound[:-1] + str((int(sound[-1]) + 1) % 10)
    assert apart(record("a", "1", "Ann", "Lee", **{kind: mistyped}), record("b", "1", "Jo", "Ray", **{kind: mistyped}))


def test_identifiers_connect_through_a_third_record():
    housing = record("h", "1", nhs_number=NHS, upn=UPN)
    health, school = record("c", "7", "Bea", nhs_number=NHS), record("e", "8", "Cat", upn=UPN)
    assert people(health, school, housing) == [{"c7", "e8", "h1"}]


def test_an_identifier_with_two_birth_dates_links_nobody_and_is_told():
    one, other = record("a", "1", nhs_number=NHS), record("b", "1", nhs_number=NHS, birth_date=date(1961, 7, 2))
    assert apart(one, other)
    assert notes(one, other) == [
        ("a", "1", "nhs_number", "one identifier, two birth dates"),
        ("b", "1", "nhs_number", "one identifier, two birth dates"),
    ]


def test_an_identifier_of_two_people_born_alike_is_told():
    one = record("a", "1", nhs_number=NHS)
    other = record("b", "1", "Tom", "Day", sex="male", nhs_number=NHS)
    assert apart(one, other)
    assert {note[3] for note in notes(one, other)} == {"one identifier, two people"}


def test_a_borrowed_identifier_keeps_nobody_from_the_records_that_are_theirs():
    owner = record("h", "1", "Tom", "Day", sex="male", birth_date=date(1961, 7, 2), nhs_number=NHS)
    borrower, known = record("p", "1", nhs_number=NHS), record("h", "2", nhs_number=OTHER_NHS)
    assert people(owner, borrower, known) == [{"h1"}, {"h2", "p1"}]


def test_a_missing_birth_date_is_no_second_birth_date():
    assert together(record("a", "1", nhs_number=NHS), record("b", "1", nhs_number=NHS, birth_date=None), level="strict")


def test_names_agree_whatever_their_case_accents_blanks_and_apostrophes():
    assert together(record("a", "1", "Zoë", "O'Brien-Lee"), record("b", "1", "ZOE", "OBrien Lee"), level="strict")


@pytest.mark.parametrize("birth_date", [None, date(1975, 8, 2)])
def test_a_name_alone_makes_nobody_one_person(birth_date):
    assert apart(record("a", "1"), record("b", "1", birth_date=birth_date))


def test_another_sex_makes_a_name_and_birth_date_less_than_certain():
    pair = record("a", "1"), record("b", "1", sex="male")
    assert not together(*pair, level="strict")
    assert together(*pair, level="loose")


@pytest.mark.parametrize(
    "fault",
    [
        {"forename": "Elizabteh"},
        {"forename": "Elizabet", "surname": "Hendersen"},
        {"forename": "Liz"},
        {"forename": "Henderson", "surname": "Elizabeth"},
        {"birth_date": date(1990, 1, 1)},
        {"birth_date": date(1990, 12, 3)},
        {"birth_date": date(1990, 3, 15)},
        {"birth_date": None},
        {"sex": None},
    ],
    ids=["letters", "typos", "short", "exchanged", "1 January", "day and month", "digit", "no birth date", "no sex"],
)
def test_one_fault_at_the_same_home_hides_nobody(fault):
    known = {"forename": "Elizabeth", "surname": "Henderson", "birth_date": date(1990, 3, 12), "postcode": HERE}
    assert together(record("a", "1", **known), record("b", "1", **(known | fault)))


def test_whoever_moved_is_known_by_a_nearly_right_name_and_the_birth_date():
    one = record("a", "1", "Elizabeth", "Henderson", postcode=HERE)
    assert together(one, record("b", "1", "Elizabeth", "Hendersen", postcode=THERE))


def test_1_january_says_no_more_than_the_year():
    day = date(1990, 1, 1)
    assert not together(record("a", "1", birth_date=day), record("b", "1", birth_date=day), level="strict")
    pair = record("a", "1", birth_date=day, postcode=HERE), record("b", "1", birth_date=day, postcode=HERE)
    assert together(*pair)


def test_twins_stay_two_people_and_are_told():
    home = {"birth_date": date(2005, 3, 14), "postcode": HERE}
    twins = [record("h", "1", "Ann", nhs_number=NHS, **home), record("h", "2", "Bea", nhs_number=OTHER_NHS, **home)]
    found = people(*twins, record("p", "1", "Ann", **home), record("p", "2", "Bea", **home))
    assert found == [{"h1", "p1"}, {"h2", "p2"}]
    assert notes(*twins) == [("h", "1", "forename", "twins kept apart"), ("h", "2", "forename", "twins kept apart")]


def test_father_and_son_of_one_name_share_no_record_without_a_birth_date():
    father = record("h", "1", postcode=HERE, nino=NINO)
    son = record("h", "2", postcode=HERE, birth_date=date(2012, 8, 1), upn=UPN)
    unknown = record("p", "1", postcode=HERE, birth_date=None)
    assert apart(father, son, unknown)
    assert ("p", "1", "surname", "may be one of several people") in notes(father, son, unknown)


def test_two_people_of_one_name_and_birth_date_are_told_apart_by_postcode_or_not_at_all():
    one, other = record("h", "1", nhs_number=NHS, postcode=HERE), record("h", "2", nhs_number=OTHER_NHS, postcode=THERE)
    known, unknown = record("p", "1", postcode="ox11aa"), record("p", "2", postcode="SN7 7YY")
    assert people(one, other, known, unknown) == [{"h1", "p1"}, {"h2"}, {"p2"}]
    assert ("p", "2", "surname", "same name and birth date, different people") in notes(one, other, known, unknown)


def test_two_sound_identifiers_of_one_kind_never_meet_in_a_person():
    first, second = record("h", "1", nhs_number=NHS), record("c", "1", nhs_number=OTHER_NHS)
    assert apart(first, second)
    found = people(first, second, record("e", "1", "Ann", "Leigh"), record("p", "1"))
    assert not any({"h1", "c1"} <= person for person in found)


def test_a_mistyped_nino_is_no_other_person():
    assert together(record("h", "1", nino="QQ123456A"), record("d", "1", nino="QQ123465A"), level="strict")
    assert apart(record("h", "1", nino=NINO), record("d", "1", nino=OTHER_NINO))


def test_a_person_twice_in_one_agency_is_one_and_is_told():
    rows = record("p", "1"), record("p", "2")
    assert people(*rows) == [{"p1", "p2"}]
    assert notes(*rows) == [("p", n, "local_id", "same person twice in one agency") for n in ("1", "2")]


def test_two_records_of_one_agency_are_two_people_unless_they_agree_strongly():
    assert len(people(record("p", "1"), record("p", "2", birth_date=date(1990, 3, 15)))) == 2


def test_a_name_that_differs_is_noted_at_the_rarer_spelling():
    rows = [record(agency, "1", nhs_number=NHS) for agency in "ab"] + [record("c", "1", "Anm", nhs_number=NHS)]
    assert notes(*rows) == [("c", "1", "forename", "name differs from the person's other records")]


def test_exchanged_names_are_noted_as_such():
    rows = [record(agency, "1", nhs_number=NHS) for agency in "ab"] + [record("c", "1", "Lee", "Ann", nhs_number=NHS)]
    assert notes(*rows) == [("c", "1", "forename", "forename and surname exchanged")]


def test_1_january_is_the_birth_date_that_is_noted():
    known = {"nhs_number": NHS}
    rows = [record(agency, "1", birth_date=date(1990, 1, 1), **known) for agency in "ab"] + [record("c", "1", **known)]
    told = [note for note in notes(*rows) if note[3] == "birth date differs from the person's other records"]
    assert {("a", "1", "birth_date"), ("b", "1", "birth_date")} <= {note[:3] for note in told}


def test_a_clerk_reads_what_agrees_and_what_differs_and_no_value():
    rows = record("a", "1", postcode=HERE), record("b", "1", sex="male")
    (pair,) = link(*rows).review.to_pylist()
    assert pair["reason"] == "forename, surname and birth date agree, sex differs; no postcode to compare"
    assert 0.5 <= pair["probability"] < 0.99
    assert not {"Ann", "Lee", "OX1"} & set(pair["reason"].replace(",", " ").split())


def test_what_a_clerk_decided_holds_at_every_level():
    one, other = record("a", "1", "Ann", "Lee"), record("b", "1", "Jo", "Ray", birth_date=None)
    assert apart(one, other)
    for level in LEVELS:
        assert together(one, other, level=level, decisions=decisions(("b", "1", "a", "1", True)))
    same = record("a", "1", nhs_number=NHS), record("b", "1", nhs_number=NHS)
    assert together(*same)
    assert apart(*same, decisions=decisions(("a", "1", "b", "1", False)))


def test_a_decision_about_a_record_that_has_gone_waits():
    assert together(record("a", "1"), record("b", "1"), decisions=decisions(("a", "1", "b", "9", False)))


def test_decisions_that_contradict_one_another_are_refused_without_naming_anybody():
    answers = decisions(("a", "1", "b", "1", True), ("b", "1", "c", "1", True), ("a", "1", "c", "1", False))
    with pytest.raises(InputError, match="decisions: row 3 keeps two records apart") as refusal:
        link(record("a", "1"), record("b", "1"), record("c", "1"), decisions=answers)
    assert "'1'" not in str(refusal.value)


def test_a_decision_is_named_by_its_own_row():
    answers = decisions(("a", "1", "b", "1", True), ("a", "1", "b", "1", False)).append_column("row", [[7, 19]])
    with pytest.raises(InputError, match="decisions: row 19 keeps two records apart"):
        link(record("a", "1"), record("b", "1"), decisions=answers)


def test_decisions_without_a_column_are_refused():
    with pytest.raises(InputError, match="no column 'same'"):
        link(record("a", "1"), decisions=decisions(("a", "1", "b", "1", True)).drop_columns("same"))


CHILD = {"surname": "Smith", "birth_date": date(2005, 5, 17), "postcode": HERE}


@pytest.mark.parametrize(
    "names", [("Ella", "Bella"), ("Mia", "Nia"), ("A", "B"), ("伟", "军"), ("मीना", "मोना")], ids=lambda names: names[0]
)
def test_twins_with_names_alike_are_two_people(names):
    one, other = (record("h", name, name, **CHILD) for name in names)
    assert apart(one, other)
    assert {note[3] for note in notes(one, other)} >= {"twins kept apart"}
    school = [record("s", name, name, **CHILD) for name in names]
    assert all(len(people(one, other, *school, level=level)) == 2 for level in LEVELS)
    assert not together(one, school[1], level="strict")


def test_names_alike_in_one_agency_are_for_a_clerk():
    (pair,) = link(record("h", "1", "Ella", **CHILD), record("h", "2", "Bella", **CHILD)).review.to_pylist()
    assert pair["reason"].endswith("forename is nearly the same; same postcode; one agency has both")


@pytest.mark.parametrize("birth_date", [None, date(2005, 1, 1)])
def test_without_a_whole_birth_date_siblings_are_two_people(birth_date):
    one, other = record("h", "1", "Ella", **CHILD), record("s", "1", "Bella", **CHILD | {"birth_date": birth_date})
    assert not together(one, other)


def test_siblings_born_on_1_january_are_two_people():
    home = CHILD | {"birth_date": date(2005, 1, 1)}
    assert not together(record("h", "1", "Ali", **home), record("s", "1", "Adi", **home))


def test_an_initial_is_no_other_name():
    assert together(record("h", "1", "A", **CHILD), record("s", "1", "Adam", **CHILD))
    assert apart(record("h", "1", "B", **CHILD), record("s", "1", "Adam", **CHILD))


def test_placeholder_names_make_nobody_one_person():
    unknown = [record(agency, "1", "UNKNOWN", "Unknown", birth_date=None, postcode=HERE) for agency in "abcd"]
    assert apart(*unknown)
    babies = record("h", "1", "Baby", **CHILD), record("s", "1", "BABY", **CHILD | {"postcode": THERE})
    assert not together(*babies)
    assert link(*babies).review.num_rows == 1


def test_one_name_and_birth_date_at_two_homes_of_one_agency_is_for_a_clerk():
    one, other = record("h", "1", postcode=HERE), record("h", "2", postcode=THERE)
    assert apart(one, other)
    assert link(one, other).review.num_rows == 1
    assert {note[3] for note in notes(one, other)} >= {"same name and birth date, different people"}
    assert people(one, other, record("p", "1", postcode=THERE)) == [{"h1"}, {"h2", "p1"}]


def test_without_a_birth_date_an_identifier_joins_only_who_bears_the_name():
    known = record("a", "1", "John", "Smith", sex="male", nino=NINO)
    for other in ({"forename": "Joan"}, {"forename": "J"}, {"forename": "John", "surname": "Day", "sex": "male"}):
        assert apart(known, record("b", "1", **{"surname": "Smith", "birth_date": None, "nino": NINO} | other))
    assert together(known, record("b", "1", "J", "Smith", sex="male", birth_date=None, nino=NINO), level="strict")


def test_one_identifier_under_many_names_without_birth_dates_joins_nobody():
    names = [(first, last) for first in ("Ann", "Bob", "Cyril", "Edgar") for last in ("Lee", "Smith", "Jones", "Khan")]
    assert apart(*(record(f"{a}{b}", "1", a, b, birth_date=None, sex=None, nhs_number=NHS) for a, b in names))


@pytest.mark.parametrize("forename", ["Ann{}", "Ann"], ids=["one surname", "one name"])
def test_many_records_of_one_name_and_birth_date_are_no_people_but_a_filled_field(forename):
    letters = [f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(101)]
    crowd = [record("h", name, forename.format(name), postcode=HERE) for name in letters]
    assert apart(*crowd)
    assert {note[3] for note in notes(*crowd)} == {"one surname and birth date, many records"}


def test_a_county_with_nothing_certain_has_a_prior_all_the_same():
    random = Random(4)
    names = [["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(2)] for _ in range(3_000)]
    homes = [f"OX{number % 60} 1AA" for number in range(len(names))]
    strangers = [record("a", str(n), *names[n], birth_date=None, postcode=homes[n]) for n in range(len(names))]
    assert len(people(*strangers)) == len(strangers)


@pytest.mark.parametrize("folder", [None, "private"])
def test_names_spill_into_the_given_folder_or_nowhere(folder, tmp_path, monkeypatch):
    used = []

    def noted(connection, records):
        used.append(connection.execute("SELECT current_setting('temp_directory')").fetchone()[0])
        write_records(connection, records)

    monkeypatch.setattr("tf_eval.data.linking.link.write_records", noted)
    spill = tmp_path / folder if folder else None
    link(record("a", "1"), spill=spill)
    assert used == [str(spill) if folder else ""]


def test_no_records_make_no_people():
    found = link_people(table())
    assert (found.person_link.num_rows, found.review.num_rows, found.conflicts.num_rows) == (0, 0, 0)


def test_splink_keeps_quiet(caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        link(record("a", "1", postcode=HERE), record("b", "1", "Anm", postcode=HERE))
    assert [entry for entry in caplog.records if entry.name.startswith("splink")] == []
    assert capfd.readouterr() == ("", "")
    assert "splink" in sys.modules


@pytest.fixture
def county():
    with duckdb.connect() as connection:
        connection.execute(COUNTY_DDL)
        connection.execute("""
            CREATE TEMP TABLE loaded_person_record (agency VARCHAR, local_id VARCHAR, postcode VARCHAR,
                ethnicity VARCHAR);
            CREATE TEMP TABLE loaded_residence (agency VARCHAR, local_id VARCHAR, uprn VARCHAR, postcode VARCHAR,
                district VARCHAR, deprivation_decile INTEGER, start_date DATE, end_date DATE);
            CREATE TEMP TABLE loaded_support (agency VARCHAR, local_id VARCHAR, intervention VARCHAR, started DATE);
            CREATE TEMP TABLE person_links (agency VARCHAR, local_id VARCHAR, strict BIGINT, standard BIGINT,
                loose BIGINT);
            CREATE TEMP TABLE family_span (person_id BIGINT, family_id BIGINT, start_date DATE, end_date DATE);
            -- h1 and p1 are one person at every level, h2 and p2 at the loose one alone.
            INSERT INTO loaded_person_record VALUES ('h', '1', 'OX1 1AA', NULL), ('p', '1', 'OX1 1AA', 'white'),
                ('h', '2', 'OX4 9ZZ', 'asian'), ('p', '2', 'ox4 9zz', NULL);
            INSERT INTO person_links VALUES ('h', '1', 1, 1, 1), ('p', '1', 1, 1, 1), ('h', '2', 2, 2, 2),
                ('p', '2', 3, 3, 2);
            INSERT INTO loaded_residence VALUES
                ('h', '1', '1', 'OX2 2BB', 'Cherwell', 5, '2009-01-01', '2010-01-01'),
                ('h', '1', '2', 'OX1 1AA', 'Oxford', 1, '2010-01-01', NULL),
                ('h', '2', '3', 'OX4 9ZZ', 'Cherwell', 2, '2009-01-01', NULL);
            INSERT INTO family_span VALUES (1, 1, '0001-01-01', '9999-12-31');
            INSERT INTO loaded_support VALUES ('h', '1', 'mentors', '2013-01-01'),
                ('p', '1', 'keyworker', '2012-01-01'), ('h', '1', 'refused', NULL)
        """)
        yield connection


def rates(connection, linkage: str, characteristic: str) -> list[tuple]:
    query = """
        SELECT agency, category, records, linked FROM linkage_rate WHERE linkage = ? AND characteristic = ? ORDER BY ALL
    """
    return connection.execute(query, [linkage, characteristic]).fetchall()


def test_linkage_rates_count_records_that_another_agency_knows(county):
    linkage_rates(county)
    assert rates(county, "standard", "all") == [("h", "all", 2, 1), ("p", "all", 2, 1)]
    assert rates(county, "loose", "all") == [("h", "all", 2, 2), ("p", "all", 2, 2)]


def test_linkage_rates_are_told_by_last_home_ethnicity_and_first_support(county):
    linkage_rates(county)
    by_district = [("h", "Cherwell", 1, 0), ("h", "Oxford", 1, 1), ("p", "Cherwell", 1, 0), ("p", "Oxford", 1, 1)]
    assert rates(county, "standard", "district") == by_district
    assert rates(county, "standard", "deprivation_decile")[:2] == [("h", "1", 1, 1), ("h", "2", 1, 0)]
    assert rates(county, "standard", "ethnicity")[:2] == [("h", "asian", 1, 0), ("h", "white", 1, 1)]
    assert rates(county, "standard", "arm") == [
        ("h", "keyworker", 1, 1),
        ("h", "none", 1, 0),
        ("p", "keyworker", 1, 1),
        ("p", "none", 1, 0),
    ]
