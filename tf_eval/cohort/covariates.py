"""What is known of a family before its index month, each with a name for machines and words for a commissioner."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tf_eval.cohort.cohort import Cohort
from tf_eval.cohort.lags import Lag, lags_of
from tf_eval.cohort.months import as_days, last_day
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.panel_data import PanelData
from tf_eval.cohort.rule import RULE
from tf_eval.cohort.spans import open_at

LOOKBACK = 12
_BEFORE = "the end of the month before"
_HOUSEHOLD = {
    "children": "Children in the family",
    "adults": "Adults in the family",
    "lone_adult": "Only one adult in the family",
    "children_under_5": "Children under 5 in the family",
    "youngest_child_age": "Age of the youngest child (years)",
}


@dataclass(frozen=True, eq=False, repr=False)
class Covariate:
    """One covariate: its column, its label, the time it tells of, the records it is from, and its values.

    Values are one for each row asked about, without missing ones. Where any had to be filled in, ``filled_where`` names
    the column that says which; see ``_filled``.
    """

    name: str
    label: str
    window: str
    source: str
    values: np.ndarray
    filled_where: str | None = None


@dataclass(frozen=True, eq=False)
class Asked:
    """Families (rows of the panel) and the month before whose first day everything has to be known."""

    family: np.ndarray
    index_month: np.ndarray


def build_covariates(cohort: Cohort, data: PanelData, asked: Asked) -> list[Covariate]:
    """Return the covariates of families at their index months, from records dated before the month's first day.

    Args:
        cohort: the cohort, for its criteria.
        data: the panel.
        asked: families and index months; the twelve months before are months of the panel.
    """
    parts = (
        _district(data, asked),
        _outcomes(data, asked),
        _identified(data, asked),
        _households(data, asked),
        _criteria(cohort, data, asked),
        _deprivation(data, asked),
    )
    return [covariate for part in parts for covariate in part]


def catalogue(covariates: Iterable[Covariate]) -> pd.DataFrame:
    """Return one row per covariate: name, label, window, source."""
    rows = [(each.name, each.label, each.window, each.source) for each in covariates]
    return pd.DataFrame(rows, columns=["name", "label", "window", "source"])


def criteria_met(cohort: Cohort, data: PanelData, asked: Asked) -> np.ndarray:
    """Return how many criteria each family met just before its index month."""
    return _number_of((_met(cohort, name, data, asked) for name in _titles(cohort)), asked)


def _outcomes(data: PanelData, asked: Asked) -> Iterator[Covariate]:
    index = asked.index_month - data.months[0]
    for outcome in data.outcomes:
        for lag in lags_of(outcome, data.series[outcome.name], asked.family, index):
            yield from _of_lag(outcome, lag)
    for outcome in data.outcomes:
        # Of an exposure that is never known it would be a constant, and say that it was whole.
        if outcome.unexposed_in and data.exposures[outcome.name].known.any():
            yield from _exposure(data, outcome, asked.family, index)


def _of_lag(outcome: Outcome, lag: Lag) -> Iterator[Covariate]:
    """A lag, and beside the rate of a count its square root.

    Counts are skewed: a score that is linear in them is led by the few families with very many. The square root evens
    out the spread of a count (Bartlett 1936), and the two together let a score bend.
    """
    source = f"{outcome.table}: {', '.join(outcome.kinds) or f'{outcome.numerator} of possible sessions'}"
    level = Covariate(lag.name, lag.label, lag.window, source, lag.values)
    rate, *missing = _filled(level, f"{outcome.label}, {lag.window}: not seen")
    yield rate
    if outcome.kind in ("count", "money") and lag.is_level:
        label = f"{rate.label} (large numbers damped)"
        yield replace(rate, name=f"{rate.name}_root", label=label, values=np.sqrt(rate.values))
    yield from missing


def _exposure(data: PanelData, outcome: Outcome, family: np.ndarray, index: np.ndarray) -> Iterator[Covariate]:
    name, label = f"{outcome.name}_exposure_{LOOKBACK}m", f"{outcome.label}: share of time that it was possible"
    values = data.exposures[outcome.name].mean(family, index - LOOKBACK, index)
    window = f"last {LOOKBACK} months"
    source = f"spell: {', '.join(outcome.unexposed_in)}"
    yield from _filled(Covariate(name, f"{label}, {window}", window, source, values), f"{label}, {window}: not known")


def _identified(data: PanelData, asked: Asked) -> Iterator[Covariate]:
    """A family below the threshold has not qualified: when it does later is not known at its index month."""
    qualified, month = data.qualified[asked.family], asked.index_month
    since = np.where(qualified < month, month - np.minimum(qualified, month), np.nan)
    label = "Months since the family was identified"
    known = Covariate("months_since_qualified", label, "up to the index month", "the programme's rule", since)
    yield from _filled(known, "Not identified")


def _households(data: PanelData, asked: Asked) -> Iterator[Covariate]:
    found = data.households.at(asked.family, asked.index_month - 1 - data.months[0])
    found["lone_adult"] = (found["adults"] == 1).astype(np.int64)
    for name, label in _HOUSEHOLD.items():
        yield from _filled(Covariate(name, label, _BEFORE, "family_member, person", found[name]), f"{label}: not seen")


def _district(data: PanelData, asked: Asked) -> Iterator[Covariate]:
    values = data.homes.district_at(asked.family, asked.index_month - 1 - data.months[0])
    yield Covariate("district", "District", _BEFORE, "family_home", values)


def _deprivation(data: PanelData, asked: Asked) -> Iterator[Covariate]:
    values = data.homes.decile_at(asked.family, asked.index_month - 1 - data.months[0])
    label = "Deprivation decile of the home (1: most deprived)"
    yield from _filled(Covariate("deprivation_decile", label, _BEFORE, "family_home", values), f"{label}: not seen")


def _criteria(cohort: Cohort, data: PanelData, asked: Asked) -> Iterator[Covariate]:
    met = {name: _met(cohort, name, data, asked) for name in _titles(cohort)}
    number = _number_of(met.values(), asked)
    yield Covariate("criteria_met", "Criteria met at the index date", _BEFORE, "the programme's criteria", number)
    label = "Meets the programme's rule at the index date"
    yield Covariate("currently_qualified", label, _BEFORE, "the programme's rule", _met(cohort, RULE, data, asked))
    for name, title in _titles(cohort).items():
        label = f"Criterion met at the index date: {title}"
        yield Covariate(f"criterion_{name}", label, _BEFORE, f"the programme's criterion '{name}'", met[name] * 1)


def _titles(cohort: Cohort) -> dict[str, str]:
    return {criterion.name: criterion.title for criterion in cohort.programme.criteria}


def _number_of(met: Iterable[np.ndarray], asked: Asked) -> np.ndarray:
    return sum(met, start=np.zeros(len(asked.family), dtype=np.int64))


def _met(cohort: Cohort, name: str, data: PanelData, asked: Asked) -> np.ndarray:
    """Return whether a criterion, or the rule, was met at the end of the day before the index month.

    On the first day itself a record of that day would count, which comes after the index date.
    """
    spans = cohort.truth[cohort.truth["criterion"] == name]
    truth = spans[spans["state"] >= cohort.programme.least_state]
    row = np.searchsorted(data.family_ids, truth["family_id"].to_numpy())
    spans = row, as_days(truth["start_date"]), as_days(truth["end_date"])
    return open_at(spans, asked.family, last_day(asked.index_month - 1))


def _filled(covariate: Covariate, missing_label: str) -> Iterator[Covariate]:
    """A covariate without missing values; where there are any, 0 stands for them and a second column says so."""
    missing = np.isnan(covariate.values)
    if not missing.any():
        yield covariate
        return
    name = f"{covariate.name}_missing"
    yield replace(covariate, values=np.where(missing, 0.0, covariate.values), filled_where=name)
    yield replace(covariate, name=name, label=missing_label, values=missing.astype(float))
