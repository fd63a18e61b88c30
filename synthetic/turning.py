"""Families that turn by themselves: from qualifying on, need changes with motivation, which no record shows."""

from dataclasses import replace

import numpy as np

from synthetic.county import County
from synthetic.identification import identify
from synthetic.outcomes import Histories


def turned(county: County, histories: Histories) -> County:
    """Return the county in which need turns once a family first qualifies by ``histories``, its course so far.

    What is drawn anew for it is the same up to that month, so that the same families qualify in the same months.
    """
    identification = identify(county, histories)
    listed = np.zeros(county.need.shape, dtype=bool)
    listed[:, identification.columns] = identification.listed
    listed[:, identification.columns[-1] :] = identification.listed[:, -1:]
    years = listed.cumsum(axis=1) / 12
    turn = county.preset.model.departures.turn * county.population.motivation[:, None] * years
    return replace(county, need=county.need + turn.astype(np.float32))
