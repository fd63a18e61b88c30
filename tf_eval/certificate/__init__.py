"""The certificate: drawn counties of known truth, evaluated as real ones are, and how often the answers were right.

It alone, beside the command line, knows both the generator of counties and the workbench.
"""

from tf_eval.certificate.page import certificate
from tf_eval.certificate.running import run_trials, trials_of
from tf_eval.certificate.store import Store
from tf_eval.certificate.trial import Trial, carry_out

__all__ = ["Store", "Trial", "carry_out", "certificate", "run_trials", "trials_of"]
