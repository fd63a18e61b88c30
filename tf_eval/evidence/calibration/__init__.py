"""How far off is an analysis where the answer is known? Estimates put right by what controls show."""

from tf_eval.evidence.calibration.calibrated import Calibrated
from tf_eval.evidence.calibration.calibration import Calibration
from tf_eval.evidence.calibration.controls import calibrate

__all__ = ["Calibrated", "Calibration", "calibrate"]
