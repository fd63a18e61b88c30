"""The problem report in words: kinds, characteristics of people, changes of families, and differences in linking."""

from collections.abc import Iterable, Iterator

import pandas as pd

from tf_eval.cohort.words import in_sentence
from tf_eval.data.linking.rates import NO_SUPPORT
from tf_eval.report.words import capital

FEWEST = 10  # smaller counts of records are not shown: the page is internal, but it is passed around
LEVELS = ("strict", "standard", "loose")
_SMALLEST_GAP = 0.02  # differences below two in a hundred are not spoken of
_CLEAR = 2.58  # standard errors: one such difference in a hundred is chance

_KINDS = {"asbo": "ASBOs", "asb_incident": "ASB incidents", "asb_injunction": "ASB injunctions"}
_KINDS |= {"asb_contract": "ASB contracts", "housing_asb_action": "Housing actions over ASB"}
_KINDS |= {"police_callout": "Police call-outs", "domestic_abuse_callout": "Domestic abuse call-outs"}
_KINDS |= {"esf_provision": "ESF help into work", "out_of_work_benefit": "Out-of-work benefits"}
_KINDS |= {"off_roll": "Not on a school roll"}
_AGENCIES = {"dwp": "DWP", "childrens_services": "Children\u2019s services"}
NOT_KNOWN = "not known"
CHARACTERISTICS = {
    "agency": "Agency",
    "arm": "Support",
    "district": "District",
    "deprivation_decile": "Deprivation decile",
    "ethnicity": "Ethnic group",
}
_OF = {
    "agency": "Records of {}",
    "district": "Records of people in {}",
    "deprivation_decile": "Records of people in deprivation decile {} (1 is the most deprived)",
    "ethnicity": "Records of people of ethnic group {}",
    "arm": "Records of people with this support: {}",
}
RULE_OF_DIFFERENCES = (
    "A group is named above the tables where its share is at least two in a hundred below that of all others, and "
    "further than chance is likely to put it."
)
RULE_OF_NOT_KNOWN = (
    "People whose group is not known are never named so: a group is often known from another agency's record, and so "
    "only of people who are linked."
)
_CHANGES = {
    "moved": "Families that moved home",
    "split": "Families some of whose members began a new family",
    "joined": "Families that somebody joined who was not born into them",
    "merged": "Families that ended because their children went on in another",
    "looked_after_away": "Families with a child looked after elsewhere",
    "placement_only": "Children known in placements only, who are in no family",
    "shared_address": "Addresses shared by too many people for a home",
    "uprn_with_two_postcodes": "Property numbers (UPRN) with two postcodes at the same time",
    "home_of_many_adults": "Homes of many adults with children, perhaps of several households",
    "home_nobody_left": "Homes that a whole household moved into while nobody left",
    "home_divided": "Homes and shared addresses in which several households were told apart by who moved together",
    "placeholder_uprn": "People at a placeholder instead of an address",
}


def kind_words(table: str, kind: str | None) -> str:
    """Return a kind as a heading names it."""
    return _KINDS.get(kind or "", capital((kind or table).replace("_", " ")))


def agency_words(agency: str) -> str:
    """Return an agency's name as a heading shows it."""
    return _AGENCIES.get(agency, capital(agency.replace("_", " ")))


def records_words(kinds: Iterable[tuple[str, str]]) -> str:
    """Return kinds of records, each a table and a kind (empty: the table has none), as a list names them."""
    return ", ".join(in_sentence(kind_words(table, kind or None)) for table, kind in kinds)


def change_words(change: str) -> str:
    """Return what is counted about families."""
    return _CHANGES.get(change, capital(change.replace("_", " ")))


def category_words(characteristic: str, category: str) -> str:
    """Return a group of people, or an agency, as a table names it."""
    if characteristic == "agency":
        return agency_words(category)
    if characteristic == "arm":
        return "no support" if category == NO_SUPPORT else category.replace("_", " ")
    return category


def characteristic_words(characteristic: str) -> str:
    """Return what records are told apart by."""
    return CHARACTERISTICS.get(characteristic, capital(characteristic.replace("_", " ")))


def count_words(count: int) -> str:
    """Return a count, or that it is too small to be shown."""
    return f"{count:,}" if count >= FEWEST else f"fewer than {FEWEST}"


def rate_words(records: int, linked: int) -> str:
    """Return the share of records that are linked; nothing that would tell a count below ten."""
    if records < FEWEST:
        return "hidden"
    if linked < FEWEST:
        return "low"
    return f"{100 * linked / records:.0f}%" if records - linked >= FEWEST or records == linked else "almost all"


def differences(characteristic: str, rates: pd.DataFrame) -> Iterator[str]:
    """Yield a sentence for each group whose records are clearly linked less often than those of all other groups.

    Arguments: ``rates`` with category, records and linked, one row for each group of the characteristic. Those of whom
    it is not known are left out: it is often known from another agency's record, and so only of people who are linked.
    """
    rates = rates[rates.category != NOT_KNOWN]
    for row in rates.itertuples(index=False):
        records, linked = rates.records.sum() - row.records, rates.linked.sum() - row.linked
        if min(row.linked, row.records - row.linked, linked) < FEWEST:
            continue
        own, others = row.linked / row.records, linked / records
        pooled = (row.linked + linked) / (row.records + records)
        error = (pooled * (1 - pooled) * (1 / row.records + 1 / records)) ** 0.5
        if others - own >= max(_SMALLEST_GAP, _CLEAR * error):
            whose = _whose(characteristic, row.category)
            yield f"{whose} are linked less often: {100 * own:.0f}% against {_of_others(records, linked)}."


def _whose(characteristic: str, category: str) -> str:
    if (characteristic, category) == ("arm", NO_SUPPORT):
        return "Records of people without support"
    return _OF.get(characteristic, "Records of {}").format(category_words(characteristic, category))


def _of_others(records: int, linked: int) -> str:
    """As the table has it: a rate that is all but a few tells these by no rounding."""
    rate = f"{100 * linked / records:.0f}%"
    return "almost all others" if rate == "100%" or records - linked < FEWEST else f"{rate} of all others"
