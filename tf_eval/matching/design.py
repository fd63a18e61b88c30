"""What was asked of a match: the echo that every result carries."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypedDict

from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching.arguments import (
    flag_problems,
    is_number,
    is_positive,
    is_whole,
    mapping_problems,
    name_problems,
    word_problems,
)
from tf_eval.matching.methods import METHODS
from tf_eval.matching.options import ESTIMANDS, IN_CELLS, STARS, option_problems, takes_ratio
from tf_eval.matching.ratios import is_ratio
from tf_eval.matching.reading.coarsening import Cutting, cutpoint_problems
from tf_eval.matching.reading.distances import DISTANCES
from tf_eval.matching.reading.missing import POLICIES, REFUSE
from tf_eval.matching.score.propensity import FIRTH
from tf_eval.matching.score.support import SUPPORTS

SCORE_MODELS = ("logistic", "gradient_boosting")
CALIPER_SCALES = ("linear_predictor", "probability")
COLUMNS = ("treated", "score", "risk_set", "unit")
BY_NAME = ("calipers", "calipers_sd", "cutpoints")
ORDERS = ("largest", "smallest", "closest", "random", "data")


class FinerOptions(TypedDict, total=False):
    """The options of a match that are seldom changed."""

    caliper_scale: str
    score: str | None
    order: str
    risk_set: str | None
    estimand: str
    moments: int
    tolerance: float
    reuse: bool
    min_ratio: float | None
    max_ratio: int | None
    calipers: Mapping[str, float]
    calipers_sd: Mapping[str, float]
    anti_exact: str | Iterable[str]
    distance: str
    distance_on: str | Iterable[str]
    missing: str
    score_model: str
    penalty: float | str | None
    folds: int | None
    common_support: str
    seed: int | None
    cutpoints: Mapping[str, Cutting]
    k_to_k: bool
    subclasses: int


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
    reuse: bool = False
    min_ratio: float | None = None
    max_ratio: int | None = None
    calipers: Mapping[str, float] = field(default_factory=dict)
    calipers_sd: Mapping[str, float] = field(default_factory=dict)
    anti_exact: tuple[str, ...] = ()
    distance: str = "score"
    distance_on: tuple[str, ...] = ()
    missing: str = REFUSE
    score_model: str = "logistic"
    penalty: float | str | None = None
    folds: int | None = None
    common_support: str = "none"
    seed: int | None = None
    cutpoints: Mapping[str, Cutting] = field(default_factory=dict)
    k_to_k: bool = False
    subclasses: int = 6

    def check(self) -> None:
        """Raise one ``ConfigError`` that names everything wrong with the options."""
        raise_all(ConfigError, "match", [*_kind_problems(self), *_word_problems(self), *_number_problems(self)])
        # These compare options with each other, which has no meaning where one is no such thing at all.
        of_method = option_problems(self.method, self.estimand, self.changed())
        raise_all(ConfigError, "match", [*_choice_problems(self), *_column_problems(self), *of_method])

    @property
    def makes_pairs(self) -> bool:
        """Whether each comparison row is chosen for one treated row alone, so that another match may keep the pair."""
        return self.k_to_k or (self.method == "nearest" and not self.reuse)

    @property
    def wanted(self) -> int | None:
        """Comparison rows wanted for each treated row; None where all of a cell stand together or are weighted."""
        return self.ratio if self.k_to_k or takes_ratio(self.method) else None

    def columns(self) -> list[str]:
        """Return every column that the match reads, each once."""
        single = [name for name in (self.score, self.risk_set, self.unit) if name is not None]
        several = (*self.on, *self.exact, *self.anti_exact, *self.distance_on, *self.calipers, *self.calipers_sd)
        return list(dict.fromkeys([self.treated, *several, *single]))

    def fillable(self) -> set[str]:
        """Return the covariates whose missing values are filled in; what makes sets exact or keeps apart never is."""
        others = (self.treated, self.score, self.risk_set, self.unit, *self.exact, *self.anti_exact)
        others += (*self.calipers, *self.calipers_sd)
        return set() if self.missing == REFUSE else {*self.on, *self.distance_on}.difference(others)

    def changed(self) -> list[str]:
        """Return the options that are not as they stand by default."""
        plain = Design(on=self.on, treated=self.treated)
        return [each.name for each in fields(self) if getattr(self, each.name) != getattr(plain, each.name)]

    def to_dict(self) -> dict[str, Any]:
        """Return the design as JSON-safe values."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def _kind_problems(design: Design) -> list[str]:
    problems = name_problems(**{option: getattr(design, option) for option in COLUMNS})
    problems += mapping_problems("{'age': 5}", **{option: getattr(design, option) for option in BY_NAME})
    return problems + flag_problems(reuse=design.reuse, k_to_k=design.k_to_k)


def _word_problems(design: Design) -> list[str]:
    known = {
        "method": METHODS,
        "caliper_scale": CALIPER_SCALES,
        "order": ORDERS,
        "estimand": ESTIMANDS,
        "distance": DISTANCES,
        "missing": POLICIES,
        "score_model": SCORE_MODELS,
        "common_support": SUPPORTS,
    }
    found = (word_problems(option, getattr(design, option), words) for option, words in known.items())
    return [problem for problems in found for problem in problems]


