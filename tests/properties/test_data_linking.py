"""Whatever the records: every one is of exactly one person, levels nest, and neither order nor spelling decides."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.linking import as_table, hard_records
from tf_eval.data.linking.clusters import Clusters
from tf_eval.data.linking.link import link_people

LEVELS = ("strict", "standard", "loose")
counties = st.integers(0, 1_000).map(lambda seed: hard_records(60, seed=seed))
few = settings(max_examples=5, deadline=None)


def people(records: pd.DataFrame, **options) -> pd.DataFrame:
    links = link_people(as_table(records), **options).person_link.to_pandas()
    return links.set_index(["agency", "local_id"])


@few
@given(counties)
def test_every_record_is_of_one_person_and_levels_nest(records):
    links = people(records)
    assert sorted(links.index) == sorted(zip(records.agency, records.local_id, strict=True))
    for level in LEVELS:
        first = links[level].drop_duplicates()
        assert first.tolist() == list(range(1, len(first) + 1))
    for stricter, looser in pairwise(LEVELS):
        assert links.groupby(stricter)[looser].nunique().max() == 1


@few
@given(counties, st.integers(0, 100))
def test_the_order_and_the_case_of_the_records_decide_nothing(records, seed):
    other = records.sample(frac=1, random_state=seed).assign(
        forename=lambda row: row.forename.str.upper(), postcode=lambda row: row.postcode.str.replace(" ", "")
    )
    pd.testing.assert_frame_equal(people(records), people(other))


def test_nobody_has_two_checked_identifiers_of_one_kind():
    records = hard_records(600, seed=7, rates={"forename misspelt": 0.2, "old home": 0.3, "birth date missing": 0.2})
    linked = records.set_index(["agency", "local_id"]).join(people(records))
    for kind in ("nhs_number", "upn"):
        assert linked.groupby("loose")[kind].nunique().max() == 1


links_of_ten = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]))


@settings(max_examples=200, deadline=None)
@given(links_of_ten, links_of_ten, st.lists(st.sampled_from("abcdefgh"), min_size=10, max_size=10))
def test_clusters_never_hold_what_is_kept_apart(links, kept_apart, agency):
    clusters = Clusters(agency, {})
    clusters.keep_apart(kept_apart)
    joined = clusters.join(links)
    group = clusters.numbers()
    assert all(group[one] != group[other] for one, other in kept_apart)
    assert all(group[one] == group[other] for one, other in joined)
    assert pd.Series(agency).groupby(group).agg(lambda names: names.is_unique).all()
    assert len(np.unique(group)) == 10 - len(joined)


def test_the_caller_keeps_their_table():
    records = as_table(hard_records(60))
    before = pa.table(records)
    link_people(records)
    assert records.equals(before)
