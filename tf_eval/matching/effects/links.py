"""Which comparison row stands for which treated row."""

from dataclasses import dataclass

import numpy as np

from tf_eval.errors import ConfigError
from tf_eval.matching.matched import Matched


@dataclass(frozen=True, eq=False, repr=False)
class Links:
    """Which comparison row stands for which treated row: one entry for each link.

    treated    place of the treated row
    compared   place of the comparison row
    weight     share of the treated row that it stands for; the shares of each treated row sum to 1
    """

    treated: np.ndarray
    compared: np.ndarray
    weight: np.ndarray


def read_links(matched: Matched, treated: np.ndarray, where: str) -> Links:
    """Return the links between rows of a match's frame, in which ``treated`` says who was treated.

    Raises ``ConfigError``, which begins with ``where``, unless every set has one treated row.
    """
    row, set_id = matched.members
    first, others = treated[row], ~treated[row]
    size, alone = (np.bincount(set_id[part], minlength=set_id.max(initial=-1) + 1) for part in (others, first))
    if not alone.size or (alone != 1).any():
        raise ConfigError(
            f"{where}: method 'abadie_imbens' needs sets with one treated row each, as of method 'nearest'"
        )
    treated_of_set = np.empty(len(alone), dtype=np.int64)
    treated_of_set[set_id[first]] = row[first]
    set_of_link = set_id[others]
    return Links(treated_of_set[set_of_link], row[others], 1 / size[set_of_link])
