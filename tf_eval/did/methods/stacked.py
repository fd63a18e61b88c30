"""Stacked difference-in-differences: a study for each start cohort, with the same window and clean comparison units.

Wing, Freedman and Hollingsworth (2024, NBER working paper 32054).
"""

from dataclasses import replace

import numpy as np

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.engine import estimate_groups
from tf_eval.did.group_time.groups import Group, find_groups
from tf_eval.did.reading.panel import Panel
from tf_eval.errors import InputError
from tf_eval.matching.display import so_many


def estimate_stacked(panel: Panel, design: Design) -> Estimation:
    """Return the effects on each cohort whose whole window is seen, against the last period before treatment.

    With the paper's weights the stacked regression is the mean of the cohorts' own differences by their share of the
    treated (its equation for the trimmed aggregate effect), which is how cells are averaged here; so the stack is
    never laid out. Covariates are those of outcome regression, within each cohort's study.

    Raises ``InputError`` where no cohort has the whole window.
    """
    design = replace(design, method="outcome_regression", baseline="universal")
    groups = find_groups(panel, design)
    chosen = [group for group in groups if _is_whole(panel, design, group)]
    if not chosen:
        raise InputError(
            f"estimate_att: no start cohort is seen for {design.kappa_pre} periods before its start and "
            f"{design.kappa_post} after; choose a shorter kappa_pre or kappa_post."
        )
    found = estimate_groups(panel, design, [_windowed(panel, design, group) for group in chosen])
    return replace(found, notes=(*found.notes, *_notes(groups, chosen, design)))


def _is_whole(panel: Panel, design: Design, group: Group) -> bool:
    first, last = group.adopted - design.kappa_pre, group.adopted + design.kappa_post
    return bool(panel.periods[0] <= first and last <= panel.periods[-1])


def _windowed(panel: Panel, design: Design, group: Group) -> Group:
    """Return the group with the cells of its window, and the units that are untreated throughout it."""
    since = panel.periods[group.after] - group.adopted
    window = (since >= -design.kappa_pre) & (since <= design.kappa_post)
    end = group.adopted + design.kappa_post + design.anticipation
    clean = np.array([block.adopted > end for block in group.pool], dtype=bool)
    return replace(
        group,
        pool=tuple(block for block, is_clean in zip(group.pool, clean, strict=True) if is_clean),
        after=group.after[window],
        base=group.base[window],
        reference=group.reference[window],
        free=group.free[np.ix_(clean, window)],
    )


def _notes(groups: list[Group], chosen: list[Group], design: Design) -> list[str]:
    kept = {id(group) for group in chosen}
    units = [group.treated.rows.stop - group.treated.rows.start for group in groups if id(group) not in kept]
    if not units:
        return []
    told = f"{so_many(len(units), 'start cohort')} with {design.told(sum(units))} units"
    return [Caution(f"Left out, for their whole window is not seen: {told}.")]
