"""Which matched families are in which part of a subgroup."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from tf_eval.errors import InputError, NotEstimated, unknown
from tf_eval.evidence.subgroups.subgroup import PROVIDER, Subgroup
from tf_eval.matching import Matched

# Columns of a match that are known only afterwards, or that describe no family.
NOT_OF_FAMILIES = ("family_id", "treated", "index_month", "pool", "weight", "set_id", "propensity_score", "score")
NO_SETS = "families are not matched in sets, so that it cannot be said to which provider like families belong"


class Division(NamedTuple):
    """The parts of a subgroup by name, and that of each matched row (missing where it is in none)."""

    names: tuple[str, ...]
    part: pd.Series


def divide(matched: Matched, subgroup: Subgroup) -> Division | NotEstimated:
    """Return the part of each row of a match.

    A like family is in the part to which it belongs itself, since those who differ in that may change differently
    whether or not they are helped. It has no provider of its own, and is with that of the family it was matched to.

    Raises:
        InputError: the column is not known at the index date, or is split and holds no numbers.
    """
    frame = matched.frame
    known = [name for name in frame.columns if name not in NOT_OF_FAMILIES]
    if subgroup.column not in known:
        raise InputError(f"effects_by_subgroup: {unknown('column at the index date', subgroup.column, known)}")
    if subgroup.is_split:
        return _split(frame, subgroup)
    if subgroup.column != PROVIDER:
        part = frame[subgroup.column]
        return Division(tuple(sorted(part.dropna().unique())), part)
    return _by_provider(matched) if matched.in_sets else NotEstimated(NO_SETS)


def _by_provider(matched: Matched) -> Division:
    """Like families of a set in which several providers are belong to none of these."""
    frame = matched.frame
    given = frame[matched.treated] == 1
    of_set = frame[given].groupby("set_id")[PROVIDER].agg(["first", "nunique"])
    part = frame[PROVIDER].where(given, frame["set_id"].map(of_set["first"].where(of_set["nunique"] == 1)))
    return Division(tuple(sorted(part.dropna().unique())), part)


def _split(frame: pd.DataFrame, subgroup: Subgroup) -> Division:
    values = frame[subgroup.column]
    if not pd.api.types.is_numeric_dtype(values):
        raise InputError(
            f"effects_by_subgroup: '{subgroup.column}' holds no numbers, so that at_least cannot split it; take a "
            "covariate with numbers"
        )
    part = pd.Series(np.where(values >= subgroup.at_least, subgroup.label, subgroup.others), frame.index, dtype=object)
    filled_where = f"{subgroup.column}_missing"  # 0 stands for what was not known there
    if filled_where in frame:
        part = part.mask(frame[filled_where] == 1)
    return Division((subgroup.label, subgroup.others), part)
