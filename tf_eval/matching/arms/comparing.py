"""What came of each arm beside each other: head to head."""

from collections.abc import Iterable

from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching.arguments import names, word_problems
from tf_eval.matching.arms.head_to_head import HeadToHead
from tf_eval.matching.arms.matched_arms import MatchedArms, require_arms
from tf_eval.matching.effects.estimating import estimate_effect

WHERE = "compare_arms"
METHODS = ("difference", "regression", "g_computation")


def compare_arms(
    matched: MatchedArms,
    outcome: str,
    *,
    method: str = "difference",
    covariates: str | Iterable[str] = (),
    level: float = 0.95,
) -> HeadToHead:
    """Estimate what each arm did against each other, with errors that know of sets and units.

    Parameters
    ----------
    matched
        What ``match_arms`` returned, with its balance accepted. Its weights and sets are used.
    outcome
        Column of the frame that was matched: a number in its own units, or true and false.
    method, covariates
        As for ``estimate_effect``, by which each two arms are compared: ``"difference"``, ``"regression"`` or
        ``"g_computation"``. Errors are clustered by set, by unit, or by both, as there.
    level
        Of the intervals.

    Returns
    -------
    HeadToHead
        For every two arms the difference with its interval, and beside it the simultaneous one, with which all pairs
        hold together at the level (Bonferroni's: each at 1 less the share of the doubt that falls to a pair).

    Raises
    ------
    ConfigError
        An option is unknown or out of its range.
    InputError
        The outcome or a covariate is missing, has missing values, or was used by the match.
    EstimationError
        Balance was not accepted.
    """
    require_arms(matched, WHERE)
    matched.require_accepted(WHERE)
    raise_all(ConfigError, WHERE, [*word_problems("method", method, METHODS), *_arm_problems(matched, outcome)])
    asked = {"method": method, "covariates": names(covariates, "covariates"), "level": level}
    effects = {pair: estimate_effect(of_pair, outcome, **asked) for pair, of_pair in matched.pairs.items()}
    design = {"outcome": outcome, **asked, "covariates": list(asked["covariates"]), "match": matched.design.to_dict()}
    return HeadToHead(outcome, level, effects, design)


def _arm_problems(matched: MatchedArms, outcome: object) -> list[str]:
    is_arm = isinstance(outcome, str) and outcome == matched.design.arm
    return [f"'{outcome}' names the arm of each row and cannot be its outcome"] if is_arm else []
