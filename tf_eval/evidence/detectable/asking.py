"""``detectable_effects``: how large an effect has to be for this study to find it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.asker import asked_by
from tf_eval.did.planning.redraw import MatchedDesign, Redrawn
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.evidence.detectable.design import DetectableDesign, worthwhile_problems
from tf_eval.evidence.detectable.effects import Detectable, DetectableEffects
from tf_eval.evidence.detectable.rows import WHERE, StudyRows
from tf_eval.matching.arguments import names
from tf_eval.matching.matched import Matched, require_match


@asked_by(WHERE)
def detectable_effects(
    panel: Any,
    matched: Matched,
    *,
    method: str = "doubly_robust",
    covariates: Sequence[str] = (),
    baseline: int = 12,
    follow_up: tuple[int, int] = (1, 12),
    smallest_worthwhile: Mapping[str, float] | None = None,
    power: float = 0.8,
    seed: int,
    draws: int = 499,
) -> DetectableEffects:
    """Say how large an effect has to be for a matched study to find it, before its outcomes are looked at.

    The study is drawn again among its own comparison families, who had no intervention: each family with the
    intervention has one of them, of the same start cohort, as its stand-in over the months that the records will
    cover, and the comparison families are drawn anew, all of a family's rows together, with the weights, covariates
    and intervals of ``measure``. The effect that is found in the share ``power`` of such studies, up or down, is the
    smallest that is detectable. It is taken to be the same for everybody; one that ends what there is of an outcome
    also makes it scatter less, and is found a little sooner.

    Of a family with the intervention no month is read from its start on, so that balance need not be accepted, and a
    study that is too small can be designed otherwise with nothing given away. Of comparison families the months after
    their index month are read, up to a start of their own.

    Args:
        panel: families by months, as ``build_panel`` returns it; all of its outcomes are asked about.
        matched: matched families, as ``match`` returns them.
        method, covariates, baseline, follow_up: as ``measure`` will have them; to first order its methods find the
            same where nobody is treated.
        smallest_worthwhile: the smallest change worth having by outcome, in reporting units; of one that is not named,
            its own.
        power: the chance of finding the effect, from 0.5 on.
        seed: whole number from 0 on, for the draws.
        draws: how many studies; 499 know the effect to about 1.5 %.

    Raises:
        ConfigError: an option cannot be honoured, or the weights are for others than those who started.
        InputError: a covariate cannot be used.
    """
    require_match(matched, WHERE)
    outcomes = {outcome.name: outcome for outcome in panel.outcomes}
    smallest = dict(smallest_worthwhile or {})
    design = DetectableDesign(method, names(covariates, "covariates"), baseline, follow_up, power, seed, draws)
    problems = [*design.problems(), *worthwhile_problems(smallest, outcomes)]
    if matched.design.estimand != "att":
        problems.append("the study is of those who started; match with estimand 'att'.")
    raise_all(ConfigError, WHERE, problems)
    rows = StudyRows.of(matched, design.covariates)
    found = {
        name: _by_band(rows.design_of(panel, outcome, baseline), outcome, design) for name, outcome in outcomes.items()
    }
    worth = {name: smallest.get(name, outcome.smallest_worthwhile) for name, outcome in outcomes.items()}
    return DetectableEffects(tuple(outcomes.values()), found, worth, design)


def _by_band(
    drawing: MatchedDesign, outcome: Outcome, design: DetectableDesign
) -> tuple[Detectable | NotEstimated, ...]:
    """Return what is detectable in each band; each has draws of its own, whatever else is asked."""
    bands = []
    for first, last in design.bands:
        random = np.random.default_rng([design.seed, first, last])
        bands.append(drawing.studies(first - 1, last - 1, design.draws, random, design.confidence))
    return tuple(_in_units(found, outcome.scale, design.power) for found in bands)


def _in_units(found: Redrawn | NotEstimated, scale: float, power: float) -> Detectable | NotEstimated:
    if isinstance(found, NotEstimated):
        return found
    size = found.placebos.detectable(power)
    return Detectable(size * scale, found.base_rate * scale, found.n_treated, found.n_comparison)
