"""``estimate_att``: the front door of the room."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tf_eval.did.cross_sections.engine import estimate_sections
from tf_eval.did.cross_sections.sections import read_sections
from tf_eval.did.design import Design, Stackable, read_source
from tf_eval.did.estimation import Estimation
from tf_eval.did.inference.clusters import AnyInfluence
from tf_eval.did.inference.few import few_clusters
from tf_eval.did.methods import METHODS
from tf_eval.did.options import AGAINST_NEVER
from tf_eval.did.reading.panel import Panel, read_panel
from tf_eval.did.result import GroupTimeATT
from tf_eval.matching.arguments import names
from tf_eval.matching.display import SMALLEST_SHOWN


def estimate_att(
    data: pd.DataFrame | Stackable,
    matched: Any = None,
    *,
    outcome: str,
    unit: str | None = None,
    period: str | None = None,
    adopted: str | None = None,
    covariates: str | Sequence[str] = (),
    sample: str = "panel",
    method: str = "doubly_robust",
    comparison: str | None = None,
    baseline: str | int | None = None,
    anticipation: int = 0,
    cluster: str | Sequence[str] | None = None,
    weights: str | None = None,
    sets: str | None = None,
    confidence: float = 0.95,
    errors: str = "clustered",
    quantile: str = "normal",
    small_sample: bool = False,
    family: str = "linear",
    exposure: str | None = None,
    kappa_pre: int | None = None,
    kappa_post: int | None = None,
    leads: int | None = None,
    eligible: str | None = None,
    smallest_shown: int = SMALLEST_SHOWN,
) -> GroupTimeATT:
    """Estimate average effects on the treated by group and period, with errors for any average of them.

    Callaway and Sant'Anna (2021) with the estimators of Sant'Anna and Zhao (2020). A group is the treated of one set
    and adoption. In each period its change since the base is compared with that of comparison units, which stands for
    what would have happened to it without treatment; that holds if both would have changed alike (given covariates).

    Arguments:
        data: long frame, one row per unit and period; with ``matched``, of all units that were matched; or a panel with
            ``event_time_frame(matched, outcome)``, whose columns are then the defaults, with a baseline window of 12
            and the start cohorts as ``sets``.
        matched: what ``match`` returned, with its balance accepted, for the effect on the treated. With a frame it
            brings ``unit``, ``weights``, the risk sets as ``sets``, and the ``cluster`` (see ``restrict``) where none
            is named; the comparison units serve until their own adoption, and are no treated ones then. Such a panel
            lays out its rows.
        outcome: numeric column, in its own units; missing values leave the unit out of the cells that need them.
        unit, period, adopted: columns of the unit, of the period (whole number or date; dates count in months, or in
            years, quarters or other steps that all of them stand apart) and of the period treatment began (missing, 0
            or infinity: never). What ends, returns or changes in amount is for ``estimate_switching``.
        covariates: columns, numeric or categorical, or a formula such as ``"~ age + I(age ** 2)"`` (formulaic's
            language), taken at the last period before the group's treatment. Name the start cohort of a stack here to
            pool it: an intercept per start cohort, common slopes, one group.
        sample: ``"panel"``, in which a unit's change is its own, and a unit serves a cell in which it is seen in both
            periods; or ``"cross_sections"``, in which who is seen may be others in each period: each row counts, with
            its own covariates, and the rows of a unit (if there are units) stand together in the errors.
        method: ``"doubly_robust"``, ``"improved_doubly_robust"`` (tilted odds and weighted least squares, whose errors
            hold even where one of the two models is wrong), ``"outcome_regression"`` or ``"inverse_probability"``. One
            regression for all cells: ``"sun_abraham"`` (2021, interaction-weighted: every period but the one before
            treatment has its effect; the comparison are the never treated or, without any, the last to be treated; if
            all would have changed alike in every period) and ``"extended_twfe"`` (Wooldridge 2025, 2023: an effect in
            each treated period; all earlier periods serve as the base, so that it is precise if trends were alike in
            all of them; with the never treated as comparison, as Sun and Abraham, with covariates). And ``"stacked"``
            (Wing, Freedman and Hollingsworth 2024: the cohorts that are seen ``kappa_pre`` periods before and
            ``kappa_post`` after their start, each against units untreated throughout, so that no mean over event times
            changes its cohorts; with covariates, outcome regression within each study). ``"imputation"`` (Borusyak,
            Jaravel and Spiess 2024) fits unit and period effects on every untreated observation and has the smallest
            errors where trends are parallel throughout; covariates that never change within a unit then have a slope in
            each period, the others one slope, whether or not treatment moved them. ``"two_stage"`` (Gardner 2022) has
            the same effects, with the error of the groups' sizes; its cells before treatment are residuals of its own
            fit and so nearer to zero than ``leads`` are. ``"synthetic"`` (Arkhangelsky, Athey, Hirshberg, Imbens and
            Wager 2021, synthetic difference-in-differences) weights the never treated to run before treatment as each
            start cohort did, and periods before treatment to be like those after it, so that trends need not be
            parallel as they stand; for few units that are each seen long, such as areas, in every period. Covariates
            are taken out of outcomes first (Kranz 2022), by their slopes among the never treated: one in each period of
            what never changes within a unit, one of the others, whether or not treatment moved them. Its effects before
            treatment are what the fit leaves over, and no test of it; ``synthetic()`` shows the weights, and
            ``synthetic_placebos`` has an error for a single treated unit, which errors (a jackknife) have not.
        comparison: ``"not_yet_treated"`` (all units untreated by the period; the default) or ``"never_treated"``.
        baseline: ``"varying"``, ``"universal"`` or a number of periods; see ``Design``. Where effects are imputed, a
            number n leaves treated units' observations more than n periods before treatment out of the fit.
        anticipation: periods before adoption in which there may already be an effect.
        cluster: column of the units among which errors are independent, or two columns; by default the unit, which
            allows for any dependence over time within a unit. Units near each other that share shocks need the area as
            their cluster, or area and another column; few such clusters call for ``judge_clusters``.
        weights: column of sampling or matching weights, fixed within a unit; they count in both arms.
        sets: column of the sets; comparison units of a set serve only that set.
        confidence: of the intervals, between 0 and 1.
        errors: ``"clustered"``, or ``"unequal"`` for few clusters, or of ``"synthetic"`` also ``"refitted"``, which are
            smaller where treated units run apart, and take as long as an estimate for each cluster; see ``Design``.
        quantile: reference distribution of intervals, ``"normal"`` or ``"t"``; see ``Design``.
        small_sample: widen errors for the number of covariates, or of coefficients; see ``Design``. Of
            ``"imputation"``: leave each cluster out of the mean effect that its own is compared with.
        family: of ``"extended_twfe"``, the scale on which both would have changed alike: ``"linear"``, ``"poisson"``
            (by the same proportion: counts and rates) or ``"logit"`` (in log odds: shares, yes or no). Effects are in
            the outcome's own units all the same; ``ratio()`` gives the proportional change.
        exposure: with ``"poisson"``, column of the time (or people) over which each row counts. Effects are rates then.
        kappa_pre, kappa_post: of ``"stacked"``, periods of the window before the start and from it on.
        leads: of ``"imputation"``: for how many periods before treatment each group has an effect, fitted on untreated
            observations alone against all the earlier ones; by default half of those before treatment. Few leads make
            a strong test of parallel trends.
        eligible: column, true or false and the same in all rows of a unit, of who can be treated, for a triple
            difference (Ortiz-Villavicencio and Sant'Anna 2025): ``adopted`` is then when treatment began where the unit
            is (in its area, say), for the ineligible as well. The effect on the eligible there is how far they part
            from the ineligible beside them, less how far these two part elsewhere. It holds if that gap would have
            changed alike in all areas (given covariates), though areas may go their own ways.
        smallest_shown: whole number of units from 1 on, below which summaries, figures and notes tell no effect, course
            or count; tables have all of them. Where units are areas or authorities, not people, one is a public fact: 1
            tells everything.

    Raises:
        ConfigError: an option cannot be honoured. InputError: the data cannot be used; all faults are named.
    """
    asked = {
        "outcome": outcome,
        "unit": unit,
        "period": period,
        "adopted": adopted,
        "covariates": names(covariates, "covariates"),
        "sample": sample,
        "method": method,
        "comparison": comparison,
        "baseline": baseline,
        "anticipation": anticipation,
        "cluster": cluster if cluster is None or isinstance(cluster, str) else names(cluster, "cluster"),
        "weights": weights,
        "sets": sets,
        "confidence": confidence,
        "errors": errors,
        "quantile": quantile,
        "small_sample": small_sample,
        "family": family,
        "exposure": exposure,
        "kappa_pre": kappa_pre,
        "kappa_post": kappa_post,
        "leads": leads,
        "eligible": eligible,
        "smallest_shown": smallest_shown,
    }
    required = ("unit", "period", "adopted") if sample == "panel" else ("period", "adopted")
    frame, complete = read_source(data, matched, asked, required)
    design = Design(**complete)
    design.check()
    panel, found = _estimate(frame, design)
    whole = panel if sample == "panel" else None
    notes = (*panel.notes, *found.notes, *_few_clusters(found.influence, design), *_idle_comparison(comparison, design))
    return GroupTimeATT(design, found.cells, found.influence, notes, panel.time_unit, found.means, whole)


def _estimate(frame: pd.DataFrame, design: Design) -> tuple[Panel, Estimation]:
    if design.sample == "cross_sections":
        sections = read_sections(frame, design)
        return sections.panel, estimate_sections(sections, design)
    panel = read_panel(frame, design)
    return panel, METHODS[design.method](panel, design)


def _few_clusters(influence: AnyInfluence, design: Design) -> list[str]:
    compared = " judge_clusters(seed=...) compares what can be said with so few."
    return few_clusters(influence.n_treated_clusters(), design, way_out=compared if design.sample == "panel" else "")


def _idle_comparison(asked: str | None, design: Design) -> list[str]:
    """Say so where somebody asked for a comparison that the method does not make."""
    if asked != "not_yet_treated" or design.method not in AGAINST_NEVER:
        return []
    return [f"comparison='not_yet_treated' has no part in method '{design.method}', {AGAINST_NEVER[design.method]}."]
