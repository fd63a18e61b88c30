"""Who belongs to which family and who lives where: the truth and housing's rows tell one story."""

import numpy as np
import pandas as pd
import pytest

from synthetic import generate
from synthetic.presets import load_preset
from synthetic.rates import FaultRates, HouseholdRates
from synthetic.spans import Spans

NO_FAULTS = FaultRates(**dict.fromkeys(FaultRates.model_fields, 0.0))
CHANGES = HouseholdRates(moves=0.2, splits=0.06, merges=0.06, fostering=1.0, temporary=0.02, refuges=0.02)
SMALL = load_preset("oxfordshire").model_copy(
    update={"families": 2_000, "started": 80, "faults": NO_FAULTS, "household_changes": CHANGES}
)
DAYS = [pd.Timestamp(day) for day in ("2009-04-02", "2010-09-15", "2012-02-29", "2013-11-30", "2015-03-31")]
LATER = pd.Timestamp("2200-01-01")


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return generate(SMALL, 5, tmp_path_factory.mktemp("households") / "county", faults=True)


@pytest.fixture(scope="module")
def members(county):
    rows = pd.read_parquet(county / "truth" / "members.parquet")
    return rows.assign(
        start_date=pd.to_datetime(rows["start_date"]), end_date=pd.to_datetime(rows["end_date"]).fillna(LATER)
    )


@pytest.fixture(scope="module")
def residences(county):
    rows = pd.read_csv(county / "extracts" / "housing_residences.csv", dtype=str)
    links = pd.read_parquet(county / "truth" / "links.parquet").query("agency == 'housing'")
    rows = rows.merge(links, left_on="Member Ref", right_on="local_id")
    start, end = (pd.to_datetime(rows[name], format="%d/%m/%Y") for name in ("Moved in", "Moved out"))
    return rows.assign(start_date=start, end_date=end.fillna(LATER))


@pytest.fixture(scope="module")
def care(county):
    rows = pd.read_excel(
        county / "extracts" / "childrens_services.xlsx", sheet_name="Involvements", dtype=str, engine="openpyxl"
    )
    links = pd.read_parquet(county / "truth" / "links.parquet").query("agency == 'childrens_services'")
    rows = rows[rows["Status"] == "LAC"].merge(links, left_on="Child ID", right_on="local_id")
    start, end = (pd.to_datetime(rows[name], format="%d/%m/%Y") for name in ("From", "To"))
    return rows.assign(start_date=start, end_date=end.fillna(LATER))


