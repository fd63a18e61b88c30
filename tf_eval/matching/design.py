"""What was asked of a match: the echo that every result carries."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypedDict

from tf_eval.errors import ConfigError, raise_all, unknown
from tf_eval.matching.methods import METHODS
from tf_eval.matching.options import ESTIMANDS, option_problems

CALIPER_SCALES = ("linear_predictor", "probability")
ORDERS = ("largest", "smallest", "data")


class FinerOptions(TypedDict, total=False):
    """The options of a match that are seldom changed."""

    caliper_scale: str
    score: str | None
    order: str
    risk_set: str | None
    estimand: str
    moments: int
    tolerance: float


@dataclass(frozen=True)
class Design:
    """The columns and rules of one match. Column names only; it holds no data."""

    on: tuple[str, ...]
    treated: str
    exact: tuple[str, ...] = ()
    method: str = "nearest"
    ratio: int = 1
    caliper: float | None = None
    caliper_scale: str = "linear_predictor"
    score: str | None = None
    order: str = "largest"
    risk_set: str | None = None
    unit: str | None = None
    estimand: str = "att"
    moments: int = 1
    tolerance: float = 0.02

    def check(self) -> None:
        """Raise one ``ConfigError`` that names everything wrong with the options."""
        problems = [*_word_problems(self), *_number_problems(self), *_column_problems(self)]
        if self.method in METHODS:
            problems += option_problems(self.method, self.estimand, self._changed())
        raise_all(ConfigError, "match", problems)

    def columns(self) -> list[str]:
        """Return every column that the match reads, each once."""
        single = [name for name in (self.score, self.risk_set, self.unit) if name is not None]
        return list(dict.fromkeys([self.treated, *self.on, *self.exact, *single]))

    def _changed(self) -> list[str]:
        """Return the options that are not as they stand by default."""
        plain = Design(on=self.on, treated=self.treated)
        return [field.name for field in fields(self) if getattr(self, field.name) != getattr(plain, field.name)]

    def to_dict(self) -> dict[str, Any]:
        """Return the design as JSON-safe values."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def names(value: str | Iterable[str]) -> tuple[str, ...]:
    """Return column names as a tuple; a bare string is one name, not a row of letters."""
    return (value,) if isinstance(value, str) else tuple(value)


def _word_problems(design: Design) -> list[str]:
    known = {"method": METHODS, "caliper_scale": CALIPER_SCALES, "order": ORDERS, "estimand": ESTIMANDS}
    return [
        unknown(option, str(getattr(design, option)), words)
        for option, words in known.items()
        if getattr(design, option) not in words
    ]


def _number_problems(design: Design) -> list[str]:
    problems = []
    if not _is_whole(design.ratio) or design.ratio < 1:
        problems.append("ratio must be a whole number of comparisons for each treated row, 1 or more")
    if design.caliper is not None and not _is_positive(design.caliper):
        problems.append("caliper must be a number of standard deviations above 0 (or None for no caliper)")
    if not _is_whole(design.moments) or design.moments not in (1, 2, 3):
        problems.append("moments must be 1 (means), 2 (squares too) or 3 (cubes too)")
    if design.tolerance != 0 and not _is_positive(design.tolerance):
        problems.append("tolerance must be a number of treated standard deviations, 0 or more")
    return problems


def _column_problems(design: Design) -> list[str]:
    problems = []
    if not design.on:
        problems.append("on must name at least one covariate")
    for option in ("on", "exact"):
        given = getattr(design, option)
        problems += [f"{option} names '{name}' twice" for name in dict.fromkeys(given) if given.count(name) > 1]
    if design.treated in (*design.on, *design.exact):
        problems.append(f"'{design.treated}' says who was treated and cannot be a covariate as well")
    return problems


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_positive(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value) and value > 0
