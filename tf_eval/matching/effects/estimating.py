"""``estimate_effect``: from matched rows and an outcome to an effect with its doubt."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from scipy import stats

from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.matching.arguments import names
from tf_eval.matching.effects.clusters import Spread, spread_cr1, spread_cr2, spread_two_ways
from tf_eval.matching.effects.contrast import drift, fit_method
from tf_eval.matching.effects.design import BY_MODEL, WHERE, WITHOUT_COVARIATES, EffectDesign
from tf_eval.matching.effects.effect import Effect
from tf_eval.matching.effects.learnt import Learnt, LearntInSets, learnt_weights
from tf_eval.matching.effects.links import Links, read_links
from tf_eval.matching.effects.randomisation import MOST_ENUMERATED, Randomised, number_of_draws, randomise
from tf_eval.matching.effects.regression import WeightedFit
from tf_eval.matching.effects.replacement import abadie_imbens
from tf_eval.matching.effects.rows import Rows, read_rows
from tf_eval.matching.matched import Matched, require_match

SPREADS = {"CR1": spread_cr1, "CR2": spread_cr2}
WEIGHTS_KNOWN = "The weights are taken as known."
WEIGHTS_LEARNT = "The error knows that the weights were estimated."
BALANCED = (
    "That leaves the error of a difference too large as a rule; 'regression' and 'g_computation' know what the weights "
    "have balanced."
)
REUSED = (
    "Comparison rows serve in several sets, of which the error knows nothing but their weights; as a rule it is too "
    "large. Method 'abadie_imbens' knows the sets."
)
ONE_SET = "the matched rows form one set only, and one set does not show how far sets differ"
NOTHING_LEFT = (
    "one of the groups has too few rows to show how far they differ by themselves: two are needed, and for "
    "g_computation more than its model has coefficients"
)
TOO_FEW_ROWS = "the matched rows are too few for an outcome model with these covariates"
SCORES_KNOWN = "Scores and distances are taken as known."
STRANGERS = "Some units have several rows, which are taken for those of strangers."
A_UNIT = "a match with unit, the column that names the unit"
SETS = "a match that formed sets in which no row serves twice"
NEEDED = {"set": SETS, "unit": A_UNIT, "both": f"{SETS}, and {A_UNIT}"}
ONE_WAY = "The error by set and unit could not be had from so few rows; it is the larger of the two by themselves."
NO_VARIATION = "the outcome is the same in every matched row, or the model leaves nothing of it unexplained"


def estimate_effect(
    matched: Matched,
    outcome: str,
    *,
    method: str = "difference",
    covariates: str | Iterable[str] = (),
    cluster: str | None = None,
    correction: str | None = None,
    level: float = 0.95,
    seed: int | None = None,
) -> Effect | NotEstimated:
    """Estimate the effect on those asked about who were matched, with errors that know of the sets and weights.

    Parameters
    ----------
    matched
        A match whose balance was accepted (``check_balance(matched).accept()``). Its weights and sets are used; they
        cannot be forgotten.
    outcome
        Column of the frame that was matched: a number in its own units, or true and false. It is read here for the
        first time.
    method
        ``"difference"``: the mean of the treated less the weighted mean of the comparison rows, with whatever a caliper
        has left between them (docs/matching.md has measured how much). ``"regression"``: the same, less what covariates
        explain (weighted least squares, common slopes). ``"g_computation"``: an outcome model with slopes by arm,
        averaged over those matched of whom the effect is asked, as a rule the treated; its error is that of the delta
        method, for the mean effect on these very people. For that on many like them it is too small where effects
        differ with covariates.
        ``"randomisation"``: the difference, tested by drawing anew within each set who was treated, each draw judged by
        its own error. For small samples: exact where the effect is the same for all. Where it is not, pairs are right
        for a mean over many like them, while of few sets of several rows the interval is somewhat narrow for that.
        ``"abadie_imbens"``: the difference with the error of Abadie and Imbens (2006), for sets with one treated row
        whose comparison rows may serve several: see ``abadie_imbens``. The interval is that of the normal distribution.
    covariates
        Columns of the outcome model; none named means those of the match. For ``"abadie_imbens"``, columns by which
        what matching left is taken off (Abadie and Imbens 2011); none named takes nothing off. Never one from after
        treatment began.
    cluster
        Rows that are alike: ``"set"``, ``"unit"``, ``"both"`` (Cameron, Gelbach and Miller 2011), or each ``"row"`` by
        itself. By default the set (Abadie and Spiess 2022), and both where a unit has rows in several sets; where the
        match weighted rows and formed no sets, or rows served in several, the unit, or the row where it knew of none.
        So too for subclassification, where every set has five rows of either arm: its few sets are not drawn from many,
        and effects that differ between them would count as doubt.
    correction
        ``"CR2"`` (the default): residuals adjusted cluster by cluster (Bell and McCaffrey 2002), with Satterthwaite
        degrees of freedom (Pustejovsky and Tipton 2018), which hold up where clusters are few or unequal. ``"CR1"``:
        the usual factor, with clusters less one as degrees of freedom. With two ways to cluster, each of the three
        errors is corrected by itself, and the degrees of freedom are the fewer of the two ways.
    level
        Of the interval.
    seed
        Of randomisation, where its draws are too many to make all.

    Returns
    -------
    Effect or NotEstimated
        ``NotEstimated`` says why there is none: one set only, or an outcome that does not vary.

    Raises
    ------
    ConfigError
        An option is unknown, out of its range, or without use for the method.
    EstimationError
        Balance was not accepted.
    InputError
        The outcome or a covariate is missing, has missing values, or was used by the match.

    Notes
    -----
    Weights that a match has estimated scatter with its rows, as a rule against the scatter of the means that they
    weigh: who takes them as known has too large an error for the difference. Where inverse probability, overlap,
    covariate balancing or entropy balancing on means had one fit without penalty on all rows, and neither exact cells
    nor risk sets, the error is that of the equations of score and outcome together (Stefanski and Boos 2002), as in
    R's WeightIt; and so for subclassification, of the shares of its sets. Where weights are taken as known, a note says
    so.
    """
    require_match(matched, WHERE)
    asked = EffectDesign(outcome, method, names(covariates, "covariates"), cluster, correction, level, seed)
    asked.check()
    of_match = matched.covariates if method in BY_MODEL else ()
    design = replace(asked, covariates=asked.covariates or of_match)
    rows = read_rows(matched, outcome, design.covariates, WHERE)
    if rows.set_code is not None and rows.set_code.max() == 0:
        return NotEstimated(ONE_SET)
    if method == "abadie_imbens":
        return _by_links(rows, read_links(matched, rows.treated, WHERE), design)
    if method == "randomisation":
        return _by_randomisation(rows, design)
    return _by_regression(rows, design, learnt_weights(matched, rows.set_code))


def _by_regression(rows: Rows, asked: EffectDesign, learnt: Learnt | LearntInSets | None) -> Effect | NotEstimated:
    design = _decided(rows, asked, learnt is not None)
    if _leaves_nothing(rows, design.method):
        return NotEstimated(NOTHING_LEFT)
    fit, contrast = fit_method(rows, design.method)
    if fit.residual_degrees < 1 or not fit.can_tell(contrast):
        return NotEstimated(TOO_FEW_ROWS)
    indirect = drift(rows, design.method, fit)
    if learnt:
        indirect = indirect + learnt.indirect(fit.pull(contrast) * fit.residuals + indirect)
    spread, notes = _spread(replace(fit, indirect=indirect), contrast, rows, design)
    if not _varies(spread, rows):
        return NotEstimated(NO_VARIATION)
    estimate = float(contrast @ fit.coefficients)
    said = (*_notes_on_weights(rows, design.method, learnt is not None), *notes)
    return _effect(rows, estimate, _doubt(estimate, spread, design.level), design, said)


def _notes_on_weights(rows: Rows, method: str, learnt: bool) -> tuple[str, ...]:
    if rows.set_code is not None or learnt:
        return (WEIGHTS_LEARNT,) if learnt else ()
    if rows.reused:
        return (WEIGHTS_KNOWN, REUSED)
    return (WEIGHTS_KNOWN, BALANCED) if method == "difference" else (WEIGHTS_KNOWN,)


def _leaves_nothing(rows: Rows, method: str) -> bool:
    """Say whether an arm has no more rows than what is fitted to it alone: its own spread would count as nothing."""
    fitted = 1 + (rows.covariates.shape[1] if method == "g_computation" else 0)
    return min(rows.treated.sum(), (~rows.treated).sum()) <= fitted


def _varies(spread: Spread, rows: Rows) -> bool:
    return bool(spread.variance > (1e-12 * np.abs(rows.outcome).max()) ** 2)


def _doubt(estimate: float, spread: Spread, level: float) -> tuple[float, ...]:
    std_error, reference = float(np.sqrt(spread.variance)), stats.t(spread.degrees_of_freedom)
    reach = float(reference.ppf(0.5 + level / 2)) * std_error
    p_value = float(2 * reference.sf(abs(estimate) / std_error))
    return std_error, estimate - reach, estimate + reach, p_value, spread.degrees_of_freedom


def _decided(rows: Rows, design: EffectDesign, learnt: bool) -> EffectDesign:
    """Fill in cluster and correction, which are as a rule left to the rows."""
    cluster = design.cluster or _usual_cluster(rows, learnt)
    ways = _ways(rows, cluster)
    if any(way is None for way in ways):
        raise ConfigError(f"{WHERE}: cluster '{cluster}' needs {NEEDED[cluster]}")
    if min(way.max() for way in ways) == 0:
        raise InputError(f"{WHERE}: all rows are of one unit, so that errors cannot be clustered by unit")
    return replace(design, cluster=cluster, correction=design.correction or "CR2")


def _usual_cluster(rows: Rows, learnt: bool) -> str:
    if rows.set_code is not None and not learnt:
        return "both" if rows.shared_units else "set"
    return "row" if rows.unit_code is None else "unit"


def _ways(rows: Rows, cluster: str) -> list[np.ndarray | None]:
    return {
        "set": [rows.set_code],
        "unit": [rows.unit_code],
        "both": [rows.set_code, rows.unit_code],
        "row": [np.arange(len(rows.outcome))],
    }[cluster]


def _spread(fit: WeightedFit, contrast: np.ndarray, rows: Rows, design: EffectDesign) -> tuple[Spread, tuple[str, ...]]:
    spread, ways = SPREADS[design.correction], _ways(rows, design.cluster)
    each = [spread(fit, contrast, code) for code in ways]
    if len(each) == 1:
        return each[0], ()
    shared = np.unique(np.column_stack(ways), axis=0, return_inverse=True)[1].ravel()
    found = spread_two_ways(*each, spread(fit, contrast, shared))
    # The larger of the two ways is an answer on the safe side, and it is said.
    return (found, ()) if found else (max(each, key=lambda one: one.variance), (ONE_WAY,))


def _by_links(rows: Rows, links: Links, design: EffectDesign) -> Effect | NotEstimated:
    if rows.treated.sum() == 1:
        return NotEstimated(ONE_SET)
    if design.covariates and (~rows.treated).sum() <= rows.covariates.shape[1] + 1:
        return NotEstimated(TOO_FEW_ROWS)
    found = abadie_imbens(rows.outcome, links, covariates=rows.covariates if design.covariates else None)
    spread = Spread(found.std_error**2, np.inf)
    if not _varies(spread, rows):
        return NotEstimated(NO_VARIATION)
    notes = (SCORES_KNOWN, STRANGERS) if rows.repeated_units else (SCORES_KNOWN,)
    effect = _effect(rows, found.estimate, _doubt(found.estimate, spread, design.level), design, notes)
    return replace(effect, n_sets=effect.n_treated)


def _by_randomisation(rows: Rows, design: EffectDesign) -> Effect | NotEstimated:
    if rows.set_code is None:
        raise ConfigError(f"{WHERE}: method 'randomisation' needs {SETS}")
    if design.seed is None and number_of_draws(rows.treated, rows.set_code) > MOST_ENUMERATED:
        raise ConfigError(f"{WHERE}: the draws are too many to make all; give a seed for random ones")
    found = randomise(rows.outcome, rows.treated, rows.set_code, seed=design.seed)
    if found is None:
        return NotEstimated(NO_VARIATION)
    interval = found.interval(design.level)
    if interval is None:
        return NotEstimated(f"the sets are too few for a {design.level:.0%} interval; ask for a lower level")
    doubt = (found.std_error, *interval, found.p_value, np.inf)
    return _effect(rows, found.estimate, doubt, design, _said(rows, found))


def _said(rows: Rows, found: Randomised) -> tuple[str, ...]:
    notes = [
        "Every way to choose the treated within the sets was drawn."
        if found.exact
        else f"The treated were drawn anew within the sets {len(found.draws.share):,} times.",
    ]
    if rows.shared_units:
        notes.append(STRANGERS)
    return tuple(notes)


def _effect(
    rows: Rows, estimate: float, doubt: tuple[float, ...], design: EffectDesign, notes: tuple[str, ...]
) -> Effect:
    treated_mean, treated = rows.mean(True), int(rows.treated.sum())
    sets = None if rows.set_code is None else int(rows.set_code.max()) + 1
    counts = (treated, len(rows.treated) - treated, sets, rows.count_units(True), rows.count_units(False))
    notes = (*rows.caveats, *_left(rows, design.method), *notes)
    return Effect(estimate, *doubt, treated_mean, treated_mean - estimate, *counts, design, notes)


def _left(rows: Rows, method: str) -> tuple[str, ...]:
    """Say what a difference is one of beside treatment; nothing of fewer than ten."""
    return (rows.left,) if method in WITHOUT_COVARIATES and rows.left and not rows.is_small else ()
