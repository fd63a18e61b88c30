"""How much may be lost: the attrition boundary of the What Works Clearinghouse.

Standards Handbook 4.1 (2020), Table II.1, cautious assumptions: for each overall attrition in whole percent the largest
difference between the groups, in percentage points, that leaves a bias of no more than 0.05 standard deviations (Deke
and Chiang 2017, Evaluation Review 41). Cautious is for interventions that may themselves move families out of sight, as
support that finds them another home does; the optimistic boundary, for those that cannot, is 4 to 5 points wider.
"""

import numpy as np

# fmt: off
CAUTIOUS = np.array([
    5.7, 5.8, 5.9, 5.9, 6.0, 6.1, 6.2, 6.3, 6.3, 6.3, 6.3, 6.2, 6.2, 6.1, 6.0, 5.9, 5.9, 5.8, 5.7, 5.5,
    5.4, 5.3, 5.2, 5.1, 4.9, 4.8, 4.7, 4.5, 4.4, 4.3, 4.1, 4.0, 3.8, 3.6, 3.5, 3.3, 3.2, 3.1, 2.9, 2.8,
    2.6, 2.5, 2.3, 2.1, 2.0, 1.8, 1.6, 1.5, 1.3, 1.2, 1.0, 0.9, 0.7, 0.6, 0.4, 0.3, 0.2, 0.0,
])
# fmt: on


def tolerated(overall: float) -> float | None:
    """Return the largest difference (a share) that is tolerated beside an overall share lost; None where none is."""
    percent = round(100 * overall)
    return float(CAUTIOUS[percent]) / 100 if percent < len(CAUTIOUS) else None
