"""What was asked of a match of several arms: the echo that its result carries."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching import options
from tf_eval.matching.arguments import flag_problems, name_problems, word_problems
from tf_eval.matching.design import Design
from tf_eval.matching.reading.missing import REFUSE

WHERE = "match_arms"
FIRST, SCORE = "in_first_arm", "score"  # columns that are added
ESTIMANDS = {"vector": ("att",), "pairwise": ("att",), "inverse_probability": ("att", "ate"), "overlap": ("ato",)}
MATCHING = ("vector", "pairwise")  # the others weigh


@dataclass(frozen=True)
class ArmsDesign:
    """The columns and rules of one match of several arms. Names only; it holds no data."""

    on: tuple[str, ...]
    arm: str
    reference: Any
    unit: str | None = None
    exact: tuple[str, ...] = ()
    method: str = "vector"
    estimand: str = "att"
    caliper: float | None = None
    common_support: bool = True
    missing: str = REFUSE

    def check(self) -> None:
        """Raise one ``ConfigError`` that names everything wrong with the options."""
        raise_all(ConfigError, WHERE, _kind_problems(self))
        raise_all(ConfigError, WHERE, [*_option_problems(self), *_column_problems(self)])
        self.of_pair().check()

    def columns(self) -> list[str]:
        """Return every column that the match reads, each once."""
        named = (self.arm, self.unit, *self.on, *self.exact)
        return [name for name in dict.fromkeys(named) if name is not None]

    def of_pair(self) -> Design:
        """Return the design of two of the arms beside each other, whose score is handed in."""
        plain = Design(self.on, FIRST, exact=self.exact, score=SCORE, unit=self.unit, missing=self.missing)
        if self.method in MATCHING:
            return replace(plain, caliper=self.caliper, order="closest")
        return replace(plain, method=self.method, estimand=self.estimand)

    def to_dict(self) -> dict[str, Any]:
        """Return the design as JSON-safe values."""
        plain = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}
        return {**plain, "reference": str(self.reference)}


def _kind_problems(design: ArmsDesign) -> list[str]:
    problems = name_problems(arm=design.arm, unit=design.unit)
    problems += word_problems("method", design.method, ESTIMANDS)
    problems += word_problems("estimand", design.estimand, options.ESTIMANDS)
    return problems + flag_problems(common_support=design.common_support)


def _option_problems(design: ArmsDesign) -> list[str]:
    known = ESTIMANDS[design.method]
    listed = ", ".join(f"'{name}'" for name in known)
    problems = {
        f"method '{design.method}' has no use for 'caliper'; leave it out": design.caliper is not None
        and design.method not in MATCHING,
        f"method '{design.method}' cannot answer for estimand '{design.estimand}', but for {listed}": design.estimand
        not in known,
    }
    return [problem for problem, holds in problems.items() if holds]


def _column_problems(design: ArmsDesign) -> list[str]:
    taken = {"on": design.on, "exact": design.exact, "unit": (design.unit,)}
    return [
        f"'{design.arm}' names the arm of each row and cannot be in {option} as well"
        for option, names in taken.items()
        if design.arm in names
    ]
