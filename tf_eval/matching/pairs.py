"""The pairs of an earlier match, found again in another sample of much the same units."""

import numpy as np
import pandas as pd

from tf_eval.errors import ConfigError
from tf_eval.matching.design import Design
from tf_eval.matching.matched import Matched, require_match

Pairs = tuple[tuple[int, int], ...]


def find_pairs(earlier: Matched, frame: pd.DataFrame, design: Design) -> Pairs:
    """Return the pairs of ``earlier`` whose two rows are in ``frame``: its places, the treated one first.

    A row is the same where unit, risk set and arm are.

    Raises:
        ConfigError: the design names no unit by which a row could be found again, or a match makes no pairs.
    """
    require_match(earlier, "match, keep")
    if not (design.makes_pairs and earlier.design.makes_pairs):
        raise ConfigError(
            "match: keep needs two matches in pairs, without reuse; no other can begin with pairs already made"
        )
    if design.unit is None:
        raise ConfigError("match: keep needs unit, the column by which the rows of the earlier match are found again")
    keys = [name for name in (design.unit, design.risk_set, design.treated) if name is not None]
    if not set(keys) <= set(earlier.design.columns()):
        raise ConfigError("match: keep needs two matches with the same unit, treated and risk_set")
    places = frame[keys].assign(place=np.arange(len(frame))).drop_duplicates(keys)
    members = earlier.frame[[*keys, "set_id"]].merge(places, on=keys)
    treated, compared = (members[members[design.treated] == arm] for arm in (1, 0))
    pairs = treated.merge(compared, on="set_id", suffixes=("_treated", "_compared"))
    return tuple(sorted(zip(pairs["place_treated"].tolist(), pairs["place_compared"].tolist(), strict=True)))
