"""What is said of an effect on a single treated unit or cluster, whose likes nobody has seen."""

import math
from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd

from tf_eval.did.design import Design

ENDS = ("ci_low", "ci_high", "band_low", "band_high", "per_dose_low", "per_dose_high")
NOT_JUDGED = "how far treated ones differ cannot be seen, so that variation between units cannot judge the effect."


class Told(Protocol):
    """An effect of which it is known whether all treated units behind it are of one cluster."""

    is_alone: bool


def told_alone(effects: Sequence[Told], design: Design) -> str:
    """Return, as what follows a sentence, why some effects have no interval; nothing where all may have one."""
    alone = sum(effect.is_alone for effect in effects)
    if not alone:
        return ""
    which = "All treated are" if alone == len(effects) else f"The treated of {alone} of these effects are"
    return f" {which} of one cluster: {NOT_JUDGED}{way_out(design)}"


def without_lone_ends(table: pd.DataFrame, rows: Sequence[Any]) -> pd.DataFrame:
    """Return the ``table`` of some effects for a figure: those whose treated are of one cluster have no interval."""
    alone = [getattr(row, "is_alone", False) for row in rows]
    drawn = table.copy()
    drawn.loc[alone, [end for end in ENDS if end in table]] = math.nan
    return drawn


def one_treated(design: Design) -> str:
    """Return why there is no estimate with an error where a single unit is treated."""
    return f"a single unit is treated: {NOT_JUDGED}{way_out(design)}".removesuffix(".")


def way_out(design: Design) -> str:
    """Return, as what follows a sentence, which other comparison can be made; cross-sections have none."""
    if design.sample == "cross_sections":
        return ""
    # A placebo is of a unit: with larger clusters there is none.
    method = "synthetic_placebos" if design.method == "synthetic" and not design.clusters else "judge_clusters"
    return f" {method}(seed=...) tells how it ranks among what others show in the same time."