def _number_problems(design: Design) -> list[str]:
    said = {
        "ratio must be a whole number of comparisons for each treated row, 1 or more": is_whole(design.ratio, 1),
        "caliper must be a number of standard deviations above 0 (or None for no caliper); those of covariates are in "
        "calipers and calipers_sd": design.caliper is None or is_positive(design.caliper),
        "folds must be a whole number, 2 or more (or None to fit the score on all rows)": design.folds is None
        or is_whole(design.folds, 2),
        "seed must be a whole number, 0 or more": design.seed is None or is_whole(design.seed, 0),
        "penalty must be a number above 0 (a ridge), or 'firth' (or None for no penalty)": design.penalty is None
        or is_positive(design.penalty)
        or not word_problems("penalty", design.penalty, (FIRTH,)),
        "moments must be 1 (means), 2 (squares too) or 3 (cubes too)": is_whole(design.moments, 1)
        and design.moments <= 3,
        "subclasses must be a whole number, 2 or more": is_whole(design.subclasses, 2),
        "tolerance must be a number of treated standard deviations, 0 or more": is_number(design.tolerance)
        and design.tolerance >= 0,
    }
    ratios = (
        _limit_problems(design)
        if isinstance(design.method, str) and design.method in STARS
        else _ratio_problems(design)
    )
    return [problem for problem, fine in said.items() if not fine] + ratios


def _ratio_problems(design: Design) -> list[str]:
    least, most = design.min_ratio, design.max_ratio
    if most is None:
        return ["min_ratio needs a max_ratio: how many comparisons a treated row may have"] if least is not None else []
    bounds = (1 if least is None else least, design.ratio, most)
    if all(map(is_whole, bounds)) and 0 < bounds[0] < bounds[1] < bounds[2]:
        return []
    return ["min_ratio (or 1), ratio and max_ratio must be whole numbers above 0, each larger than the one before"]


def _limit_problems(design: Design) -> list[str]:
    """What is wrong with the fewest and the most comparison rows of a set, where nothing between is wanted."""
    least, most = design.min_ratio, design.max_ratio
    wrong = {
        "min_ratio must be a whole number of comparison rows for each treated row, 1 or more, or one over the number "
        "of treated rows that may share a comparison row, such as 1/3": not (least is None or is_ratio(least)),
        "max_ratio must be a whole number of comparison rows for each treated row, 1 or more": not (
            most is None or is_whole(most, 1)
        ),
    }
    problems = [problem for problem, holds in wrong.items() if holds]
    if None in (least, most) or problems or least <= most:
        return problems
    return ["min_ratio must not be larger than max_ratio"]


def _choice_problems(design: Design) -> list[str]:
    """Options that go together, or do not."""
    refused = {
        "order='random' needs a seed, so that the same match can be made again": design.order == "random"
        and design.seed is None,
        "seed is for order='random' alone": design.order != "random" and design.seed is not None,
        "distance_on is for a distance in space; with distance='score' name covariates in on": design.distance
        == "score"
        and bool(design.distance_on),
        "a score that is handed in is not fitted; leave score_model, penalty and folds out": design.score is not None
        and (design.score_model, design.penalty, design.folds) != ("logistic", None, None),
        "penalty is for score_model 'logistic' alone": design.score_model != "logistic" and design.penalty is not None,
        "k_to_k pairs the treated with comparison rows, and so is for estimand 'att' alone": design.k_to_k
        and design.estimand != "att",
        "k_to_k makes pairs, in which a unit serves once; leave reuse out": design.k_to_k and design.reuse,
        "reuse lets a unit stand in several risk sets; name unit and risk_set": design.reuse
        and design.method in IN_CELLS
        and None in (design.unit, design.risk_set),
        "with reuse no order of choosing matters; leave order out": design.reuse and design.order != "largest",
    }
    return [problem for problem, holds in refused.items() if holds]


def _column_problems(design: Design) -> list[str]:
    problems = []
    if not design.on:
        problems.append("on must name at least one covariate")
    for option in ("on", "exact", "anti_exact", "distance_on"):
        given = getattr(design, option)
        problems += [f"{option} names '{name}' twice" for name in dict.fromkeys(given) if given.count(name) > 1]
    for option in ("calipers", "calipers_sd"):
        given = getattr(design, option).items()
        problems += [
            f"{option}: the caliper on '{name}' must be a number above 0"
            for name, width in given
            if not is_positive(width)
        ]
    both = [name for name in design.anti_exact if name in design.exact]
    problems += [f"'{name}' cannot be the same within a set (exact) and differ (anti_exact)" for name in both]
    both = [name for name in design.calipers if name in design.calipers_sd]
    problems += [f"'{name}' has two calipers, in its own units and in standard deviations" for name in both]
    if design.treated in (*design.on, *design.exact, *design.distance_on, *design.calipers, *design.calipers_sd):
        problems.append(f"'{design.treated}' says who was treated and cannot be a covariate as well")
    return problems + cutpoint_problems(design.cutpoints, design.on)
