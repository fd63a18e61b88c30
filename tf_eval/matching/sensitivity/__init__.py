"""What a hidden difference could have done to a finding. Pure statistics on the rows of a match."""

from tf_eval.matching.sensitivity.bounds import RosenbaumBounds, rosenbaum_bounds
from tf_eval.matching.sensitivity.e_value import EValue, e_value, e_value_of_counts
from tf_eval.matching.sensitivity.tipping import TippingPoint, tipping_point

__all__ = [
    "EValue",
    "RosenbaumBounds",
    "TippingPoint",
    "e_value",
    "e_value_of_counts",
    "rosenbaum_bounds",
    "tipping_point",
]
