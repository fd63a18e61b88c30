"""Who is one person? Our linkage beside Splink's own ways on the same hard records of people who do not exist.

    python benchmarks/linking.py --records 500000
    python benchmarks/linking.py --records 20000 --ways ours

Each way runs in a process of its own and prints pairwise precision and recall, minutes and the highest memory of that
process in MB. The records are harder than a real county's: about one in four has a fault in its name or birth date,
one person in five has moved, a tenth of all identifiers are missing or mistyped, and two agencies hold no identifier.
"""

import argparse
import logging
import multiprocessing
import resource
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from synthetic.identities import nhs_numbers, ninos, upns
from synthetic.names import FEMALE, MALE, SURNAMES

SEED = 2012
# Who knows whom: the share of adults and of children that each agency has a record of, and the identifiers it holds.
AGENCIES = {
    "childrens_services": (0.02, 0.45, ("upn", "nhs_number")),
    "dwp": (0.55, 0.00, ("nino",)),
    "education": (0.00, 0.92, ("upn",)),
    "housing": (0.90, 0.90, ("upn", "nino", "nhs_number", "uprn")),
    "police": (0.40, 0.35, ()),
    "programme": (0.15, 0.15, ("nino", "nhs_number")),
    "youth_offending": (0.00, 0.25, ()),
}
IDENTIFIERS = ("upn", "nino", "nhs_number")
RATES = {
    "forename misspelt": 0.06,
    "surname misspelt": 0.06,
    "names exchanged": 0.02,
    "short forename": 0.03,
    "other surname": 0.015,
    "birth date missing": 0.05,
    "1 January": 0.03,
    "day and month exchanged": 0.03,
    "birth date mistyped": 0.03,
    "sex missing": 0.03,
    "postcode missing": 0.05,
    "old home": 0.2,
    "identifier missing": 0.08,
    "identifier mistyped": 0.02,
    "somebody else's identifier": 0.001,
    "twice in one agency": 0.015,
}
_TWINS = 0.03
_SHORT = {
    "Alexander": "Alex", "Andrew": "Andy", "Anthony": "Tony", "Benjamin": "Ben", "Charlotte": "Lottie",
    "Christopher": "Chris", "Daniel": "Dan", "Danielle": "Dani", "David": "Dave", "Edward": "Ted", "Elizabeth": "Liz",
    "Isabel": "Izzy", "Jacob": "Jake", "James": "Jim", "Jessica": "Jess", "Joseph": "Joe", "Joshua": "Josh",
    "Matthew": "Matt", "Michael": "Mike", "Mohammed": "Mo", "Natalie": "Nat", "Nathan": "Nate", "Nicola": "Nicky",
    "Oliver": "Ollie", "Patrick": "Paddy", "Peter": "Pete", "Rebecca": "Becky", "Richard": "Rick", "Robert": "Rob",
    "Samantha": "Sam", "Samuel": "Sam", "Stephen": "Steve", "Steven": "Steve", "Thomas": "Tom", "Victoria": "Vicky",
    "William": "Will", "Zachary": "Zac",
}  # fmt: skip


def hard_records(number: int, *, seed: int = SEED, rates: dict[str, float] = RATES) -> pd.DataFrame:
    """Return about ``number`` person records with the contract's columns and ``person``, who each is of.

    Args:
        number: how many records, roughly.
        seed: the same seed gives the same records.
        rates: the share of records with each fault; a fault that is not named does not happen.
    """
    rng = np.random.default_rng(seed)
    people = _people(round(number / 9), rng)
    records = pd.concat([_register(people, agency, rng) for agency in AGENCIES], ignore_index=True)
    twice = rng.random(len(records)) < rates.get("twice in one agency", 0)
    records = pd.concat([records, records[twice]], ignore_index=True)
    spoil = _Spoiler(records, rates, rng)
    spoil.names()
    spoil.births()
    spoil.homes()
    spoil.identifiers()
    records = records.drop(columns=["old_postcode"]).sample(frac=1, random_state=seed, ignore_index=True)
    return records.assign(local_id=[f"{place:07d}" for place in range(len(records))], ethnicity=None)


