"""From a drawn county straight to one that can be evaluated: no file is written, checked or linked on the way."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic.draw import Draw
from synthetic.listing import Listing
from tf_eval.data import County
from tf_eval.data.known import KnownRecords, build_known_county
from tf_eval.data.pseudonyms import Pseudonymiser

# What only linking reads.
_IDENTIFYING = {"forename", "surname", "upn", "nino", "nhs_number", "ethnicity", "school"}

# Kinds that the sources files leave out by another column of their listing.
_LEFT_OUT = ("work_programme_sent",)


def county_of(drawn: Draw, sources: Path, folder: Path) -> County:
    """Write what the agencies of a drawn county hold as a county into an empty folder, and open it.

    People bear the numbers that linking would have given them with the key of a generated county of that seed.

    Args:
        drawn: the county.
        sources: the sources file of its extracts, which says what time they cover.
        folder: the folder.
    """
    key = hashlib.sha256(f"synthetic {drawn.county.streams.seed}".encode()).digest()
    return build_known_county(sources, folder, _records(drawn), Pseudonymiser(key), stamp=key.hex())


def _records(drawn: Draw) -> Iterator[KnownRecords]:
    names = {item.code: name for name, item in drawn.county.preset.interventions.items()}
    for listing in drawn.planted.listings:
        columns = {name: _cells(values) for name, values in listing.columns.items() if name not in _IDENTIFYING}
        if listing.layout.table == "support":
            columns |= _support(listing, names)
        records = pa.table(columns)
        if "kind" in columns:
            records = records.filter(pc.invert(pc.is_in(records["kind"], pa.array(_LEFT_OUT))))
        yield KnownRecords(listing.layout.agency, listing.layout.table, records)


def _support(listing: Listing, names: dict[str, str]) -> dict[str, pa.Array]:
    """Return what the programme team writes in codes, in words."""
    intervention = [names[code] for code in listing.columns["intervention"]]
    return {"intervention": pa.array(intervention), "consent": pa.array(listing.columns["consent"] == "Y")}


def _cells(values: np.ndarray) -> pa.Array:
    """Return a column in which empty text and missing dates are missing."""
    if values.dtype.kind != "O":
        return pa.array(values, from_pandas=True)
    return pa.array(np.where(values == "", None, values))
