"""Was it worth the money? Unit costs and prices; costs and benefits with their doubt."""

from tf_eval.value.prices import Deflators, UnitCost, UnitCosts, load_deflators, load_unit_costs

__all__ = ["Deflators", "UnitCost", "UnitCosts", "load_deflators", "load_unit_costs"]