def without_faults(number: int, *, seed: int = SEED) -> pd.DataFrame:
    """Return clean records: one for each agency and person it knows, with everything the agency holds."""
    return hard_records(number, seed=seed, rates={})


def as_table(records: pd.DataFrame) -> pa.Table:
    """Return records as ``link_people`` takes them."""
    return pa.Table.from_pandas(records.drop(columns="person"), preserve_index=False)


def _people(families: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw families of one or two adults and one to four children, some of them twins."""
    adults, children = rng.integers(1, 3, families), rng.choice([1, 2, 3, 4], families, p=[0.35, 0.4, 0.18, 0.07])
    family = np.repeat(np.arange(families), adults + children)
    place = np.arange(len(family)) - np.repeat(np.cumsum(adults + children) - adults - children, adults + children)
    is_adult = place < adults[family]
    people = pd.DataFrame({"family": family, "is_adult": is_adult, "sex": rng.choice(["female", "male"], len(family))})
    people["birth_date"] = _births(family, is_adult, place - adults[family], rng)
    people["surname"] = _skewed(SURNAMES, families, rng)[family]
    own = is_adult & (place == 1) & (rng.random(len(family)) < 0.35)
    people.loc[own, "surname"] = _skewed(SURNAMES, int(own.sum()), rng)
    female, male = _skewed(FEMALE, len(family), rng), _skewed(MALE, len(family), rng)
    people["forename"] = np.where(people.sex == "female", female, male)
    namesake = people.duplicated(["family", "birth_date", "forename"])  # no parents name both twins alike
    people.loc[namesake, "forename"] = np.where(people.sex[namesake] == "female", "Maud", "Cecil")
    people["postcode"], people["old_postcode"] = _postcodes(families, rng)[family], _postcodes(families, rng)[family]
    people["uprn"] = (100_000_000_000 + rng.permutation(families)).astype(str)[family]
    people["nhs_number"] = nhs_numbers(rng, len(people))
    people["nino"] = np.where(is_adult, ninos(rng, len(people)), None)
    people["upn"] = np.where(is_adult, None, upns(rng, len(people)))
    return people.assign(person=np.arange(len(people)))


def _births(family: np.ndarray, is_adult: np.ndarray, child: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw birth dates: children two to three years apart, save for twins."""
    youngest = rng.integers(300, 3_000, family.max() + 1)[family]
    gap = rng.integers(400, 1_300, len(family)) * np.maximum(child, 0)
    days = np.where(is_adult, rng.integers(18 * 365, 55 * 365, len(family)), youngest + gap)
    birth = np.datetime64("2014-09-01") - days.astype("timedelta64[D]")
    twin = np.flatnonzero((child == 1) & (rng.random(len(family)) < _TWINS))
    birth[twin] = birth[twin - 1]
    return birth


def _skewed(names: tuple[str, ...], size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw names of which some are much commoner than others, as names are."""
    weight = 1 / (np.arange(len(names)) + 12)
    return rng.permutation(np.array(names, dtype=object))[rng.choice(len(names), size, p=weight / weight.sum())]


def _postcodes(families: int, rng: np.random.Generator) -> np.ndarray:
    """Draw postcodes that about three families share."""
    letters = np.array(list("ABDEFGHJLNPQRSTUWXYZ"), dtype=object)
    drawn = rng.integers(0, max(families // 3, 1), families)
    outward = "OX" + pd.Series(drawn % 40 + 1).astype(str)
    inward = (
        (drawn // 40 % 9 + 1).astype(str).astype(object) + letters[drawn // 360 % 20] + letters[drawn // 7_200 % 20]
    )
    return (outward + " " + inward).to_numpy(dtype=object)


def _register(people: pd.DataFrame, agency: str, rng: np.random.Generator) -> pd.DataFrame:
    adults, children, holds = AGENCIES[agency]
    known = rng.random(len(people)) < np.where(people.is_adult, adults, children)
    register = people[known].drop(columns=["family", "is_adult"]).assign(agency=agency)
    return register.assign(**{name: None for name in (*IDENTIFIERS, "uprn") if name not in holds})


@dataclass
class _Spoiler:
    """Spoils records in place, fault by fault, each at its rate."""

    records: pd.DataFrame
    rates: dict[str, float]
    rng: np.random.Generator

    def _hit(self, fault: str) -> np.ndarray:
        return np.flatnonzero(self.rng.random(len(self.records)) < self.rates.get(fault, 0))

    def names(self) -> None:
        records = self.records
        hit = self._hit("short forename")
        records.loc[hit, "forename"] = records.loc[hit, "forename"].map(lambda name: _SHORT.get(name, name))
        hit = self._hit("other surname")
        hit = hit[(records.sex.to_numpy()[hit] == "female") & records.nino.notna().to_numpy()[hit]]
        records.loc[hit, "surname"] = _skewed(SURNAMES, len(hit), self.rng)
        for column in ("forename", "surname"):
            hit = self._hit(f"{column} misspelt")
            records.loc[hit, column] = [self._misspelt(name) for name in records.loc[hit, column]]
        hit = self._hit("names exchanged")
        records.loc[hit, ["forename", "surname"]] = records.loc[hit, ["surname", "forename"]].to_numpy()
        records.loc[self._hit("sex missing"), "sex"] = None

    def _misspelt(self, name: str) -> str:
        """Drop, double, replace or exchange one letter, seldom the first."""
        place = int(self.rng.integers(0 if self.rng.random() < 0.1 else 1, max(len(name) - 1, 2)))
        letter = "abcdefghijklmnopqrstuvwxyz"[self.rng.integers(26)]
        before, at, after = name[:place], name[place : place + 1], name[place + 1 :]
        ways = (before + after, before + at + at + after, before + letter + after, before + after[:1] + at + after[1:])
        return ways[self.rng.integers(4)]

    def births(self) -> None:
        births = pd.Series(self.records.birth_date.to_numpy("datetime64[D]").tolist(), dtype=object)
        for fault, change in (
            (
                "day and month exchanged",
                lambda day: day.replace(day=day.month, month=day.day) if day.day <= 12 else day,
            ),
            ("birth date mistyped", self._mistyped_birth),
            ("1 January", lambda day: day.replace(day=1, month=1)),
            ("birth date missing", lambda day: None),
        ):
            hit = self._hit(fault)
            births[hit] = [change(day) for day in births[hit]]
        self.records["birth_date"] = births

    def _mistyped_birth(self, day):
        part = self.rng.integers(3)
        if part == 0:
            return day.replace(year=day.year + int(self.rng.choice([-10, -2, -1, 1, 10])), day=min(day.day, 28))
        return day.replace(month=day.month % 12 + 1, day=min(day.day, 28)) if part == 1 else day.replace(
            day=(day.day + int(self.rng.choice([1, 10]))) % 28 + 1
        )  # fmt: skip

    def homes(self) -> None:
        hit = self._hit("old home")
        self.records.loc[hit, "postcode"] = self.records.loc[hit, "old_postcode"]
        self.records.loc[hit, "uprn"] = None
        self.records.loc[self._hit("postcode missing"), "postcode"] = None

    def identifiers(self) -> None:
        for name in IDENTIFIERS:
            values = self.records[name].to_numpy(dtype=object, copy=True)
            hit = self._hit("identifier mistyped")
            values[hit] = [self._mistyped(value) for value in values[hit]]
            hit = self._hit("somebody else's identifier")
            values[hit] = values[self.rng.permutation(hit)]
            values[self._hit("identifier missing")] = None
            self.records[name] = values

    def _mistyped(self, value: str | None) -> str | None:
        """Change one digit."""
        if not isinstance(value, str):
            return None
        place = int(self.rng.integers(2, len(value) - 1))
        return value[:place] + str((int(value[place]) + int(self.rng.integers(1, 10))) % 10) + value[place + 1 :]


def pairwise(person: np.ndarray, cluster: np.ndarray) -> tuple[float, float]:
    """Return precision and recall over pairs of records."""
    together = _pairs(pd.DataFrame({"person": person, "cluster": cluster}).value_counts())
    found, true = _pairs(pd.Series(cluster).value_counts()), _pairs(pd.Series(person).value_counts())
    return together / max(found, 1), together / max(true, 1)


def _pairs(sizes: pd.Series) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def ours(records: pd.DataFrame) -> dict[str, np.ndarray]:
    from tf_eval.data.linking.link import link_people

    links = link_people(as_table(records), seed=SEED).person_link.to_pandas()
    links = records[["agency", "local_id"]].merge(links, on=["agency", "local_id"], validate="one_to_one")
    return {f"ours, {level}": links[level].to_numpy() for level in ("strict", "standard", "loose")}


def splink_exact(records: pd.DataFrame) -> dict[str, np.ndarray]:
    """Splink's deterministic link on the exact name and birth date."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    api = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on("forename", "surname", "birth_date")],
    )
    linker = Linker(api.register(_numbered(records)), settings, log_level=None)
    pairs = linker.inference.deterministic_link()
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs)
    return {"Splink, exact name and birth date": _clusters(clusters)}