def on(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    return rows[(rows["start_date"] <= day) & (day < rows["end_date"])]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_everybody_lives_in_one_home_and_belongs_to_one_family_at_most(members, residences, day):
    family, home = on(members, day), on(residences, day)
    assert family["person_id"].is_unique
    assert home["person_id"].is_unique
    assert set(family["person_id"]) <= set(home["person_id"])


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_family_shares_a_home_unless_a_child_is_looked_after(members, residences, care, day):
    rows = on(members, day).merge(on(residences, day)[["person_id", "UPRN", "Postcode"]], on="person_id")
    at_home = rows[~rows["person_id"].isin(on(care, day)["person_id"])]
    assert (at_home.groupby("family_id")["UPRN"].nunique() == 1).all()
    assert (at_home.groupby("family_id")["Postcode"].nunique() == 1).all()
    shared = at_home.groupby("UPRN")["family_id"].nunique()
    assert shared[shared > 1].index.str.match("11[27]").all(), "only a shelter holds two families"


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_who_belongs_to_no_family_lives_alone(members, residences, day):
    home = on(residences, day)
    alone = home[~home["person_id"].isin(on(members, day)["person_id"])]
    assert (home.groupby("UPRN").size()[alone["UPRN"]] == 1).all()


def test_looked_after_children_live_elsewhere_and_stay_in_their_own_family(members, residences, care):
    day = pd.Timestamp("2013-11-30")
    away = on(care, day).merge(on(members, day), on="person_id", suffixes=("", "_true"))
    assert len(away) > 3
    assert (away["family_id"] == away["family_id_true"]).all()
    home = on(residences, day).set_index("person_id")["UPRN"]
    rest = on(members, day)[~on(members, day)["person_id"].isin(away["person_id"])].drop_duplicates("family_id")
    family_home = home[rest["person_id"]].set_axis(rest["family_id"])
    assert (home[away["person_id"]].to_numpy() != family_home.reindex(away["family_id"]).to_numpy()).all()


def test_families_move_at_about_the_rate(residences):
    """Some have left the county by the day of their move, a tenth at most; five standard deviations of a Poisson."""
    moved = residences[residences["UPRN"].str.startswith("110")]["family_id"].nunique()
    expected = SMALL.families * CHANGES.moves
    assert 0.9 * expected - 5 * np.sqrt(expected) < moved < expected + 5 * np.sqrt(expected)


def test_second_adults_leave_and_some_join_another_family_at_about_the_rates(members):
    families = members.groupby("person_id")["family_id"].nunique()
    stays = members.groupby("family_id")["end_date"].max() == LATER
    first = members.sort_values("start_date").drop_duplicates("person_id")
    left = first[(first["end_date"] < LATER) & first["family_id"].map(stays)]
    # 45 % of families have two adults; some families leave the county before, a tenth at most.
    for people, rate in ((sum(families == 2), CHANGES.merges), (len(left), CHANGES.merges + CHANGES.splits)):
        expected = 0.45 * SMALL.families * rate
        assert 0.9 * expected - 5 * np.sqrt(expected) < people < expected + 5 * np.sqrt(expected)


def test_temporary_addresses_hold_more_than_twenty_people_at_once(residences):
    hostels = residences[residences["UPRN"].str.startswith("112")]
    assert hostels["UPRN"].nunique() == round(CHANGES.temporary * SMALL.families / 10)
    for _, rows in hostels.groupby("UPRN"):
        assert max(len(on(rows, day)) for day in rows["start_date"]) > 20
        assert (rows["end_date"] < LATER).all()
        assert rows["family_id"].nunique() == 10


def test_refuges_hold_four_families_that_come_and_go_on_days_of_their_own(residences):
    refuges = residences[residences["UPRN"].str.startswith("117")]
    assert refuges["UPRN"].nunique() == round(CHANGES.refuges * SMALL.families / 4)
    shared = 0
    for _, rows in refuges.groupby("UPRN"):
        assert rows["family_id"].nunique() == 4
        assert (rows["end_date"] < LATER).all()
        days = rows.groupby("family_id").agg({"start_date": "min", "end_date": "max"}).sort_values("start_date")
        shared += days["start_date"].iloc[1] < days["end_date"].iloc[0]
    assert shared > 0.8 * refuges["UPRN"].nunique(), "most hold two families at once"


def test_moves_stay_within_the_district(residences):
    assert (residences.groupby("family_id")["District"].nunique() == 1).all()


def test_nobody_s_life_is_touched(county, tmp_path):
    clean = generate(SMALL, 5, tmp_path / "clean")
    for name in ("effects", "families"):
        left, right = (pd.read_parquet(folder / "truth" / f"{name}.parquet") for folder in (county, clean))
        pd.testing.assert_frame_equal(left, right)
    for name in ("police_incidents.csv", "yos_offences.csv", "dwp_benefits.csv", "education_attendance.parquet"):
        assert (county / "extracts" / name).read_bytes() == (clean / "extracts" / name).read_bytes()


@pytest.mark.parametrize("change", ["splits", "merges", "temporary", "refuges", "moves"])
def test_switching_one_change_off_leaves_the_other_families_where_they_were(change, residences, tmp_path):
    rates = CHANGES.model_copy(update={change: 0.0, "fostering": 0.0})
    preset = SMALL.model_copy(update={"household_changes": rates})
    folder = generate(preset, 5, tmp_path / "county", faults=True)
    rows = pd.read_csv(folder / "extracts" / "housing_residences.csv", dtype=str)
    series = {"moves": "110", "temporary": "11[12]", "splits": "113", "merges": "114"}
    series |= {"refuges": "11[67]"}
    uprns = residences["UPRN"][~residences["UPRN"].str.startswith("115")]
    assert set(uprns[~uprns.str.match(series[change])]) == set(rows["UPRN"])


def test_spans_are_cut_joined_and_followed():
    days = np.array(["2010-01-01", "2010-02-01", "2010-03-01", "2010-04-01"], dtype="datetime64[D]")
    home = Spans(np.array([1]), np.array([7]), days[:1], days[3:])
    away = Spans(np.array([1]), np.array([9]), days[1:2], days[2:3])
    found = home.interrupted(away)
    assert found.what.tolist() == [7, 9, 7]
    assert found.start.tolist() == days[:3].tolist()
    assert found.end.tolist() == days[1:].tolist()
    back = found.interrupted(Spans(np.array([1]), np.array([7]), days[1:2], days[2:3]))
    assert (back.what.tolist(), back.start.tolist(), back.end.tolist()) == ([7], [days[0].item()], [days[3].item()])
    of_home = Spans(np.array([7, 7]), np.array([70, 71]), days[[0, 2]], days[[2, 3]])
    assert home.through(of_home).what.tolist() == [70, 71]
