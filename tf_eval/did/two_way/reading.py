"""The panel of a two-way fixed-effects regression, and the treatment of each of its rows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.design import Design
from tf_eval.did.reading.panel import Panel, read_panel
from tf_eval.did.regression.columns import indicators
from tf_eval.did.regression.least_squares import regress
from tf_eval.did.regression.observations import Observations, observe
from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching.arguments import require_frame

REQUIRED = ("outcome", "unit", "period", "adopted")


@dataclass(frozen=True, eq=False)
class Treated:
    """The seen rows of a panel, since when each is treated (``event_time``, NaN for the never treated), and how many.

    Units that adopt after the last period count as never treated.
    """

    panel: Panel
    rows: Observations
    event_time: np.ndarray

    @cached_property
    def treated(self) -> np.ndarray:
        return self.event_time >= 0

    @cached_property
    def ever(self) -> np.ndarray:
        """Which units of the panel are ever treated in it."""
        return self.panel.adopted <= self.panel.periods[-1]

    @cached_property
    def apart(self) -> np.ndarray:
        """The treatment of each row less what constants of units and periods say of it."""
        later = indicators(self.rows.period - 1, len(self.panel.periods) - 1)
        as_outcome = Observations(**{**vars(self.rows), "outcome": self.treated.astype(float)})
        return regress(as_outcome, later).residual


def read_treated(frame: pd.DataFrame, where: str, options: dict[str, Any]) -> tuple[Treated, Design]:
    """Return the rows and the design; raises ``ConfigError`` and ``InputError`` as ``estimate_att`` does."""
    require_frame(frame, where)
    missing = [f"{name} is not given; name the column that holds it." for name in REQUIRED if options[name] is None]
    raise_all(ConfigError, where, missing)
    design = Design(**options)
    design.check()
    panel = read_panel(frame, design)
    rows = observe(panel, np.isfinite(panel.outcome))
    adopted = np.where(panel.adopted <= panel.periods[-1], panel.adopted, np.nan)
    return Treated(panel, rows, panel.periods[rows.period] - adopted[rows.unit]), design