def splink_components(records: pd.DataFrame) -> dict[str, np.ndarray]:
    """Splink as its tutorial has it: its own comparisons and training, then connected components and one per agency."""
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="link_and_dedupe",
        source_dataset_column_name="agency",
        comparisons=[
            compare.ForenameSurnameComparison("forename", "surname"),
            compare.DateOfBirthComparison("birth_date", input_is_string=False),
            compare.ExactMatch("sex"),
            compare.PostcodeComparison("postcode"),
            *(compare.ExactMatch(name) for name in IDENTIFIERS),
        ],
        blocking_rules_to_generate_predictions=[
            *(block_on(name) for name in IDENTIFIERS),
            block_on("forename", "surname"),
            block_on("birth_date", "surname"),
            block_on("birth_date", "forename"),
            block_on("birth_date", "postcode"),
        ],
    )
    frames = [part for _, part in _numbered(records).groupby("agency")]
    api = DuckDBAPI()
    linker = Linker([api.register(part) for part in frames], settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("forename", "surname", "birth_date")], recall=0.5)
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=SEED)
    for rule in (block_on("forename", "surname"), block_on("birth_date")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.9)
    components = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.9)
    return {"Splink, connected components": _clusters(components)}


def _numbered(records: pd.DataFrame) -> pd.DataFrame:
    named = records.assign(unique_id=range(len(records))).drop(columns=["person", "local_id", "ethnicity", "uprn"])
    named["birth_date"] = pd.to_datetime(named.birth_date)
    return named.astype({name: "string" for name in ("agency", "forename", "surname", "sex", "postcode", *IDENTIFIERS)})


def _clusters(clusters) -> np.ndarray:
    found = clusters.as_pandas_dataframe().sort_values("unique_id")
    return pd.factorize(found.cluster_id)[0]


WAYS = {"exact": splink_exact, "components": splink_components, "ours": ours}


def run(way: str, number: int, clean: bool) -> list[tuple]:
    """Return what one way finds: name, precision, recall, minutes, highest MB."""
    logging.getLogger("splink").setLevel(logging.ERROR)  # its advice about untrained levels is not what is compared
    records = without_faults(number) if clean else hard_records(number)
    begun = time.perf_counter()
    found = WAYS[way](records)
    minutes = (time.perf_counter() - begun) / 60
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    person = records.person.to_numpy()
    return [(name, *pairwise(person, cluster), minutes, megabytes) for name, cluster in found.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--clean", action="store_true", help="records without faults")
    options = parser.parse_args()
    rows = []
    for way in options.ways:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            rows += pool.apply(run, (way, options.records, options.clean))
    columns = ["way", "precision", "recall", "minutes", "peak MB"]
    print(pd.DataFrame(rows, columns=columns).to_string(index=False, float_format="{:.4f}".format))


if __name__ == "__main__":
    main()
