"""Imputation: unit and period effects fitted on untreated observations say what would have happened to the treated.

Borusyak, Jaravel and Spiess (2024, Review of Economic Studies 91) and, with the same effects after the start and other
errors, the two stages of Gardner (2022, arXiv 2207.05943).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.cells import SINGLE, Cells, empty_cells
from tf_eval.did.group_time.groups import Block, Group, by_set, find_blocks, find_groups
from tf_eval.did.imputing.effects import Effects
from tf_eval.did.imputing.plan import Plan, plan_imputation, plan_two_stages
from tf_eval.did.imputing.sample import Sample, read_sample
from tf_eval.did.imputing.setting import Setting, fit_setting
from tf_eval.did.imputing.trace import ImputedTrace
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.did.reading.panel import Panel

NOT_SEEN = "no treated unit is observed in the period that was also seen before treatment"
NO_COMPARISON = "no untreated unit is seen in the period"
# Each of so many pulls the mean that it is compared with by a tenth, and errors are a twentieth too small.
FEW_CLUSTERS = 10
FEW = (
    f"fewer than {FEW_CLUSTERS} clusters, each compared with a mean of which it is a good part: errors are too small; "
    "small_sample=True leaves it out of that mean."
)
IDLE = "residuals of a unit sum to nothing: this one follows from the later ones, and has no error of its own"
UNTOLD = "the untreated observations do not tell it apart from unit and period effects"


@dataclass(frozen=True, eq=False)
class _Study:
    """All that was fitted: the cells, the sets, and who (units by periods) serves in the cell of which period."""

    sample: Sample
    plans: list[Plan]
    settings: list[Setting]
    cells: Cells
    serves: np.ndarray

    @property
    def panel(self) -> Panel:
        return self.sample.panel


def estimate_by_imputation(panel: Panel, design: Design) -> Estimation:
    """Return effects by group and period, with the conservative errors of Borusyak, Jaravel and Spiess.

    The groups' sizes count as fixed, as in the paper. With ``small_sample`` each cluster is left out of the mean that
    its effect is compared with. Errors clustered two ways compare units, not clusters, with that mean.
    """
    study = _study(panel, design, plan_imputation)
    cluster = panel.clusters[0] if len(panel.clusters) == 1 else np.arange(len(panel))
    elsewhere = _elsewhere(study.cells)

    def deviations(effects: Effects) -> np.ndarray:
        mine = cluster[effects.block.rows]
        return effects.conservative_deviations(mine, elsewhere[effects.places], design.small_sample)

    found = _estimation(study, design, deviations, csr_array((len(panel), len(study.plans))))
    return found if design.small_sample else replace(found, notes=(*found.notes, *_few(study, cluster)))


def estimate_in_two_stages(panel: Panel, design: Design) -> Estimation:
    """Return effects by group and period, with errors by the method of moments that the first stage adds to.

    Cells before treatment are the means of the first stage's own residuals.
    """
    study = _study(panel, design, plan_two_stages)
    return _estimation(study, design, Effects.deviations, _mass(study))


def _study(panel: Panel, design: Design, plan: Callable[[Panel, Design, Group], Plan]) -> _Study:
    sample = read_sample(panel, design)
    plans = [plan(panel, design, group) for group in find_groups(panel, design)]
    cells = empty_cells(panel, [each.laid_out() for each in plans], np.zeros(len(plans)))
    places = np.split(np.arange(len(cells)), np.cumsum([len(each.after) for each in plans])[:-1])
    has_group = {each.block.set_code for each in plans}
    sets = [blocks for blocks in by_set(find_blocks(panel)) if blocks[0].set_code in has_group]
    settings = [_setting(sample, blocks, plans, places) for blocks in sets]
    study = _Study(sample, plans, settings, cells, np.zeros_like(sample.usable))
    for setting in settings:
        _tell(study, setting)
    weight = np.asarray(_mass(study).sum(axis=0)).ravel()
    return replace(study, cells=replace(cells, group_weight=weight))


def _setting(sample: Sample, blocks: Sequence[Block], plans: Sequence[Plan], places: Sequence[np.ndarray]) -> Setting:
    group_at = {plan.block.rows.start: group for group, plan in enumerate(plans)}
    groups = {number: group_at[block.rows.start] for number, block in enumerate(blocks) if block.rows.start in group_at}
    return fit_setting(
        sample,
        blocks,
        {number: plans[group] for number, group in groups.items()},
        {number: places[group] for number, group in groups.items()},
    )


def _tell(study: _Study, setting: Setting) -> None:
    """Write what a set says into its cells, and who serves in them."""
    cells, leads = study.cells, setting.leads
    cells.att[setting.lead_places] = np.where(leads.known, leads.att, np.nan)
    for number, plan in setting.plans.items():
        effects, rows = setting.effects[number], plan.block.rows
        cells.att[effects.places] = effects.att
        study.serves[rows, effects.positions] = effects.weights > 0
        study.serves[rows, plan.leads] = study.sample.fitted[rows, plan.leads]
        _describe(study, plan, setting.places[number], setting.n_comparison(number)[plan.after])


def _describe(study: _Study, plan: Plan, places: np.ndarray, n_comparison: np.ndarray) -> None:
    """Write the counts, the treated mean and the reasons of a group's cells."""
    cells, panel, rows = study.cells, study.panel, plan.block.rows
    serves = study.serves[rows][:, plan.after]
    weights = serves * panel.weight[rows, None]
    outcome = np.where(serves, panel.outcome[rows][:, plan.after] + panel.level[rows, None], 0.0)
    estimated, n_treated = cells.estimated[places], serves.sum(axis=0)
    means = (weights * outcome).sum(axis=0) / np.where(n_treated > 0, weights.sum(axis=0), 1.0)
    cells.treated_mean[places] = np.where(estimated, means, np.nan)
    cells.n_treated[places], cells.n_comparison[places] = n_treated, n_comparison
    cells.reason[places[estimated & (np.minimum(n_treated, n_comparison) == 1)]] = SINGLE
    cells.reason[places[estimated & (plan.after == plan.idle)]] = IDLE
    present = (study.sample.usable[rows] & study.sample.fitted[rows].any(axis=1, keepdims=True))[:, plan.after]
    cells.reason[places[~estimated]] = UNTOLD
    cells.reason[places[~estimated & ~present.any(axis=0)]] = NOT_SEEN
    cells.reason[places[~estimated & (n_comparison == 0)]] = NO_COMPARISON


