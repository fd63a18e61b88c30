"""How strong is this evidence? The standards that funders read, and never more than the design can earn."""

from tf_eval.evidence.standards.score import Score
from tf_eval.evidence.standards.standards import Standards, score_standards

__all__ = ["Score", "Standards", "score_standards"]
