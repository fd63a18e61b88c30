"""From partners to sets: stars, of one treated and several comparison rows or one comparison and several treated."""

import numpy as np

from tf_eval.matching.covering.blocks import Blocks
from tf_eval.matching.covering.gaps import pairs_across


def find_edges(blocks: Blocks, made: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the two places of each edge: pairs across gaps, and everybody else beside a nearest of the other arm."""
    lower, upper = pairs_across(blocks, made)
    return join(lower, upper, _nearest(blocks, np.concatenate([lower, upper])))


def join(one: np.ndarray, other: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges of pairs (``one``, ``other``) and of those who have a ``partner`` (-1 for all others)."""
    alone = np.flatnonzero(partner >= 0)
    mutual = partner[partner[alone]] == alone  # one edge, and not two
    alone = alone[~mutual | (alone < partner[alone])]
    return np.concatenate([one, alone]), np.concatenate([other, partner[alone]])


def _nearest(blocks: Blocks, paired: np.ndarray) -> np.ndarray:
    """Return the nearest place of the other arm for each place, -1 for those paired.

    Of a lower and a higher one equally far, the lower is taken. Those of one score share who comes to them evenly.
    """
    alone = np.ones(len(blocks.rows), dtype=bool)
    alone[paired] = False
    down = np.flatnonzero(alone & (blocks.low <= blocks.high))
    up = np.flatnonzero(alone & (blocks.low > blocks.high))
    starts, ends = _runs(blocks)
    below, above = blocks.first[blocks.block[down]] - 1, blocks.last[blocks.block[up]]
    partner = np.full(len(alone), -1)
    partner[down] = below - turns(below) % (below + 1 - starts[below])
    partner[up] = above + turns(above) % (ends[above] - above)
    return partner


def _runs(blocks: Blocks) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each place, the first place of the same block and score, and the one after the last."""
    new = (np.diff(blocks.score, prepend=np.nan) != 0) | (np.diff(blocks.block, prepend=-1) != 0)
    starts, run = np.flatnonzero(new), np.cumsum(new) - 1
    return starts[run], np.append(starts[1:], len(new))[run]


def turns(code: np.ndarray) -> np.ndarray:
    """Return, for each entry of a sorted code, how many before it are the same."""
    return np.arange(len(code)) - np.searchsorted(code, code)


def cut_into_stars(one: np.ndarray, other: np.ndarray, places: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the members of the sets, as places, and the set of each, numbered from 0 along the line of their centres.

    An edge between two places that both have others is not needed. In a cover of least cost only edges of no length
    can be such.
    """
    degree = np.bincount(one, minlength=places) + np.bincount(other, minlength=places)
    needed = np.ones(len(one), dtype=bool)
    for edge in np.flatnonzero((degree[one] > 1) & (degree[other] > 1)).tolist():
        if degree[one[edge]] > 1 and degree[other[edge]] > 1:
            needed[edge] = False
            degree[one[edge]] -= 1
            degree[other[edge]] -= 1
    one, other = one[needed], other[needed]
    inner = np.where(degree[one] > 1, one, other)
    is_centre = np.bincount(inner, minlength=places) > 0
    number = np.cumsum(is_centre) - 1
    centres = np.flatnonzero(is_centre)
    return np.concatenate([centres, one + other - inner]), np.concatenate([number[centres], number[inner]])
