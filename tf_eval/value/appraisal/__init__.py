"""Cost and benefit with doubt: what effects are worth, whom, and whether that pays for what support costs."""

from tf_eval.value.appraisal.appraisal import Appraisal
from tf_eval.value.appraisal.appraising import appraise
from tf_eval.value.appraisal.paths import EffectPaths, Told, effect_paths, paths_from
from tf_eval.value.appraisal.rules import AppraisalRules, load_appraisal
from tf_eval.value.appraisal.spread import Spread

__all__ = [
    "Appraisal",
    "AppraisalRules",
    "EffectPaths",
    "Spread",
    "Told",
    "appraise",
    "effect_paths",
    "load_appraisal",
    "paths_from",
]
