"""Which families each change of households may befall: a lot shares them out, so that none meets two."""

import numpy as np

from synthetic.county import County

# The others stay as they are, and may take others in.
LOTS = {"moves": 0.45, "temporary": 0.10, "splits": 0.12, "merges": 0.12}


def in_lot(county: County, change: str) -> np.ndarray:
    """Return the families (truth values) that this change may befall."""
    lot = county.streams.of("household lots").random(county.population.families)
    shares = np.cumsum([0.0, *LOTS.values()])
    place = list(LOTS).index(change)
    return (lot >= shares[place]) & (lot < shares[place + 1])


def settled_families(county: County) -> np.ndarray:
    """Return the families (truth values) that no change may befall and that never leave the county."""
    lots = np.logical_or.reduce([in_lot(county, change) for change in LOTS])
    return ~lots & np.isnat(county.population.left)
