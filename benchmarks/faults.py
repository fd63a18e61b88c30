"""Are planted faults found, people linked and families made right? On a synthetic county with every fault switched on.

    python -m benchmarks.faults                                  # Oxfordshire, seed 2012
    python -m benchmarks.faults --preset dartford --seed 40

It makes the preset's county twice, with faults and without, builds both, and prints: for each kind of fault how many
were planted and how many the check found (of the places on provision that the sources file leaves out it finds none: 13
overlapping spells, 5 orphans, 4 rows twice and 3 ends before starts of Oxfordshire's seed 2012); how many problems it
found in the county without faults (there must be none); precision and recall over pairs of records of one person, for
each way of linking; on three dates the share of families with children whose members are exactly the true ones; and the
same, over the first days of all quarters, for families that share a property number with other families.
"""

import argparse
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

import synthetic
import tf_eval as tf
from benchmarks.coverage import relocated_sources
from tf_eval.data.layout import LINKAGES
from tf_eval.data.linking_store import LinkingStore

DATES = ("2010-04-01", "2012-04-01", "2014-04-01")
QUARTERS = pd.date_range("2009-07-01", "2015-01-01", freq="QS")
ADULT_AGE = pd.DateOffset(years=18)
ALWAYS = pd.Timestamp("2200-01-01")
# A change of recording counts as found if it is said to begin at most so many months too early or too late.
MONTHS_OFF = 3
# What can only be seen beside another record of the same person that says otherwise in these columns: a person with one
# record has none, and a nickname that all of a person's records have is a name.
NAME = ("forename", "surname")
BY_COMPARISON = {
    "misspelt_name": NAME,
    "swapped_names": NAME,
    "nickname": NAME,
    "birth_date_typo": ("birth_date",),
    "duplicate_person": ("local_id",),
    "twins": ("local_id",),
}
# An earlier home is no error of the agency: whether its records are linked all the same is scored below.
FOR_LINKAGE_ALONE = ("stale_postcode",)
TWINS = "twins kept apart"
ROW = ["file", "table_name", "row_number"]
_MONTHS = pd.date_range("2000-01-01", periods=12, freq="MS").strftime("%B").tolist()
_TERMS = {"autumn": (0, 9, 12), "spring": (1, 1, 3), "summer": (1, 4, 7)}


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "clean" / options.preset
        faulty = Path(folder) / "faulty" / options.preset
        synthetic.generate(options.preset, seed=options.seed, out=clean)
        synthetic.generate(options.preset, seed=options.seed, out=faulty, faults=True)
        alarms = _build(options.preset, clean).problems
        report(_build(options.preset, faulty), alarms)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="oxfordshire")
    parser.add_argument("--seed", type=int, default=2012)
    return parser.parse_args()


@dataclass(frozen=True, eq=False)
class Built:
    """A built county beside its truth: ``truth`` by file, ``problems``, ``links`` of each record and ``members``.

    ``residences`` are housing's rows of who lived where, by person_id.
    """

    truth: dict[str, pd.DataFrame]
    problems: pd.DataFrame
    links: pd.DataFrame
    members: pd.DataFrame
    residences: pd.DataFrame


def _build(preset: str, folder: Path) -> Built:
    county = tf.build_county(relocated_sources(preset, folder), folder=folder)
    with county.connect() as connection:
        members = connection.execute("SELECT * FROM standard.family_member").df()
    store = LinkingStore.beside(folder)
    with duckdb.connect(str(store.database), read_only=True) as connection:
        links = connection.execute(_LINKS).df()
        problems = connection.execute("FROM problem").df()
    truth = {path.stem: pd.read_parquet(path) for path in sorted((folder / "truth").glob("*.parquet"))}
    links = links.assign(pseudonym=_pseudonyms(links, store))
    return Built(truth, problems, links, members, _residences(folder, truth["links"]))


def _residences(folder: Path, links: pd.DataFrame) -> pd.DataFrame:
    """Return uprn, person_id, start_date and end_date of housing's rows; placeholders, which are no homes, left out."""
    rows = pd.read_csv(folder / "extracts" / "housing_residences.csv", dtype=str)
    rows = rows[rows["UPRN"].str.fullmatch(r"1\d{11}")]
    rows = rows.merge(links.query("agency == 'housing'"), left_on="Member Ref", right_on="local_id")
    start, end = (pd.to_datetime(rows[name], format="%d/%m/%Y") for name in ("Moved in", "Moved out"))
    return pd.DataFrame({"uprn": rows["UPRN"], "person_id": rows["person_id"], "start_date": start, "end_date": end})


_LINKS = """
    SELECT person_link.*, row_number, forename, surname, birth_date
    FROM person_link JOIN person_record USING (agency, local_id)
    ORDER BY agency, local_id
"""


