"""What is true over several places or years, from released estimates and errors alone."""

from tf_eval.evidence.pooling.pool import pool_effects
from tf_eval.evidence.pooling.pooled import PooledEffect
from tf_eval.evidence.pooling.result import PooledEffects

__all__ = ["PooledEffect", "PooledEffects", "pool_effects"]
