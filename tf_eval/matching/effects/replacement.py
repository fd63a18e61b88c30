"""The effect where comparison rows serve several treated rows: Abadie and Imbens's errors and bias correction."""

from dataclasses import dataclass

import numpy as np

from tf_eval.errors import InputError, raise_all
from tf_eval.matching.arguments import numbers
from tf_eval.matching.effects.links import Links
from tf_eval.matching.effects.regression import fit_weighted

WHERE = "abadie_imbens"
NEIGHBOURS = "neighbour_variance"


@dataclass(frozen=True)
class ReplacedEffect:
    """An effect on the treated and its standard error, as of a sample from a population."""

    estimate: float
    std_error: float


def abadie_imbens(
    outcome: np.ndarray,
    links: Links,
    *,
    covariates: np.ndarray | None = None,
    row_variance: np.ndarray | None = None,
) -> ReplacedEffect:
    """Return the effect on the treated from matches with replacement, with the error of Abadie and Imbens (2006).

    outcome        one number for each row of the sample
    links          matches; any number for each treated row (ties among them), comparison rows used any number of times
    covariates     rows by columns: takes off what the matched comparison rows' own regression on them says of the
                   differences that matching left (Abadie and Imbens 2011); None leaves the matches as they are
    row_variance   variance of the outcome given the covariates, for each row (``neighbour_variance``); None takes it to
                   be the same for all, half the mean squared deviation of the links' differences

    The error has two parts: how far the effects differ between treated rows, and how far one draw of a comparison row
    that serves often carries. A bootstrap does not get the second right (Abadie and Imbens 2008). Scores are taken as
    known. With constant variance it is what R's ``Matching::Match`` gives.

    Raises ``InputError`` where the arrays do not fit together.
    """
    outcome = numbers(outcome, WHERE, "outcome")
    covariates = None if covariates is None else numbers(covariates, WHERE, "covariates")
    row_variance = None if row_variance is None else numbers(row_variance, WHERE, "row_variance")
    raise_all(InputError, WHERE, _problems(len(outcome), links, covariates, row_variance))
    rows, place = np.unique(links.treated, return_inverse=True)
    stand_in = outcome[links.compared] + _left_by_matching(outcome, links, covariates)
    gaps = outcome[links.treated] - stand_in
    effects = np.bincount(place, links.weight * gaps)
    estimate = float(effects.mean())
    if row_variance is None:
        row_variance = np.full(len(outcome), float(links.weight @ (gaps - estimate) ** 2) / len(rows) / 2)
    scatter = float(((effects - estimate) ** 2).sum())
    return ReplacedEffect(estimate, float(np.sqrt(scatter + _carried(links, row_variance))) / len(rows))


def neighbour_variance(outcome: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Return each row's variance of the outcome given the covariates (Abadie and Imbens 2006, expression 14).

    outcome      one number for each row
    neighbours   rows by J: the places of the J nearest rows of the same arm, without the row itself

    Raises ``InputError`` where the arrays do not fit together.
    """
    outcome, neighbours = numbers(outcome, NEIGHBOURS, "outcome"), np.asarray(neighbours)
    raise_all(InputError, NEIGHBOURS, _neighbour_problems(len(outcome), neighbours))
    count = neighbours.shape[1]
    return count / (count + 1) * (outcome - outcome[neighbours].mean(axis=1)) ** 2


def _neighbour_problems(size: int, neighbours: np.ndarray) -> list[str]:
    if neighbours.ndim != 2 or len(neighbours) != size or not neighbours.size or neighbours.dtype.kind not in "iu":
        return ["neighbours must be places of rows in whole numbers, for each outcome a row of one or more"]
    inside = neighbours.min() >= 0 and neighbours.max() < size
    return [] if inside else ["neighbours name rows that the outcome does not have"]


def _carried(links: Links, variance: np.ndarray) -> float:
    """Return what the reuse of comparison rows adds: their variance times squared use less what effects show of it."""
    use = np.bincount(links.compared, links.weight, minlength=len(variance))
    shown = np.bincount(links.compared, links.weight**2, minlength=len(variance))
    return float(variance @ (use**2 - shown))


def _left_by_matching(outcome: np.ndarray, links: Links, covariates: np.ndarray | None) -> np.ndarray:
    """Return, for each link, how much higher the comparison row's outcome would be at the treated row's covariates."""
    if covariates is None:
        return np.zeros(len(links.weight))
    use = np.bincount(links.compared, links.weight, minlength=len(outcome))
    served = use > 0
    centred = covariates - covariates[served].mean(axis=0)
    fit = fit_weighted(np.column_stack([np.ones(served.sum()), centred[served]]), outcome[served], use[served])
    return (centred[links.treated] - centred[links.compared]) @ fit.coefficients[1:]


def _problems(size: int, links: Links, covariates: np.ndarray | None, row_variance: np.ndarray | None) -> list[str]:
    if not (isinstance(links, Links) and all(isinstance(part, np.ndarray) for part in vars(links).values())):
        return ["links must be Links of arrays"]
    if not len(links.treated) == len(links.compared) == len(links.weight) > 0:
        return ["links need as many treated rows as comparison rows and weights, and one at least"]
    if min(links.treated.min(), links.compared.min()) < 0 or max(links.treated.max(), links.compared.max()) >= size:
        return ["links name rows that the outcome does not have"]
    shares = np.bincount(links.treated, links.weight)[np.unique(links.treated)]
    problems = {
        "the weights of each treated row must be 0 or more and sum to 1": np.allclose(shares, 1, rtol=0, atol=1e-6)
        and (links.weight >= 0).all(),
        "a row is both treated and compared": not np.isin(links.treated, links.compared).any(),
        "covariates need one row for each outcome": covariates is None or covariates.shape[:-1] == (size,),
        "row_variance needs one number for each outcome": row_variance is None or row_variance.shape == (size,),
    }
    return [problem for problem, fine in problems.items() if not fine]
