"""Families identified in each district beside the number that was allocated to it: tiny counties, visible numbers."""

import pytest
import yaml

from tests.cohort_county import SmallCounty, small_county
from tf_eval import project
from tf_eval.cohort import build_cohort, load_programme
from tf_eval.cohort.allocation import AllocationTable
from tf_eval.errors import ConfigError, InputError

OXFORDSHIRE, KENT = (f"params/programmes/{name}_2012.yaml" for name in ("oxfordshire", "kent"))
ALLOCATION = {
    "area": ["north", "south"],
    "total": {"families": 36, "quote": "36 families", "source": "a letter"},
    "districts": {
        "south": {
            "families": 4,
            "window": {"from": "2012-04-01", "until": "2013-04-01"},
            "quote": "4 this year",
            "source": "a report",
        }
    },
}


@pytest.fixture
def programme(tmp_path):
    def write(allocation):
        document = yaml.safe_load(project.locate(OXFORDSHIRE).read_text(encoding="utf-8"))
        document["allocation"] = allocation
        path = tmp_path / "programme.yaml"
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        return load_programme(path)

    return write


def county() -> SmallCounty:
    """Four families: three in the north of whom one is identified, and one in the south, in the second year."""
    county = small_county()
    for family, district, offence in ((1, "north", "2012-06-01"), (2, "north", None), (3, "north", None)):
        add_family(county, family, district, offence)
    add_family(county, 4, "south", "2013-06-01")
    return county


def add_family(county: SmallCounty, family: int, district: str | None, offence: str | None) -> None:
    county.family(family, ["1975-05-05", "1999-04-10"], district)
    county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")
    county.spell(family * 10 + 1, "off_roll", "2011-01-01")
    if offence:
        county.event(family * 10 + 1, "proven_offence", offence)


def rows_of(table: AllocationTable) -> list[list]:
    rows = table.table().astype(object)
    return rows.where(rows.notna(), None).to_numpy().tolist()


def test_the_countys_number_is_spread_as_families_with_children_are_and_evenly_over_time(programme):
    """36 over four families in three years is 27 to the north; 3 to the south in the first year (365 of 1,095 days)."""
    table = build_cohort(county(), programme(ALLOCATION)).allocation()
    north, first, rest = rows_of(table)
    assert north == ["north", "", 1, None, 27, -26]
    assert first == ["south", "from April 2012 to before April 2013", 0, 4, pytest.approx(3), pytest.approx(-3)]
    assert rest == ["south", "at other times", 1, None, pytest.approx(6), pytest.approx(-5)]


def test_the_rows_come_to_the_whole(programme):
    cohort = build_cohort(county(), programme(ALLOCATION))
    table = cohort.allocation()
    assert sum(row.extrapolated for row in table.rows) == pytest.approx(36)
    assert table.identified == cohort.families["qualified_on"].notna().sum()


@pytest.mark.parametrize(("offence", "counted"), [("2013-03-31", [1, 0]), ("2013-04-01", [0, 1])])
def test_a_period_ends_before_its_last_day(programme, offence, counted):
    small = county()
    small.tables["event"] = [row for row in small.tables["event"] if row[3] != 4]
    small.event(41, "proven_offence", offence)
    rows = build_cohort(small, programme(ALLOCATION)).allocation().rows
    assert [row.identified for row in rows if row.district == "south"] == counted


def test_a_district_outside_the_area_and_a_home_that_is_not_known_have_rows_of_their_own(programme):
    small = county()
    add_family(small, 5, "elsewhere", "2012-06-01")
    add_family(small, 6, "north", "2012-06-01")
    homes = small.tables["family_home"]
    homes[-1] = (6, None, *homes[-1][2:])
    rows = build_cohort(small, programme(ALLOCATION)).allocation().rows
    assert [(row.district, row.identified) for row in rows] == [
        ("north", 1), ("south", 0), ("south", 1), ("elsewhere", 1), ("not known", 1)
    ]  # fmt: skip


def test_where_the_records_do_not_cover_the_area_nothing_is_spread(programme):
    table = build_cohort(county(), programme({**ALLOCATION, "area": ["north", "south", "west"]})).allocation()
    assert [row.extrapolated for row in table.rows] == [None] * 3
    assert [row.difference for row in table.rows] == [None] * 3
    assert "do not cover the whole area" in table.summary()
    assert table.to_dict()["not_spread"]


def test_the_documents_numbers_stand_in_their_programmes():
    oxfordshire, kent = (load_programme(path).allocation for path in (OXFORDSHIRE, KENT))
    assert (oxfordshire.total.families, kent.total.families) == (810, 2560)
    assert "810" in oxfordshire.total.quote
    assert "2560" in kent.total.quote
    dartford = kent.districts["Dartford"]
    assert (dartford.families, str(dartford.window.until)) == (40, "2013-04-01")
    assert len(kent.area) == 12


def test_no_small_count_is_told_by_default(programme):
    table = build_cohort(county(), programme(ALLOCATION)).allocation()
    assert repr(table.rows).count("fewer than 10 families") == 3
    assert "fewer than 10" in repr(table)
    assert "family_id" not in str(table.to_dict())


def test_it_can_be_drawn(programme):
    ax = build_cohort(county(), programme(ALLOCATION)).allocation().plot()
    assert ax.get_yticklabels()[0].get_text() == "north"
    assert len(ax.patches) == 3


def test_a_programme_without_an_allocation_has_no_such_table(programme):
    with pytest.raises(InputError, match="states none"):
        build_cohort(county(), programme(None)).allocation()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"area": []}, "allocation.area"),
        ({"districts": {"souht": ALLOCATION["districts"]["south"]}}, "no district 'souht'. Did you mean 'south'?"),
        ({"total": {"families": 0, "quote": "q", "source": "s"}}, "allocation.total.families"),
        ({"total": {"families": 9, "quote": "q"}}, "the key 'source' is missing"),
        (
            {"total": {**ALLOCATION["total"], "window": {"from": "2012-04-01", "until": "2013-04-01"}}},
            "programme's own",
        ),
        (
            {
                "districts": {
                    "south": {
                        **ALLOCATION["districts"]["south"],
                        "window": {"from": "2011-04-01", "until": "2012-04-01"},
                    }
                }
            },
            "must lie within",
        ),
    ],
)
def test_a_slip_in_an_allocation_is_refused_with_its_place(programme, change, told):
    with pytest.raises(ConfigError) as refused:
        programme({**ALLOCATION, **change})
    assert told in str(refused.value)
