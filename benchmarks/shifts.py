"""How often is a shift in recording found where there is none, and where there is one? On counts with known drift.

    python -m benchmarks.shifts                        # 200 counties for each line
    python -m benchmarks.shifts --counties 1000

Each county has six years of one kind. Its districts record at a steady rate, or their log rates follow a random walk
(with a standard deviation a month) or an autoregression (0.9 from month to month, standard deviation 0.1). A line says
how many of the counties without a shift get a finding; and in how many of the others, in which the first district
falls to 45 % or doubles at some time between the third and the fourth year, that shift is found within four months.
"""

import argparse
from collections.abc import Callable
from datetime import date

import numpy as np

from tf_eval.data.checking.patterns.periods import school_terms, whole_months
from tf_eval.data.checking.patterns.series import Series
from tf_eval.data.checking.patterns.shifts import find_shifts

MONTHS = whole_months(date(2009, 4, 1), date(2015, 4, 1), school_terms([]))
SEED = 2012
MONTHS_OFF = 4
RATIOS = (0.45, 2.0)
SIZES = ((5, 20), (5, 60), (5, 300), (3, 60), (2, 60), (2, 300))  # districts, rows a month of each

Drift = Callable[[np.random.Generator, int], np.ndarray]  # districts -> log rates, districts x months


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counties", type=int, default=200)
    counties = parser.parse_args().counties
    print("districts  rows  drift                  false   found at 0.45   at 2.0")
    for districts, rows in SIZES:
        for name, drift in DRIFTS.items():
            false = share_found(drift, districts, rows, counties, ratio=1.0)
            found = [share_found(drift, districts, rows, counties, ratio=ratio) for ratio in RATIOS]
            print(
                f"{districts:>9}  {rows:>4}  {name:<20}  {false:>6.3f}  {found[0]:>14.3f}  {found[1]:>7.3f}", flush=True
            )


def share_found(drift: Drift, districts: int, rows: int, counties: int, *, ratio: float) -> float:
    """Return in which share of counties the first district's shift is found; any shift, where ``ratio`` is 1."""
    rng = np.random.default_rng([SEED, districts, rows])
    hits = 0
    for _ in range(counties):
        first = int(rng.integers(24, 48))
        rates = drift(rng, districts)
        rates[0, first:] += np.log(ratio)
        shifts = find_shifts([series_of(rng.poisson(rows * np.exp(rates)))])
        # With two districts it is the same break for both.
        right = [one for one in shifts if one.district is not None and (one.district == 0 or districts == 2)]
        hits += bool(shifts) if ratio == 1 else any(abs(one.first - first) <= MONTHS_OFF for one in right)
    return hits / counties


def series_of(counts: np.ndarray) -> Series:
    """Return a series with these rows by district and month."""
    districts = len(counts)
    known, nobody, shares = np.ones(counts.shape, dtype=bool), np.zeros(len(MONTHS)), np.full(districts, 1 / districts)
    names = tuple(f"district {number}" for number in range(districts))
    return Series("agency", "event", ("kind",), names, counts.astype(float), nobody, known[0], known, shares, MONTHS)


def steady(_: np.random.Generator, districts: int) -> np.ndarray:
    """Return log rates that stay."""
    return np.zeros((districts, len(MONTHS)))


def random_walk(deviation: float) -> Drift:
    """Return log rates that take a step of this standard deviation each month."""
    return lambda rng, districts: rng.normal(0, deviation, (districts, len(MONTHS))).cumsum(axis=1)


def autoregression(rng: np.random.Generator, districts: int, kept: float = 0.9, deviation: float = 0.1) -> np.ndarray:
    """Return log rates that stray and come back."""
    rates = rng.normal(0, deviation, size=(districts, len(MONTHS)))
    for month in range(1, len(MONTHS)):
        rates[:, month] = kept * rates[:, month - 1] + np.sqrt(1 - kept**2) * rates[:, month]
    return rates


DRIFTS: dict[str, Drift] = {
    "none": steady,
    "random walk, 0.02": random_walk(0.02),
    "random walk, 0.03": random_walk(0.03),
    "autoregression": autoregression,
}

if __name__ == "__main__":
    main()
