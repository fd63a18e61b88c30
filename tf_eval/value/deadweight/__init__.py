"""What payment by results pays for that would have happened anyway."""

from tf_eval.value.deadweight.comparing import deadweight
from tf_eval.value.deadweight.deadweight import Deadweight

__all__ = ["Deadweight", "deadweight"]
