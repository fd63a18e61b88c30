"""What a matching method is given and what it gives back: arrays, no frames."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from tf_eval.matching.line import Line
from tf_eval.matching.ratios import extremal_ratios
from tf_eval.matching.reading.codes import joint_code
from tf_eval.matching.reading.covariates import Covariates

ROUNDING = 1e-12  # of the size of numbers: what differences of floats are off by


@dataclass(frozen=True, eq=False)
class Problem:
    """One matching problem. Every array has one entry for each row, in canonical order (see ``reading.Sample``).

    treated       who was treated; every other row may serve as comparison
    covariates    the coded covariates
    score         position on the scale on which distance and ``caliper`` are measured
    caliper       the largest distance allowed within a set; infinite where there is none
    ratio         comparison rows wanted for each treated row; None where a set takes all that are near or alike
    min_ratio     the fewest that a treated row wants, and max_ratio the most, where ``ratio`` is the mean of all; of
                  stars the fewest (one over how many treated rows may share one) and the most that a treated row may
                  have; None where there is no such limit
    reuse         whether a unit may serve several treated rows; where all of a cell stand together, whether it may in
                  several risk sets
    order         who chooses first: "largest" score, "smallest", "closest" pair, "random" or "data"
    seed          decides the random order
    near          a column for each covariate with a caliper of its own, in units of that caliper
    apart         a column of whole numbers for each column in which treated and comparison rows must differ
    alike         a column of whole numbers for each column in which rows of a set must be the same
    position      where rows stand in space, if distance is measured there (rows by dimensions); None: by the score
    exact_cell    whole numbers; a set never crosses cells. Rows outside of the common support are in cells without the
                  other arm
    outside       which rows these are
    risk_set      whole numbers in the order in which risk sets are handled; a set never crosses them
    unit          whole numbers; a unit serves as comparison once
    input_row     the row's place in the caller's frame
    estimand      whom the effect is asked of: "att", "ate", "atc" or "ato" (see ``match``)
    moments       the highest power whose mean is balanced
    subclasses    how many subclasses the rows of a stratum are cut into
    least         whether the method promises the least total distance
    stars         whether a set has one row of either arm, and any number of the other
    narrow        whether no set is wider than four times the least that can be
    tolerance     largest difference of weighted moments that the method promises, in treated standard deviations; None
                  where it promises none
    whole         whether rows are taken whole or left out, so that each weighs 1 or 0
    twin          whole numbers, in the order of the rows: one for rows that are alike in everything that was named
    in_ratio      whether every exact cell and risk set has to have ``ratio`` comparison rows for each treated row

    ``earlier`` is no such array: it holds the pairs (treated row, comparison row) to be made again where they can be.
    """

    treated: np.ndarray
    covariates: Covariates
    score: np.ndarray
    caliper: float
    ratio: int | None
    order: str
    exact_cell: np.ndarray
    risk_set: np.ndarray
    unit: np.ndarray
    input_row: np.ndarray
    near: np.ndarray
    apart: np.ndarray
    outside: np.ndarray
    alike: np.ndarray
    min_ratio: float | None = None
    max_ratio: int | None = None
    reuse: bool = False
    seed: int | None = None
    position: np.ndarray | None = None
    earlier: tuple[tuple[int, int], ...] = ()
    estimand: str = "att"
    moments: int = 1
    subclasses: int = 6
    least: bool = False
    stars: bool = False
    narrow: bool = False
    tolerance: float | None = None
    whole: bool = False
    in_ratio: bool = False
    twin: np.ndarray | None = None

    @cached_property
    def stratum(self) -> np.ndarray:
        """Whole numbers: risk set and exact cell together."""
        return joint_stratum(self.risk_set, self.exact_cell)

    @cached_property
    def cell(self) -> np.ndarray:
        """Whole numbers from 0 on: stratum and all columns of ``alike`` together, in the order of their values."""
        return joint_code([self.stratum, *self.alike.T])

    @cached_property
    def line(self) -> Line:
        """The comparison rows in a line, by stratum and score."""
        return Line.of(self.treated, self.score, self.stratum)

    @cached_property
    def windows(self) -> tuple[np.ndarray, np.ndarray]:
        """For each row, the first place of the line within its stratum and the caliper, and the one after the last."""
        return self.line.windows(self.stratum, self.score - self.caliper, self.score + self.caliper)

    @cached_property
    def widest(self) -> float:
        """What covariates with a caliper may differ by, in units of it: 1, and what rounding adds to a difference."""
        return 1.0 + ROUNDING * float(np.abs(self.near).max(initial=0.0))

    @property
    def is_picky(self) -> bool:
        """Whether covariates decide too who may serve whom: by calipers of their own, or because they must differ."""
        return bool(self.near.shape[1] or self.apart.shape[1])

    @property
    def shares_rows(self) -> bool:
        """Whether a row may be in several sets: with reuse, where each treated row has those nearest to it."""
        return self.reuse and self.ratio is not None

    @cached_property
    def once(self) -> np.ndarray:
        """Whole numbers for what serves as comparison once: a unit, or with reuse a unit in a risk set."""
        return joint_code([self.unit, self.risk_set]) if self.reuse else self.unit

    @cached_property
    def wanted(self) -> np.ndarray:
        """How many comparison rows each row wants: of treated rows the ratio, where there is one, and of others 0."""
        if self.max_ratio is None:
            return self.treated * (self.ratio or 0)
        return extremal_ratios(self.score, self.treated, self.ratio, self.min_ratio or 1, self.max_ratio)

    @property
    def in_limits(self) -> bool:
        """Whether sets are stars, of which some limit says how many comparison rows a treated row may have."""
        return self.stars and (self.min_ratio, self.max_ratio) != (None, None)

    @cached_property
    def coordinates(self) -> np.ndarray:
        """Where rows stand for the distance: in space, or on the score alone (rows by dimensions)."""
        return self.score[:, None] if self.position is None else self.position

    @property
    def by_score_alone(self) -> bool:
        """Whether nothing but the score, its caliper and the strata decides who may be set together, and how far."""
        return self.position is None and not self.is_picky

    def reordered(self, order: np.ndarray) -> "Problem":
        """Return the same problem with its rows in another order, which then decides the ties."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        moved = {name: value[order] for name, value in values.items() if isinstance(value, np.ndarray)}
        return replace(self, **moved, covariates=self.covariates.reordered(order), earlier=())


def joint_stratum(risk_set: np.ndarray, exact_cell: np.ndarray) -> np.ndarray:
    """Return one whole number for each combination of risk set and exact cell."""
    return risk_set * (exact_cell.max() + 1) + exact_cell


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who was set beside whom: row ``row[m]`` of the problem is a member of set ``set_id[m]``.

    ``weight`` has one entry for each row of the problem, 0 where the row takes no part. A method without sets (one
    that only weights, or chooses rows) leaves ``row`` and ``set_id`` empty. ``notes`` are sentences that a reader of
    the result has to know. ``price`` proves that the total distance is the least: it has one entry for each unit where
    pairs are made (see ``auditing.least``), for each row where everybody has a partner (see ``auditing.cover``); None
    where a method does not prove that. ``centre`` has a row for each set, from which none of it is far, and proves how
    wide sets are (see ``auditing.width``).
    """

    row: np.ndarray
    set_id: np.ndarray
    weight: np.ndarray
    notes: tuple[str, ...] = ()
    price: np.ndarray | None = None
    centre: np.ndarray | None = None
