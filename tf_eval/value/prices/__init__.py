"""What things cost: unit costs by edition and code, the prices of which year, and what of them holds what."""

from tf_eval.value.prices.deflators import Deflators, load_deflators
from tf_eval.value.prices.overlap import Overlap
from tf_eval.value.prices.unit_cost import Basis, UnitCost
from tf_eval.value.prices.unit_costs import UnitCosts
from tf_eval.value.prices.unit_costs_file import load_unit_costs

__all__ = ["Basis", "Deflators", "Overlap", "UnitCost", "UnitCosts", "load_deflators", "load_unit_costs"]
