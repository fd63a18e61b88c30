"""Was it worth the money? Unit costs and prices; costs and benefits with their doubt."""

from tf_eval.value.appraisal import (
    Appraisal,
    AppraisalRules,
    EffectPaths,
    Spread,
    Told,
    appraise,
    effect_paths,
    load_appraisal,
    paths_from,
)
from tf_eval.value.prices import Deflators, UnitCost, UnitCosts, load_deflators, load_unit_costs

__all__ = [
    "Appraisal",
    "AppraisalRules",
    "Deflators",
    "EffectPaths",
    "Spread",
    "Told",
    "UnitCost",
    "UnitCosts",
    "appraise",
    "effect_paths",
    "load_appraisal",
    "load_deflators",
    "load_unit_costs",
    "paths_from",
]