def _pseudonyms(links: pd.DataFrame, store: LinkingStore) -> pd.Series:
    """Return the analysis store's number of the person of each record: that of the person's first record, keyed."""
    first = links.drop_duplicates("standard")
    numbers = store.pseudonymiser().numbers("person", first["agency"] + "\x1f" + first["local_id"])
    return links["standard"].map(dict(zip(first["standard"], numbers, strict=True)))


def report(built: Built, alarms: pd.DataFrame) -> None:
    """Print every score."""
    print(recall_by_kind(built).to_string(float_format="{:.4f}".format))
    print(f"\nproblems in the county without faults: {len(alarms)}")
    if len(alarms):
        print(alarms.groupby(["agency", "file", "rule"], dropna=False).size().to_string())
    known = built.truth["links"].merge(built.links, on=["agency", "local_id"])
    print(f"\nperson records in the linking store: {len(known):,} of {len(built.truth['links']):,}")
    for linkage in LINKAGES:
        precision, recall = pair_scores(known["person_id"], known[linkage])
        print(f"pairs of records, {linkage}: precision {precision:.4f}, recall {recall:.4f}")
    known = known.merge(built.truth["people"], on="person_id")
    for group, people in known.groupby("ethnicity"):
        print(
            f"pairs of records, standard, {group}: recall {pair_scores(people['person_id'], people['standard'])[1]:.4f}"
        )
    for day in map(pd.Timestamp, DATES):
        exact, families = exact_families(built, day)
        print(f"families with children exactly right on {day:%Y-%m-%d}: {exact / families:.4f} of {families:,}")
    scores = [exact_families(built, day, sharing_families(built, day)) for day in QUARTERS]
    exact, families = map(sum, zip(*scores, strict=True))
    print(f"of those who share a property number, in all quarters: {exact / max(families, 1):.4f} of {families:,}")


def recall_by_kind(built: Built) -> pd.DataFrame:
    """Return for each kind how many faults were planted, can be seen at all and were found by the check."""
    faults = built.truth["faults"]
    found = found_rows(faults, built.problems) | found_patterns(faults, built.problems) | found_twins(built)
    visible = ~faults["kind"].isin(BY_COMPARISON)
    for kind, columns in BY_COMPARISON.items():
        visible |= (faults["kind"] == kind) & faults["person_id"].isin(_told_in_two_ways(built, columns))
    scores = pd.DataFrame({"visible": visible, "found": found & visible}).groupby(faults["kind"]).sum()
    scores.insert(0, "planted", faults.groupby("kind").size())
    scores["recall"] = (scores["found"] / scores["visible"]).mask(scores.index.isin(FOR_LINKAGE_ALONE))
    return scores


def _told_in_two_ways(built: Built, columns: Sequence[str]) -> pd.Index:
    """Return the people whose records in the linking store do not all say the same in some columns."""
    records = built.truth["links"].merge(built.links, on=["agency", "local_id"])
    said = records[["person_id", *columns]].drop_duplicates()["person_id"].value_counts()
    return said.index[said > 1]


def found_twins(built: Built) -> pd.Series:
    """Say of each fault whether it is a twin some of whose records the check says it kept apart from the other's."""
    noted = built.problems[built.problems["rule"] == TWINS]
    people = noted.merge(built.links, on=["agency", "row_number"]).merge(
        built.truth["links"], on=["agency", "local_id"]
    )
    faults = built.truth["faults"]
    return (faults["kind"] == "twins") & faults["person_id"].isin(people["person_id"])


def found_rows(faults: pd.DataFrame, problems: pd.DataFrame) -> pd.Series:
    """Say of each fault whether the check has a line about its row of its file."""
    noted = problems.dropna(subset=["row_number"])
    rows = set(zip(*(noted[name] for name in ROW), strict=True))
    return pd.Series([row in rows for row in zip(*(faults[name] for name in ROW), strict=True)], index=faults.index)


def found_patterns(faults: pd.DataFrame, problems: pd.DataFrame) -> pd.Series:
    """Say of each fault whether it is a pattern and the check has a line about its agency and place."""
    lines = problems[problems["severity"] == "pattern"].dropna(subset=["place"])
    places = {agency: list(rows) for agency, rows in lines.groupby("agency")["place"]}
    found = [
        isinstance(fault.place, str)
        and any(places_agree(fault.kind, fault.place, place) for place in places.get(fault.agency, ()))
        for fault in faults.itertuples()
    ]
    return pd.Series(found, index=faults.index, dtype=bool)


