"""What was asked of the estimator: one frozen echo, checked before any number is touched."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from tf_eval.did.arguments import numbers_of_numpy, option_problems
from tf_eval.did.options import OPTIONS, idle_options, imputing_problems, synthetic_problems
from tf_eval.did.reading.formula import columns_of
from tf_eval.did.reading.matched_source import read_matched
from tf_eval.errors import ConfigError, InputError, raise_all, unknown
from tf_eval.matching.arguments import is_between, is_whole, names
from tf_eval.matching.display import (
    ROUND_TO,
    SMALLEST_SHOWN,
    nearest,
    not_shown,
    percent,
    rounded,
    step_of_share,
    told_share,
)

SAMPLES = ("panel", "cross_sections")
COMPARISONS = ("not_yet_treated", "never_treated")
BASELINES = ("varying", "universal")
ERRORS = ("clustered", "unequal", "refitted")
QUANTILES = ("normal", "t")
FAMILIES = ("linear", "poisson", "logit")

STACK_COLUMNS = {"unit": "row", "period": "event_time", "adopted": "adopted", "weights": "weight"}
DEFAULTS = {"baseline": "varying", "comparison": "not_yet_treated"}
STACK_SET = "start_cohort"
STACK_WINDOW = 12


@runtime_checkable
class Stackable(Protocol):
    """A panel that can lay itself out in event time, one row per unit of the stack and event time.

    The frame holds ``row``, ``start_cohort`` (the set whose comparison rows serve nobody else), ``event_time``,
    ``adopted`` (0 for treated rows, missing for comparison rows), ``weight``, the outcome, and of the matched frame
    the ``columns`` that are asked for (clusters, covariates).
    """

    def event_time_frame(self, matched: Any, outcome: str, columns: Sequence[str]) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Design:
    """The question as it was put: columns, estimator, comparison and error.

    ``treated`` and ``counted`` come with a match: the column of a matched row's arm, and of who it is that is matched.
    A row of the comparison arm counts as never treated, and is seen until its own adoption.

    ``baseline`` is ``"varying"`` (pre-treatment cells against the period before them), ``"universal"`` (every cell
    against the last period before treatment) or a whole number n (every cell against the mean of the last n periods
    before treatment). ``quantile`` is the reference distribution of intervals: ``"normal"``, or ``"t"`` with one degree
    of freedom less than there are clusters whose treated units serve the estimate (at the event time with the fewest).
    The normal is the default because the errors are
    asymptotic and the reference implementations use it; t is for few treated clusters, whose number (not that of all
    clusters) limits what is known. ``errors`` are ``"clustered"``, or ``"unequal"``: clusters of each start cohort vary
    by their own amount, and the reference is t with Satterthwaite's degrees of freedom; for a few dozen clusters, or
    few treated ones. Of ``method="synthetic"``, whose errors are those of leaving clusters out, ``"refitted"`` finds
    all weights anew without each of them. ``small_sample`` multiplies errors by the root of n / (n - k), with n the
    comparison rows of a cell, on which its outcome model is fitted, and k the columns of that: what HC1 is to a
    regression (MacKinnon and White 1985). The reference implementations have no such factor.
    For the methods that fit one regression (Sun and Abraham, extended TWFE) it is R's fixest's own: G / (G - 1) times
    (n - 1) / (n - k), with G clusters, n rows and k coefficients and periods.

    ``family`` says in what scale trends are alike (``exposure`` makes counts rates); ``kappa_pre`` and ``kappa_post``
    are the periods of a stack's window, before and after the start. ``eligible`` is the column of those whom treatment
    reaches where it has begun, in a triple difference.

    ``smallest_shown`` is the number of units from which on words and figures tell what rests on them (``shows``,
    ``told``); tables have all numbers. It is for people. Of areas or authorities one is a public fact: 1 tells all.
    """

    outcome: str
    unit: str | None
    period: str
    adopted: str
    covariates: tuple[str, ...] = ()
    sample: str = "panel"
    method: str = "doubly_robust"
    comparison: str = "not_yet_treated"
    baseline: str | int = "varying"
    anticipation: int = 0
    cluster: str | tuple[str, str] | None = None
    weights: str | None = None
    sets: str | None = None
    confidence: float = 0.95
    errors: str = "clustered"
    quantile: str = "normal"
    small_sample: bool = False
    family: str = "linear"
    exposure: str | None = None
    kappa_pre: int | None = None
    kappa_post: int | None = None
    leads: int | None = None
    eligible: str | None = None
    treated: str | None = None
    counted: str | None = None
    smallest_shown: int = SMALLEST_SHOWN

    def __post_init__(self) -> None:
        for name, value in numbers_of_numpy(self).items():
            object.__setattr__(self, name, value)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the frame that is needed, once each."""
        own = (self.unit, self.period, self.adopted, self.outcome)
        named = (*own, *self.clusters, self.weights, self.sets, self.treated, self.exposure, self.eligible)
        return tuple(dict.fromkeys(name for name in (*named, *columns_of(self.covariates)) if name is not None))

    @property
    def clusters(self) -> tuple[str, ...]:
        """The columns that errors are clustered by, other than the unit: none, one or two."""
        if self.cluster is None:
            return ()
        return (self.cluster,) if isinstance(self.cluster, str) else self.cluster

    @property
    def counts_clusters(self) -> bool:
        """Whether the clusters are those who are counted, of whom a match may have several rows."""
        return self.counted is not None and self.cluster == self.counted

    @property
    def repeats_units(self) -> bool:
        """Whether a cell may hold several rows of one unit: of a match, outside sets, in each of which it has one."""
        return self.counts_clusters and not self.sets

    @property
    def units(self) -> str:
        """What notes count: units, or rows, where units are not known or a match has several rows of somebody."""
        if self.unit is None:
            return "rows"
        return "units" if self.counted in (None, self.unit) else "matched rows"

    @property
    def alike(self) -> str:
        """How both groups would have to change without treatment for the estimate to hold."""
        if self.method == "synthetic":
            return "alike, the comparison as weighted"
        if self.eligible is not None:
            return "alike in how far their eligible units part from the others"
        return {"linear": "alike", "poisson": "by the same proportion", "logit": "alike in their log odds"}[self.family]

    @property
    def level(self) -> str:
        """The confidence of intervals as words tell it."""
        return percent(self.confidence)

    @property
    def window(self) -> int | None:
        """Length of the baseline window in periods, or None where the base is a single period."""
        return self.baseline if isinstance(self.baseline, int) else None

    def shows(self, *counts: float) -> bool:
        """Say whether what rests on so many units (or rows) in each of several groups may be told; with 1 all may."""
        return self.smallest_shown == 1 or all(count >= self.smallest_shown for count in counts)

    def shown_rows(self, counts: pd.DataFrame) -> np.ndarray:
        """Say of each row of a table whether all its counts may be told (a mask); one that is missing may not."""
        return (counts.astype(float) >= self.smallest_shown).all(axis=1).to_numpy(dtype=bool)

    def told(self, count: float) -> str:
        """Return a count of units as words and figures tell it."""
        return rounded(count, self.smallest_shown)

    def told_rows(self, count: int, units: int, rows: str = "rows") -> str:
        """Return a count of rows as words tell it; those of few units, where these are known, are not counted."""
        if self.unit is None or self.shows(units):
            return f"{self.told(count)} {rows}"
        return f"{rows} of {self.told(units)} units"

    def told_share(self, share: float, units: float) -> str:
        """Return a share of so many units as words tell it: any closer, it would tell how few the others are."""
        return told_share(share, 0.01 if self.smallest_shown == 1 else max(step_of_share(units), 0.01))

    def drawn(self, counts: np.ndarray) -> np.ndarray:
        """Return counts as figures draw them."""
        return counts if self.smallest_shown == 1 else nearest(counts)

    @property
    def drawn_as(self) -> str:
        """What is said beside them, as what follows a name."""
        return "" if self.smallest_shown == 1 else f", to the nearest {ROUND_TO}"

    @property
    def not_shown(self) -> str:
        """What is said in the place of an effect or a course that rests on too few units."""
        return not_shown(self.smallest_shown)

    @property
    def few(self) -> str:
        """Who is not shown."""
        return f"fewer than {self.smallest_shown} units"

    def told_hidden(self, count: int) -> str:
        """Return, as what follows how many effects there are, how many of them are not shown; nothing of none."""
        return f", of which {count} {'is' if count == 1 else 'are'} not shown, for {self.few}" if count else ""

    def check(self) -> None:
        """Raise one ``ConfigError`` that names every option which cannot be honoured."""
        raise_all(ConfigError, "estimate_att", option_problems(self))
        numbers = self._bad_numbers()
        problems = [*self._unknown_words(), *(numbers or self._bad_window()), *self._clashes()]
        problems += imputing_problems(self.method, self.baseline, self.leads)
        problems += synthetic_problems(self.method, self.weights, self.clusters, self.errors)
        if self.method in OPTIONS and self.sample in SAMPLES:
            problems += idle_options(self.method, self.sample, self._changed())
        raise_all(ConfigError, "estimate_att", problems)

    def _changed(self) -> list[str]:
        """Return the options that are not as they stand by default."""
        plain = Design(self.outcome, self.unit, self.period, self.adopted)
        return [each.name for each in fields(self) if getattr(self, each.name) != getattr(plain, each.name)]

    def _unknown_words(self) -> list[str]:
        asked = {
            "sample": SAMPLES,
            "method": OPTIONS,
            "comparison": COMPARISONS,
            "errors": ERRORS,
            "quantile": QUANTILES,
            "family": FAMILIES,
        }
        given = {name: getattr(self, name) for name in asked}
        problems = [unknown(name, given[name], known) for name, known in asked.items() if given[name] not in known]
        if not isinstance(self.baseline, int) and self.baseline not in BASELINES:
            problems.append(f"{unknown('baseline', self.baseline, BASELINES)} Or give a whole number of periods.")
        return problems

    def _bad_numbers(self) -> list[str]:
        problems = []
        if isinstance(self.baseline, bool) or (self.window is not None and self.window < 1):
            problems.append("baseline as a number of periods must be a whole number from 1.")
        if not is_whole(self.smallest_shown, 1):
            problems.append("smallest_shown must be a whole number of units, 1 or more.")
        if not is_whole(self.anticipation, 0):
            problems.append("anticipation must be a whole number of periods, 0 or more.")
        if self.leads is not None and not is_whole(self.leads, 0):
            problems.append("leads must be a whole number of periods, 0 or more.")
        if not is_between(self.confidence, 0, 1):
            problems.append("confidence must lie between 0 and 1, for example 0.95.")
        return problems

    def _bad_window(self) -> list[str]:
        if self.method != "stacked":
            return []
        # The base, the last period before treatment (and its anticipation), has to lie in the window.
        sides = (("kappa_pre", self.kappa_pre, 1 + self.anticipation), ("kappa_post", self.kappa_post, 0))
        return [
            f"{name} must be a whole number of periods, {least} or more; 'stacked' needs it."
            for name, value, least in sides
            if not is_whole(value, least)
        ]

    def _clashes(self) -> list[str]:
        roles = {"unit": self.unit, "period": self.period, "adopted": self.adopted, "outcome": self.outcome}
        shared = sorted(role for role, column in roles.items() if list(roles.values()).count(column) > 1)
        problems = [f"{' and '.join(shared)} name the same column; each needs its own."] if shared else []
        if self.errors == "unequal" and (len(self.clusters) > 1 or self.quantile == "t"):
            problems.append(
                "errors='unequal' have degrees of freedom of their own and one kind of cluster; leave quantile out and "
                "name one cluster column."
            )
        if len(self.clusters) > 2:
            problems.append("errors are clustered by two columns at most.")
        if self.exposure is not None and self.family != "poisson":
            problems.append("an exposure is for counts; add family='poisson'.")
        if self.eligible is not None and self.treated is not None:
            problems.append("a match has taken the place of eligible; leave one of them out.")
        if self.outcome in columns_of(self.covariates):
            problems.append(f"the outcome '{self.outcome}' is also a covariate; take it out of covariates.")
        return problems

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "covariates": list(self.covariates)}


