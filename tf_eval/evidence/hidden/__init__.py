"""What would have to be hidden for a finding to be explained away."""

from tf_eval.evidence.hidden.bias import HiddenBias, OutcomeBias
from tf_eval.evidence.hidden.finding import hidden_bias

__all__ = ["HiddenBias", "OutcomeBias", "hidden_bias"]
