"""From a frame to a matched comparison: read, score, match, audit, report."""

from collections.abc import Iterable
from typing import Any, Unpack

import numpy as np
import pandas as pd

from tf_eval.errors import ConfigError, EstimationError, raise_all
from tf_eval.matching.arguments import names, unknown_options
from tf_eval.matching.auditing.audit import audit
from tf_eval.matching.design import Design, FinerOptions
from tf_eval.matching.dropped import drop_reasons
from tf_eval.matching.matched import Matched
from tf_eval.matching.methods import METHODS
from tf_eval.matching.options import estimands_of
from tf_eval.matching.posing import pose
from tf_eval.matching.problem import Problem
from tf_eval.matching.ratios import plain_ratio
from tf_eval.matching.reading.coarsening import plain_cutpoints
from tf_eval.matching.reading.sample import Arms, accompanied, take_apart
from tf_eval.matching.reporting import report

ASK_FOR_LESS = "Ask for less: a wider caliper, fewer bins, fewer columns in which sets are alike."


def match(
    data: pd.DataFrame | Arms,
    *,
    on: str | Iterable[str],
    treated: str | None = None,
    unit: str | None = None,
    exact: str | Iterable[str] = (),
    method: str = "nearest",
    ratio: int = 1,
    caliper: float | None = None,
    keep: Matched | None = None,
    **finer: Unpack[FinerOptions],
) -> Matched:
    """Set treated rows beside comparison rows that were alike before, for the effect on the treated.

    Parameters
    ----------
    data
        A frame, or arms: any object with ``frame``, ``treated``, ``unit`` and ``risk_set``, whose column names are
        used where the keywords below are not given. Arms may have ``companions``: for a covariate, the column that
        says where its values were filled in, which then is a covariate with it.
    on
        Covariates: numbers, yes/no, or categories. A category enters the propensity score without its first level.
    treated
        Column that says who was treated: 1 or True.
    unit
        Column that names the unit (a family), where a unit can have several rows. A unit serves as comparison at most
        once, over all risk sets (but see ``reuse``), and never from the risk set on in which it was itself treated.
        Where all of a cell are set together, that is in the first risk set in which its cell has a treated row.
    exact
        Columns whose values must be equal within a set. Where a method only weights, both arms weigh the same in each
        cell of these columns, while covariates are balanced over all cells together. Where it chooses rows, each cell
        has the ratio, or for ``"profile"`` the same share of both groups: of cells with 3 and 4 treated rows, say,
        a multiple of 3 and of 4 comparison rows.
    method
        These set rows beside each other:

        - ``"nearest"``: greedy nearest neighbour, each treated row in its turn;
        - ``"optimal"``: as many treated rows matched as can be, then as many pairs, then at the least total distance
          (Rosenbaum 1989); all risk sets are decided at once;
        - ``"full"``: everybody who may have a partner has one, at the least total distance (Rosenbaum 1991; Hansen
          2004). A set has one treated row and several comparison rows, or the reverse. A unit with several comparison
          rows stands where it is nearest to a treated row, and there alone: where risk sets vie for units,
          ``"optimal"`` can match more treated rows;
        - ``"quick"``: everybody in a set of one or several rows of either arm, the widest set at most four times as
          wide as the least that can be (generalised full matching: Sävje, Higgins and Sekhon 2021); of a million rows
          in seconds;
        - ``"exact"``: all rows that are alike in every covariate of ``on`` are one set;
        - ``"coarsened_exact"``: the same, once numbers are cut into bins (Iacus, King and Porro 2012);
        - ``"subclassification"``: all rows between two quantiles of the score are one set (Rosenbaum and Rubin 1984).

        These weight rows and make no sets:

        - ``"inverse_probability"``: by the inverse of the probability of a row's own arm (Rosenbaum 1987);
        - ``"overlap"``: by the probability of the other arm (Li, Morgan and Zaslavsky 2018);
        - ``"entropy_balancing"``: nearest to equal by entropy, with the treated rows' moments (Hainmueller 2012);
        - ``"covariate_balancing"``: by the odds of a logistic score whose fit balances the means (Imai and Ratkovic
          2014, just identified); these are the weights of entropy balancing on means, with a score beside them;
        - ``"stable_balancing"``: least variable, none negative, with means alike to within ``tolerance`` (Zubizarreta
          2015).

        Two choose rows, each of which then weighs 1, and make no sets either (who wants pairs can match once more among
        the rows chosen):

        - ``"cardinality"``: the most treated rows, with ``ratio`` times as many comparison rows, whose means are alike
          to within ``tolerance`` (Zubizarreta, Paredes and Rosenbaum 2014). The treated rows are chosen too, so that
          the effect is that on those chosen;
        - ``"profile"``: all treated rows, and the most comparison rows whose means are theirs to within ``tolerance``
          (Cohn and Zubizarreta 2022).

        A note says what number no choice can pass, by linear programming, and how far this one is from it. Of some
        hundred rows with many moments the search may end short of the largest, or find none within the tolerance.
    ratio
        Comparison rows wanted for each treated row. Each treated row has its first before any has a second. In
        cardinality matching each exact cell and risk set has exactly so many. For ``"full"`` there is nothing to want:
        as many are set beside it as are near.
    caliper
        Largest distance within a set, in standard deviations of the score over the whole sample (Austin 2011 advises
        0.2 on the linear predictor); None for no limit.
    keep
        An earlier match of much the same units. Its pairs (a treated and a comparison unit in one risk set) are made
        again, before any other, where they still keep every constraint; only who is left is matched anew. A score that
        hardly changes would else re-pair many, because each choice moves those after it. For ``"nearest"`` alone.
    caliper_scale
        Scale of the distance, and of the score that is cut into subclasses: ``"linear_predictor"`` (log odds, the
        default) or ``"probability"`` (as MatchIt).
    score
        Column with a score of one's own, used as it stands instead of an estimated propensity score. Weights take it
        for the log odds of treatment.
    order
        For ``"nearest"``, who chooses first: ``"largest"`` score (the default), ``"smallest"``, ``"closest"`` for the
        closest pair of all those still to be made, ``"random"`` (with a ``seed``), or ``"data"`` for the
        order of the rows.
    reuse
        Whether a unit may serve several treated rows, and with several rows in a risk set one of them more than once.
        For ``"nearest"`` that is matching with replacement: each then
        has its nearest, no order matters, and method ``"abadie_imbens"`` of ``estimate_effect`` has the error for it.
        Where all of a cell are set together (``"exact"``, ``"coarsened_exact"``, ``"subclassification"`` and
        ``"quick"``) a unit, treated later or never, stands in a set of every risk set in which it may (sequential
        stratification: Schaubel, Wolfe and Port 2006), and not in the first alone; this needs ``unit`` and
        ``risk_set``. ``estimate_effect`` then clusters by set and unit.
    min_ratio, max_ratio
        Fewest (1, if not given) and most comparison rows wanted for a treated row, where ``ratio`` is what all of them
        want on average (Ming and Rosenbaum 2000), also those who then find none. The treated rows least likely to be
        treated, which have most comparison rows like them, want the most, the others the fewest, and one perhaps a
        number between. For ``"nearest"`` and ``"optimal"``.

        For ``"full"`` they are limits on each set, one of them or both, and nothing lies between (``min.controls`` and
        ``max.controls`` in R; Hansen and Klopfer 2006). A ``max_ratio`` of 4 lets no treated row have more than four
        comparison rows. From a ``min_ratio`` of 1 on each has at least so many, which it shares with no other treated
        row; one of 1/3 lets up to three treated rows share one. Where rows are too few for the limits, as many of
        either arm as can be are kept, at the least total distance, and a note says which arm lacks some. Who of the
        treated has to go where each needs several is decided by a rule: those farthest from any, a few at a time.
        10,000 rows of one exact cell and risk set take ten seconds by the score and a minute in space, and more
        than 20,000 of one are refused.
    calipers, calipers_sd
        Largest differences allowed in covariates, by name: in the covariate's own units, and in standard deviations
        over the whole sample. They need not be in ``on``.
    anti_exact
        Columns whose values must differ between a treated row and its comparisons (another school, another worker).
    distance
        What nearest means: ``"score"`` (the default), ``"mahalanobis"``, ``"robust_mahalanobis"`` (of ranks) or
        ``"scaled_euclidean"``; ``caliper`` stays a limit on the score.
    missing
        What stands for missing values of the covariates in ``on`` and ``distance_on``: ``"refuse"`` (the default)
        raises; ``"mean"`` and ``"median"`` fill in numbers by these, and yes/no and categories by the most frequent
        value; ``"indicator"`` fills in as ``"mean"`` does, and makes where a value was missing a covariate of its own.
        The frame stays as it is. Other columns never may have missing values.
    distance_on
        Covariates over which such a distance is measured; by default those of ``on``.
    risk_set
        Column, such as the index month: sets are formed within equal values, in increasing order. Where a method only
        weights, it is one more column of ``exact``, and a unit may weigh in several risk sets.
    estimand
        Whom the effect is asked of: ``"att"`` those treated (the default), ``"atc"`` the comparison rows, ``"ate"``
        both, ``"ato"`` those who might as well have been treated as not. Inverse probability weights, full, quick,
        exact and coarsened exact matching and subclassification know the first three, overlap weights the last alone,
        all other methods the first.
    score_model
        What the score is fitted by: ``"logistic"`` regression (the default), or ``"gradient_boosting"``.
    penalty
        What is taken off the likelihood of a logistic score where treated rows are few. A number: a ridge, half of
        which times the squared coefficients of the covariates, in standard deviations. ``"firth"``: so much as takes
        off the bias of few rows (Firth 1993). None (the default): nothing, but where treated and comparison rows can be
        told apart without error (separation) a ridge of 0.16, with a note.
    folds
        If given, the score of a row is fitted on the other folds of so many, all rows of a unit being in one; None fits
        it on all rows.
    common_support
        Rows outside of the range of the other arm's scores: ``"none"`` are left out (the default), the ``"treated"``
        ones, or those of ``"both"`` arms.
    moments
        For entropy and stable balancing, cardinality and profile: 1 balances means, 2 also squares, 3 also cubes; of
        yes/no the share.
    tolerance
        For stable balancing, cardinality and profile: largest difference of means allowed, in standard deviations of
        all treated rows (0.02; MatchIt allows 0.05 in cardinality matching, for hardly any more rows).
    cutpoints
        For coarsened exact matching, how each number is cut, by name: a number of bins of equal width from the lowest
        to the highest value of both arms, a list of the values between bins (a value on one is of the higher bin), or
        a rule for the number of bins: ``"sturges"`` (the default, as in MatchIt; it leaves 0/1 as it is), ``"fd"``
        (Freedman and Diaconis 1981) or ``"scott"`` (1979). One bin means that the covariate parts nobody.
    k_to_k
        For coarsened exact matching: whether as many of each arm are kept in each cell, in pairs. The closest by
        Mahalanobis's distance on the covariates as they are is made first. Else all rows of a cell are one set.
    subclasses
        For subclassification: into how many sets the rows of each exact cell and risk set are cut, at quantiles of the
        score of those of whom the effect is asked (6). There are fewer where scores are alike or an arm has fewer rows.
        A subclass without rows of an arm is given the nearest of them from its neighbours, as in MatchIt.

    Returns
    -------
    Matched
        The matched rows with weights, the treated rows left out with the reason, and notes. Each arm's weights sum to
        the number of its rows; for ``"att"`` each treated row weighs 1, for ``"atc"`` each comparison row. Where a
        method only weights or chooses, the frame has all rows with a weight, and no ``set_id``. It has the columns
        named here and no others until balance is accepted: outcomes stay out of reach (Rubin 2007).

    Raises
    ------
    ConfigError
        An option is unknown, out of its range, or nothing that the method has a use for.
    InputError
        A column is missing, has missing values, or cannot be used.
    EstimationError
        No treated row finds a comparison, no weights or choice of rows balance the covariates that are then named,
        there are too many pairs to find the best, or the result breaks a constraint that was asked for.

    Notes
    -----
    Ties are decided by a canonical order and never by the order of the rows. Rows are sorted by unit, then by the
    values of the covariates in the order of ``on`` and of the other columns, then by the row label (so that without
    ``unit`` rows alike in all of these change places where they are numbered anew; a note says where labels decided who
    serves). Treated rows of equal score choose in that order. Of a lower and a higher score equally far, the lower is
    taken; of comparison rows with equal scores, the first where they lie at or above the treated row's score, the last
    where below (as MatchIt does). Of rows equally far in space it is the first, of rows with equal scores the last is
    given to a subclass that lacks one, and of rows alike the first ones are chosen. Of several matches of the same
    least total distance, one is taken by a rule that sees the rows in canonical order alone. The rounds and weights are
    those of MatchIt (Ho, Imai, King and Stuart 2011); the propensity score is Rosenbaum and Rubin's (1983).
    """
    frame, columns = take_apart(data, {"treated": treated, "unit": unit, "risk_set": finer.pop("risk_set", None)})
    finer = {"estimand": estimands_of(method)[0], **_in_full(_known(finer))}
    rules = {"method": method, "ratio": ratio, "caliper": caliper, **finer}
    design = Design(on=accompanied(data, names(on, "on")), exact=names(exact, "exact"), **_named(columns), **rules)
    design.check()
    return _match(frame, design, keep)