def read_source(
    data: pd.DataFrame | Stackable, matched: Any, options: dict[str, Any], required: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the long frame and the options with their defaults, which depend on what ``data`` is.

    Raises ``InputError`` where ``data`` is neither a frame nor a stack, ``ConfigError`` where columns are not named.
    """
    if isinstance(data, pd.DataFrame):
        if matched is not None:
            data, options = read_matched(data, matched, options)
        missing = [f"{name} is not given; name the column that holds it." for name in required if not options[name]]
        raise_all(ConfigError, "estimate_att", missing)
        return data, _with_defaults(options, DEFAULTS)
    if not isinstance(data, Stackable):
        raise InputError(f"estimate_att: data is a {type(data).__name__}; a DataFrame or a panel is needed.")
    frame = data.event_time_frame(matched, options["outcome"], _named(options))
    defaults: dict[str, Any] = {**DEFAULTS, **STACK_COLUMNS, "baseline": STACK_WINDOW}
    defaults["counted"] = getattr(matched, "unit", None)
    if STACK_SET not in options["covariates"]:
        defaults["sets"] = STACK_SET
    return frame, _with_defaults(options, defaults)


def _named(options: dict[str, Any]) -> list[str]:
    """Return the columns that the options name: a stack is long, and the others would be laid out for nothing."""
    single = [options.get(role) for role in ("unit", "period", "adopted", "weights", "sets")]
    several = (*names(options.get("cluster")), *columns_of(options["covariates"]))
    return [name for name in (*single, *several) if name is not None]


def _with_defaults(options: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    return {**options, **{name: value for name, value in defaults.items() if options.get(name) is None}}
