"""The measures of an appraisal: net present value, benefit-cost ratio, payback, by kind and by agency."""

from collections.abc import Mapping

import numpy as np

from tf_eval.value.appraisal.spread import ENDS, Spread, fixed, spread
from tf_eval.value.appraisal.valuing import Valued

MEASURES = {
    "cost": "Cost of support",
    "fiscal": "Saved by the public purse, less its losses",
    "cashable": "The same, of what is known to be cashable",
    "economic": "Gained by families and firms",
    "social": "Gained in wellbeing",
    "net_fiscal": "Net for the public purse",
    "net_public": "Net for everybody",
    "ratio_fiscal": "Saved by the purse for £1 spent",
    "ratio_public": "Gained by everybody for £1 spent",
    "payback_months": "Months until the purse has its money back",
}
ALL_KINDS = ("fiscal", "economic", "social")
RATIOS = ("ratio_fiscal", "ratio_public")


def measure(valued: Valued) -> dict[str, Spread]:
    """Return every measure of ``MEASURES``: pounds per family at present value, ratios, and months."""
    found = {kind: _sum(valued, valued.of_kind(kind)) for kind in ALL_KINDS}
    public = _sum(valued, valued.of_kind(*ALL_KINDS))
    cost = valued.cost
    return {
        "cost": fixed(cost),
        **found,
        "cashable": _sum(valued, valued.of_kind("fiscal") * _cashable(valued)),
        "net_fiscal": _moved(found["fiscal"], -cost),
        "net_public": _moved(public, -cost),
        "ratio_fiscal": _scaled(found["fiscal"], 1 / cost),
        "ratio_public": _scaled(public, 1 / cost),
        "payback_months": payback(valued),
    }


def chances(valued: Valued) -> dict[str, float]:
    """Return the share of draws in which it pays: for the purse, for everybody, and within the horizon."""
    fiscal = valued.drawn @ valued.of_kind("fiscal")
    public = valued.drawn @ valued.of_kind(*ALL_KINDS)
    return {"net_fiscal": float((fiscal > valued.cost).mean()), "net_public": float((public > valued.cost).mean())}


def payback(valued: Valued) -> Spread:
    """Return after how many months the purse has its money back for good; infinite where not within the horizon.

    The mean is that at the effects as estimated. It is counted in discounted pounds, of fiscal savings alone.
    """
    estimated, drawn = valued.by_month(valued.of_kind("fiscal"))
    low, high = np.quantile(_paid_back(drawn - valued.cost_by_month), ENDS, method="nearest")
    return Spread(float(_paid_back(estimated - valued.cost_by_month)), float(low), float(high))


def by_agency(valued: Valued) -> dict[str, dict[str, Spread]]:
    """Return what each agency pays, saves and has net; the savings of all add up to fiscal, economic and social."""
    paid = {payer: share * valued.cost for payer, share in valued.inputs.delivery.paid_by.items()}
    found = {}
    for payer in dict.fromkeys([*paid, *valued.shares]):
        saved = _sum(valued, valued.shares.get(payer, np.zeros(len(valued.savings))))
        pays = paid.get(payer, 0.0)
        found[payer] = {"pays": fixed(pays), "saves": saved, "net": _moved(saved, -pays)}
    return found


def by_outcome(valued: Valued) -> dict[str, Spread]:
    """Return what each outcome comes to, over all kinds."""
    return {name: _sum(valued, valued.of_outcome(name)) for name in valued.outcomes}


def cashable_known(valued: Valued) -> float:
    """Return of what share of fiscal savings, by size as estimated, cashability is known."""
    size = np.abs(valued.savings) * valued.of_kind("fiscal")
    known = np.array([one.cashable is not None for one in valued.inputs.priced], dtype=bool)
    return float(size[known].sum() / size.sum()) if size.sum() else 0.0


def _cashable(valued: Valued) -> np.ndarray:
    return np.array([one.cashable or 0.0 for one in valued.inputs.priced])


def _sum(valued: Valued, weights: np.ndarray) -> Spread:
    return spread(float(valued.savings @ weights), valued.drawn @ weights)


def _moved(one: Spread, by: float) -> Spread:
    return Spread(one.mean + by, one.low + by, one.high + by)


def _scaled(one: Spread, by: float) -> Spread:
    return Spread(one.mean * by, one.low * by, one.high * by)


def _paid_back(net: np.ndarray) -> np.ndarray:
    """Return after how many months what was spent is back for good; ``net`` is by month, in the last axis."""
    is_back = np.cumsum(net, axis=-1) >= 0
    for_good = np.logical_and.accumulate(is_back[..., ::-1], axis=-1)[..., ::-1]
    first = for_good.argmax(axis=-1) + 1.0
    return np.where(for_good[..., -1], first, np.inf)


def measures_of(spreads: Mapping[str, Spread]) -> list[tuple[str, str, Spread]]:
    """Return measures in their order, with what each is called."""
    return [(name, label, spreads[name]) for name, label in MEASURES.items()]