def _mass(study: _Study) -> csr_array:
    """Treated weight that each unit brings to each group, if any effect on it could be imputed (units by groups)."""
    panel, units, groups = study.panel, [], []
    for group, plan in enumerate(study.plans):
        rows, after = plan.block.rows, plan.treated
        units.append(rows.start + np.flatnonzero(study.serves[rows][:, after].any(axis=1)))
        groups.append(np.full(len(units[-1]), group))
    chosen = np.concatenate(units)
    return csr_array((panel.weight[chosen], (chosen, np.concatenate(groups))), (len(panel), len(study.plans)))


def _elsewhere(cells: Cells) -> np.ndarray:
    """Return, of each cell, the mean effect on other groups at the same event time by treated weight; NaN if none."""
    weight = np.where(cells.estimated, cells.group_weight[cells.group], 0.0)
    total = weight * np.nan_to_num(cells.att)
    code = np.unique(cells.event_time, return_inverse=True)[1]
    count, others = (np.bincount(code, values)[code] - values for values in (1.0 * (weight > 0), weight))
    rest = np.bincount(code, total)[code] - total
    return np.divide(rest, others, out=np.full(len(cells), np.nan), where=count > 0)


def _estimation(
    study: _Study, design: Design, deviations: Callable[[Effects], np.ndarray], mass: csr_array
) -> Estimation:
    moved = [each for setting in study.settings for each in setting.moved(deviations)]
    number = {each.block.rows.start: number for number, each in enumerate(moved)}
    about = np.array([number[plan.block.rows.start] for plan in study.plans])[study.cells.group]
    position = np.searchsorted(study.panel.periods, study.cells.period)
    trace = ImputedTrace(study.sample, tuple(moved), study.serves, about, position)
    influence = influence_of_clusters(trace, study.panel.clusters, study.panel.block, mass, len(study.cells))
    return Estimation(study.cells, influence, _notes(study, design))


def _few(study: _Study, cluster: np.ndarray) -> list[str]:
    mass = _mass(study).tocoo()
    pairs = np.unique(np.column_stack([mass.col, cluster[mass.row]]), axis=0)[:, 0]
    few = int((np.bincount(pairs, minlength=len(study.plans)) < FEW_CLUSTERS).sum())
    return [Caution(f"In {few:,} of {len(study.plans):,} groups there are {FEW}")] if few else []


def _notes(study: _Study, design: Design) -> tuple[str, ...]:
    lacking = _by_unit(np.isfinite(study.panel.outcome) & ~study.sample.usable)
    unseen, untold = _not_imputed(study)
    counts = {
        f"{design.told_rows(*lacking, 'observations')} with a covariate missing.": lacking[0],
        f"{design.told(unseen)} treated units that are not seen before treatment (or its baseline window).": unseen,
        f"{design.told_rows(*untold, 'treated observations')} for which nothing can be imputed (see the reasons).": (
            untold[0]
        ),
    }
    return tuple(Caution(f"Left out: {words}") for words, count in counts.items() if count)


def _by_unit(left_out: np.ndarray) -> tuple[int, int]:
    """Return how many observations (units by periods, a mask) there are, and of how many units."""
    return int(left_out.sum()), int(left_out.any(axis=1).sum())


def _not_imputed(study: _Study) -> tuple[int, tuple[int, int]]:
    """Return how many treated units have no effect, and how many observations of how many others."""
    sample, unseen, untold = study.sample, 0, np.zeros(2, dtype=np.int64)
    for plan in study.plans:
        rows, after = plan.block.rows, plan.treated
        usable, anchored = sample.usable[rows], sample.fitted[rows].any(axis=1)
        unseen += int((usable.any(axis=1) & ~anchored).sum())
        untold += _by_unit((usable & anchored[:, None] & ~study.serves[rows])[:, after])
    return unseen, (int(untold[0]), int(untold[1]))
