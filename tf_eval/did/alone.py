"""What is said of an effect on a single treated unit or cluster, whose likes nobody has seen."""

from collections.abc import Sequence
from typing import Protocol

from tf_eval.did.design import Design

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
