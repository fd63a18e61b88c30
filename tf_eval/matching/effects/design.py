"""What was asked of an effect on matched rows: the echo that its result carries."""

from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching.arguments import is_whole, level_problems, word_problems

WHERE = "estimate_effect"
METHODS = ("difference", "regression", "g_computation", "randomisation", "abadie_imbens")
WITHOUT_COVARIATES = ("difference", "randomisation")
BY_MODEL = ("regression", "g_computation")  # of the outcome, given the covariates of the match if no others
WITH_ERRORS_OF_ITS_OWN = {
    "randomisation": "it draws anew within sets",
    "abadie_imbens": "its error is made of the sets and of how often a row serves",
}
CLUSTERS = ("set", "unit", "both", "row")
CORRECTIONS = ("CR1", "CR2")


@dataclass(frozen=True)
class EffectDesign:
    """The outcome and the rules of one estimate. Column names only; it holds no data.

    ``cluster`` and ``correction`` are None until the rows have decided them, and for methods that need none.
    """

    outcome: str
    method: str = "difference"
    covariates: tuple[str, ...] = ()
    cluster: str | None = None
    correction: str | None = None
    level: float = 0.95
    seed: int | None = None

    def check(self) -> None:
        """Raise one ``ConfigError`` that names everything wrong with the options."""
        raise_all(ConfigError, WHERE, [*_word_problems(self), *_number_problems(self)])
        raise_all(ConfigError, WHERE, _fit_problems(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the design as JSON-safe values."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def _word_problems(design: EffectDesign) -> list[str]:
    known = {"method": METHODS, "cluster": CLUSTERS, "correction": CORRECTIONS}
    asked = {option: getattr(design, option) for option in known}
    asked = {option: value for option, value in asked.items() if value is not None or option == "method"}
    return [problem for option, value in asked.items() for problem in word_problems(option, value, known[option])]


def _fit_problems(design: EffectDesign) -> list[str]:
    """Say which options another option has no use for: to ignore them would be to answer another question."""
    problems = [f"covariates name '{name}' twice" for name in _repeated(design.covariates)]
    if design.covariates and design.method in WITHOUT_COVARIATES:
        problems.append(f"method '{design.method}' takes no covariates; use 'regression' or 'g_computation'")
    own = WITH_ERRORS_OF_ITS_OWN.get(design.method)
    if own and (design.cluster or design.correction):
        problems.append(f"method '{design.method}' takes neither cluster nor correction: {own}")
    if design.method != "randomisation" and design.seed is not None:
        problems.append(f"method '{design.method}' draws nothing at random and takes no seed")
    return problems


def _number_problems(design: EffectDesign) -> list[str]:
    problems = level_problems(design.level)
    if design.seed is not None and not is_whole(design.seed, 0):
        problems.append("seed must be a whole number, 0 or more")
    return problems


def _repeated(names: tuple[str, ...]) -> list[str]:
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]