def places_agree(kind: str, planted: str, found: str) -> bool:
    """Return whether the check's words for a place speak of the planted one.

    Args:
        kind: the kind of the fault, which says what has to agree.
        planted: such as ``Cherwell, asb_incident, 2012-03 to 2015-03``.
        found: such as ``Cherwell, asb_incident, from March 2012 on``.
    """
    district, subject, period = planted.split(", ")
    first, last = months_of(period)
    months = months_of(found)
    if months is None or months[0] > last or first > months[1]:
        return False
    if kind == "missing_term":
        return subject.removeprefix("school ") in found
    if district not in found and "all districts" not in found:
        return False
    return kind == "missing_month" or (subject in found and abs(months[0] - first) <= MONTHS_OFF)


def months_of(words: str) -> tuple[int, int] | None:
    """Return the first and the last month (year * 12 + month - 1) that some words speak of, None without any."""
    names = "|".join(_MONTHS)
    months = [12 * int(year) + _MONTHS.index(name) for name, year in re.findall(rf"({names}) (\d{{4}})", words)]
    months += [12 * int(year) + int(month) - 1 for year, month in re.findall(r"\b(\d{4})-(\d\d)\b", words)]
    for term, autumn in re.findall(rf"({'|'.join(_TERMS)}) term (\d{{4}})/\d\d", words):
        later, first, last = _TERMS[term]
        months += [12 * (int(autumn) + later) + month - 1 for month in (first, last)]
    if not months:
        return None
    return min(months), max(months) if not words.endswith(" on") else 12 * ALWAYS.year


def pair_scores(true: Iterable[int], found: Iterable[int]) -> tuple[float, float]:
    """Return precision and recall over all pairs of records.

    Args:
        true: the true person of each record.
        found: the person whom each record was linked to, in the same order.
    """
    people = pd.DataFrame({"true": np.asarray(true), "found": np.asarray(found)})
    both = _pairs(people.value_counts())
    return both / max(_pairs(people["found"].value_counts()), 1), both / max(_pairs(people["true"].value_counts()), 1)


def _pairs(sizes: pd.Series) -> int:
    return int((sizes.astype(np.int64) * (sizes - 1) // 2).sum())


def sharing_families(built: Built, day: pd.Timestamp) -> pd.Index:
    """Return the true families of which two people at least live, all month, under a UPRN with two of another."""
    rows = built.residences
    end = rows["end_date"].fillna(ALWAYS)
    here = rows[(rows["start_date"] < day) & (end > day + pd.DateOffset(months=1))]
    people = here.merge(members_on(built.truth["members"], day)[["person_id", "family_id"]], on="person_id")
    present = people.drop_duplicates().groupby(["uprn", "family_id"])["person_id"].nunique()
    several = present[present > 1].reset_index()
    shared = several["uprn"].duplicated(keep=False)
    return pd.Index(several["family_id"][shared].unique())


def exact_families(built: Built, day: pd.Timestamp, among: pd.Index | None = None) -> tuple[int, int]:
    """Return how many true families with children have exactly their members on a day, and how many there are.

    ``among`` are the families that count; by default all do.

    Everybody is known by housing's record, for that is what families are made from. The analysis store keeps months,
    not days, of joining and leaving, so the truth is read by months as well.
    """
    housing = built.truth["links"].query("agency == 'housing'").merge(built.links, on=["agency", "local_id"])
    known_as = dict(zip(housing["person_id"], housing["pseudonym"], strict=True))
    members = members_on(built.truth["members"], day)
    if among is not None:
        members = members[members["family_id"].isin(among)]
    births = built.truth["people"].set_index("person_id")["birth_date"]
    is_child = pd.to_datetime(members["person_id"].map(births)) + ADULT_AGE > day
    with_children = members[members["family_id"].isin(members["family_id"][is_child])]
    return families_right(with_children, members_on(built.members, day), known_as)


def members_on(members: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return who belongs to which family in the month that begins on ``day``."""
    start, end = (pd.to_datetime(members[name]).dt.to_period("M") for name in ("start_date", "end_date"))
    month = day.to_period("M")
    return members[(start <= month) & ((end > month) | end.isna())]


def families_right(true: pd.DataFrame, found: pd.DataFrame, known_as: dict[int, int]) -> tuple[int, int]:
    """Return how many of the true families were found with exactly their members, and how many true ones there are.

    Args:
        true: family_id and person_id of the true members.
        found: the same of the found ones, who are numbered otherwise.
        known_as: the found number of each true person.
    """
    sets = {frozenset(people) for _, people in found.groupby("family_id")["person_id"]}
    families = [list(people) for _, people in true.groupby("family_id")["person_id"]]
    right = sum(
        frozenset(known_as.get(person) for person in family) in sets
        and len({known_as.get(person) for person in family}) == len(family)
        for family in families
    )
    return right, len(families)


if __name__ == "__main__":
    main()
