"""What could not be estimated, and how much of the treated's time that is."""

from collections import Counter

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.group_time.cells import REFERENCE, Cells

MOST_REASONS = 3


def told_unestimated(cells: Cells, design: Design) -> str:
    """Say how many cells could not be estimated, why, and how much of the treated the others hold; or nothing."""
    missing, asked = int((~cells.estimated).sum()), int((cells.reason != REFERENCE).sum())
    found = Counter(cells.reason[~cells.estimated])
    # Where all cells lack the same, the average has said so.
    if not found or (missing == asked and len(found) == 1):
        return ""
    causes = "; ".join(f"{count:,}: {reason}" for reason, count in found.most_common(MOST_REASONS))
    told = f" {missing:,} of {asked:,} group-period cells could not be estimated ({causes})."
    held = share_estimated(cells)
    if held == 0 or held > 0.995:
        return told
    share = design.told_share(held, _units(cells))
    return f"{told} The others hold {share} of the treated's time since their start."


def _units(cells: Cells) -> int:
    """Return how many treated units there are in groups that could be estimated, each at its fullest."""
    fullest = np.zeros(len(cells.group_weight), dtype=np.int64)
    np.maximum.at(fullest, cells.group, np.where(cells.estimated, cells.n_treated, 0))
    return int(fullest.sum())


def share_estimated(cells: Cells) -> float:
    """Return the share of cells since adoption, by treated weight, that could be estimated; 1 where there are none."""
    since = cells.event_time >= 0
    weight = cells.group_weight[cells.group]
    total = weight[since].sum()
    return float(weight[since & cells.estimated].sum() / total) if total else 1.0
