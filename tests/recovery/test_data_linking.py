"""Linkage finds the people that are there: on clean records exactly, on hard ones as well as it is held to."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

from benchmarks.linking import as_table, hard_records, pairwise, without_faults
from tf_eval.data.linking.link import Linkage, link_people

LEVELS = ("strict", "standard", "loose")
RECORDS = 12_000  # of 4,500 people, enough for Splink to learn from
MOST_FAULTY = defaultdict(lambda: 1, {"twice in one agency": 2})


def judged(records: pd.DataFrame, linkage: Linkage) -> dict[str, tuple[float, float]]:
    links = records.merge(linkage.person_link.to_pandas(), on=["agency", "local_id"], validate="one_to_one")
    return {level: pairwise(links.person.to_numpy(), links[level].to_numpy()) for level in LEVELS}


@pytest.fixture(scope="module")
def hard() -> tuple[pd.DataFrame, Linkage]:
    records = hard_records(RECORDS)
    return records, link_people(as_table(records))


def test_clean_records_are_linked_exactly_without_a_note():
    records = without_faults(3_000)
    linkage = link_people(as_table(records))
    assert judged(records, linkage) == dict.fromkeys(LEVELS, (1.0, 1.0))
    assert linkage.review.num_rows == 0
    rules = set(linkage.conflicts.column("rule").to_pylist())
    # The twins are there, and one agency that knows both cannot tell them from one person under two names.
    assert rules <= {"twins kept apart", "perhaps the same person twice in one agency"}


def test_hard_records_reach_what_the_linkage_is_held_to(hard):
    found = judged(*hard)
    # 0.99 and 0.95 are promised for a county with faults, which these records are worse than; ours reach 0.999 and 0.98
    # on 20,000 to 500,000 of them.
    for level in LEVELS:
        assert found[level][0] >= 0.995, level
    assert found["standard"][1] >= 0.965
    assert found["strict"][1] <= found["standard"][1] <= found["loose"][1]


def test_probabilities_mean_what_they_say(hard):
    records, linkage = hard
    person = records.set_index(["agency", "local_id"]).person
    review = linkage.review.to_pandas()
    true = [
        person[one] == person[other]
        for one, other in zip(
            zip(review.agency_1, review.local_id_1, strict=True),
            zip(review.agency_2, review.local_id_2, strict=True),
            strict=True,
        )
    ]
    decided = review.probability >= 0.5
    assert decided.sum() >= 20
    # Rivals and one record per agency leave out mainly wrong links, so those that are kept are better than they say.
    assert np.mean(np.array(true)[decided]) >= review.probability[decided].mean() - 0.1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("forename misspelt", ("name", "exchanged")),
        ("surname misspelt", ("name", "exchanged")),
        ("names exchanged", ("name", "exchanged")),
        ("birth date mistyped", ("birth date",)),
        ("twice in one agency", ("twice",)),
    ],
)
def test_each_fault_is_noted_at_the_record_that_has_it(fault, said):
    clean, spoilt = without_faults(3_000), hard_records(3_000, rates={fault: 0.05})
    linkage = link_people(as_table(spoilt))
    spoilt["faulty"] = _is_faulty(clean, spoilt, fault)
    notes = linkage.conflicts.to_pandas()
    told = notes[notes.rule.map(lambda rule: any(word in rule for word in said))]
    by_person = spoilt.groupby("person")
    # Of a person whose records go wrong twice, nothing says which is the right one.
    comparable = (by_person.agency.transform("nunique") > 1) & (by_person.faulty.transform("sum") <= MOST_FAULTY[fault])
    faulty = spoilt[spoilt.faulty & comparable]
    noted = pd.MultiIndex.from_frame(faulty[["agency", "local_id"]]).isin(
        pd.MultiIndex.from_frame(told[["agency", "local_id"]])
    )
    assert len(faulty) >= 50
    # Held to 0.99 over a county. Of 70 to 200 records a few may escape: a misspelling of an accent or apostrophe alone,
    # a name misspelt into another common one, and a fault that took a record so far away that nothing resembles it.
    assert noted.mean() >= 0.96


def _is_faulty(clean: pd.DataFrame, spoilt: pd.DataFrame, fault: str) -> pd.Series:
    """Return which records differ from what is true of their person, or are one of two."""
    if fault == "twice in one agency":
        return spoilt.duplicated(["agency", "person"], keep=False)
    truth = clean.drop_duplicates("person").set_index("person")
    columns = ("birth_date",) if "birth" in fault else ("forename", "surname")
    own = {name: truth[name].reindex(spoilt.person).set_axis(spoilt.index) for name in columns}
    return pd.concat([spoilt[name] != own[name] for name in columns], axis=1).any(axis=1)