def _known(finer: FinerOptions) -> FinerOptions:
    strange = [name for name in finer if name not in FinerOptions.__annotations__]
    raise_all(ConfigError, "match", unknown_options(strange, Design.__annotations__))
    return finer


def _in_full(finer: FinerOptions) -> dict[str, Any]:
    """A single column name stands for a list of one, and an array of cut points for a list."""
    of_names = {key: names(finer[key], key) for key in ("anti_exact", "distance_on") if key in finer}
    plain = {"cutpoints": plain_cutpoints, "min_ratio": plain_ratio}
    return {**finer, **of_names, **{key: plain[key](finer[key]) for key in plain if key in finer}}


def _named(columns: dict[str, str | None]) -> dict[str, str | None]:
    if columns["treated"] is None:
        raise ConfigError("match: treated must name the column that says who was treated (1 or True)")
    return columns


def _match(frame: pd.DataFrame, design: Design, keep: Matched | None) -> Matched:
    problem, propensity = pose(frame, design, keep)
    assignment = METHODS[design.method](problem)
    if not assignment.weight.any():
        raise EstimationError(_nobody(problem))
    audit(problem, assignment)
    return report(frame, design, problem, assignment, propensity)


def _nobody(problem: Problem) -> str:
    reasons = sorted(set(drop_reasons(problem, np.flatnonzero(problem.treated))))
    return f"match: no treated row found a comparison ({'; '.join(reasons)}). {ASK_FOR_LESS}"
