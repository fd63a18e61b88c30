"""How many pairs to make across each gap, so that most is saved."""

from itertools import accumulate

import numpy as np

from tf_eval.matching.covering.blocks import Blocks
from tf_eval.matching.covering.gaps import Gaps

Step = tuple[list[float], list[int]]  # the most that is saved with at most so many pairs, and with how many it is


def choose_pairs(blocks: Blocks, gaps: Gaps) -> np.ndarray:
    """Return the number of pairs across each gap, by a dynamic programme along each run of gaps that vie for rows.

    A row is in one pair at most. Where a block has rows enough for all pairs on both its sides, these know nothing of
    each other, and all that save are made.
    """
    made = gaps.most.copy()
    size = blocks.last - blocks.first
    vie = gaps.most[:-1] + gaps.most[1:] > size[1:-1]
    runs = np.flatnonzero(np.diff(np.concatenate([[False], vie, [False]]).astype(np.int8))).reshape(-1, 2)
    of_two = runs[:, 1] - runs[:, 0] == 1  # nearly all
    first = runs[of_two, 0]
    made[first], made[first + 1] = _best_of_two(gaps, first, size[first + 1])
    most, saving = gaps.most.tolist(), gaps.saving.tolist()
    starts, sizes = gaps.start.tolist(), size.tolist()
    for begin, end in runs[~of_two].tolist():
        savings = [saving[starts[gap] : starts[gap] + most[gap]] for gap in range(begin, end + 1)]
        made[begin : end + 1] = _best(savings, sizes[begin + 1 : end + 1])
    return made


def _best_of_two(gaps: Gaps, first: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of pairs at gaps ``first`` and at those after them, given the sizes of the blocks between.

    Savings fall, so that the largest of either gap together are the best: as many as the block has rows. Of savings
    that are alike those of the later gap are made.
    """
    savings = gaps.most[first] + gaps.most[first + 1]
    run = np.repeat(np.arange(len(first)), savings)
    number = np.arange(len(run)) - np.repeat(np.cumsum(savings) - savings, savings)
    earlier = number < gaps.most[first][run]
    order = np.lexsort((earlier, -gaps.saving[gaps.start[first][run] + number], run))
    made = order[number < size[run]]  # the numbers also count the ranks, since each run keeps its places
    before = np.bincount(run[made[earlier[made]]], minlength=len(first))
    return before, size - before


def _best(savings: list[list[float]], sizes: list[int]) -> list[int]:
    """Return the numbers of pairs for one run of gaps, given the blocks between them."""
    steps = [_step(savings[0], None, 0)]
    for saving, size in zip(savings[1:], sizes, strict=True):
        steps.append(_step(saving, steps[-1], size))
    chosen = [steps[-1][1][-1]]
    for (_, best), size in zip(steps[-2::-1], sizes[::-1], strict=True):
        chosen.append(best[min(len(best) - 1, size - chosen[-1])])
    return chosen[::-1]


def _step(saving: list[float], before: Step | None, size: int) -> Step:
    """Return the step of one gap after that of the gap before it: what one takes of the block the other cannot."""
    total = list(accumulate(saving, initial=0.0))
    if before is not None:
        saved = before[0]
        total = [own + saved[min(len(saved) - 1, size - made)] for made, own in enumerate(total)]
    best, at, least, pairs = [], [], -1.0, 0
    for made, value in enumerate(total):
        if value >= least:
            least, pairs = value, made
        best.append(least)
        at.append(pairs)
    return best, at
