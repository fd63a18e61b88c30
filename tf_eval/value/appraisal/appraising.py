"""``appraise``: what effects are worth, and whether that pays."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tf_eval import did
from tf_eval.errors import ConfigError, NotEstimated, raise_all, unknown
from tf_eval.evidence import OutcomeEffect, Verdict, Word
from tf_eval.value.appraisal.appraisal import Appraisal
from tf_eval.value.appraisal.break_even import break_even_multiple, break_evens
from tf_eval.value.appraisal.measures import by_agency, by_outcome, cashable_known, chances, measure
from tf_eval.value.appraisal.paths import EffectPaths, effect_paths
from tf_eval.value.appraisal.persistence import SCENARIOS
from tf_eval.value.appraisal.rules import AppraisalRules
from tf_eval.value.appraisal.spread import Spread, as_ranges
from tf_eval.value.appraisal.tornado import swings
from tf_eval.value.appraisal.valuing import Inputs, Valued, value
from tf_eval.value.staying import Staying

WHERE = "appraise"
Effects = Mapping[str, did.GroupTimeATT | OutcomeEffect] | EffectPaths


def appraise(
    effects: Effects,
    rules: AppraisalRules,
    *,
    intervention: str,
    intensity: str | None = None,
    verdict: Verdict | Word | None = None,
    scenario: str | None = None,
    staying: Staying | None = None,
    seed: int = 1,
    draws: int = 999,
) -> Appraisal | NotEstimated:
    """Return what an intervention costs and what its effects save, with their doubt.

    Effects are against matched families, who got better by themselves as far as families do: deadweight is out, and is
    not taken out again.

    Args:
        effects: by name of the outcome, as ``estimate_att`` or ``measure`` return them; or paths of them
            (``effect_paths``, ``paths_from``).
        rules: what they are valued with (``load_appraisal``).
        intervention, intensity: which delivery cost; without an intensity the one that the rules name first.
        verdict: what the evidence says of it. Where that is "cannot tell", ranges are all that is told.
        scenario: what becomes of effects after follow-up, in place of the rules' own: "stops", "decays" or "lasts".
        staying, seed, draws: of ``effect_paths``.

    Raises:
        ConfigError: there is no such intervention, intensity or scenario, or no outcome has both effects and a worth.
    """
    word = verdict.word if isinstance(verdict, Verdict) else verdict
    raise_all(ConfigError, WHERE, _problems(rules, word, scenario))
    delivery = rules.delivery(intervention, intensity)
    asked = {"staying": staying, "seed": seed, "draws": draws}
    paths = effects if isinstance(effects, EffectPaths) else effect_paths(effects, **asked)
    if isinstance(paths, NotEstimated):
        return paths
    paths = paths.labelled({name: one.label for name, one in rules.terms.outcomes.items()})
    priced = tuple(one for one in rules.priced if one.outcome in paths.outcomes)
    if not priced:
        told = unknown("worth of the outcome", paths.outcomes[0], rules.terms.outcomes)
        raise ConfigError(f"{WHERE}: no outcome has both effects and a worth; {told}")
    terms = rules.terms
    inputs = Inputs(
        priced=priced,
        prices=np.array([one.price for one in priced]),
        optimism=np.array([one.optimism for one in priced]),
        delivery=delivery,
        cost_factor=1.0,
        discounting=terms.discounting,
        persistence=terms.persistence if scenario is None else terms.persistence.as_scenario(scenario),
        months=terms.horizon.months,
    )
    found = _appraisal(value(paths, inputs), rules, word)
    return _as_range(found) if word is Word.CANNOT_TELL else found


def _appraisal(valued: Valued, rules: AppraisalRules, word: Word | None) -> Appraisal:
    return Appraisal(
        rules=rules,
        inputs=valued.inputs,
        paths=valued.paths,
        verdict=word,
        measures=measure(valued),
        chances=chances(valued),
        agencies=by_agency(valued),
        outcomes=by_outcome(valued),
        scenarios={name: _under(valued, name) for name in SCENARIOS},
        swings=swings(valued, rules.terms),
        break_even=break_evens(valued),
        break_even_multiple=break_even_multiple(valued),
        cashable_known=cashable_known(valued),
    )


def _as_range(found: Appraisal) -> Appraisal:
    """Return an appraisal without any point that rests on effects."""
    ranges = {name: as_ranges(getattr(found, name)) for name in ("measures", "agencies", "outcomes", "scenarios")}
    return replace(found, **ranges, chances=dict.fromkeys(found.chances, math.nan), break_even_multiple=math.nan)


def _problems(rules: Any, word: Any, scenario: Any) -> list[str]:
    problems = [] if isinstance(rules, AppraisalRules) else ["rules are what load_appraisal() returns."]
    if not (word is None or isinstance(word, Word)):
        problems.append("verdict is what judge() returns, or a Word of it.")
    if not (scenario is None or scenario in SCENARIOS):
        problems.append(unknown("scenario", scenario, SCENARIOS))
    return problems


def _under(valued: Valued, scenario: str) -> dict[str, Spread]:
    persistence = valued.inputs.persistence.as_scenario(scenario)
    return measure(value(valued.paths, replace(valued.inputs, persistence=persistence)))
