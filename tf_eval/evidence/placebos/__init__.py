"""Would a design find something where there is nothing? An evaluation carried out where the answer is known."""

from tf_eval.evidence.placebos.placebos import Placebos
from tf_eval.evidence.placebos.trial import run_placebos

__all__ = ["Placebos", "run_placebos"]
