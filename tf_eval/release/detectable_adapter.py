"""What a study could find on its way to the gate: in words and units of its outcomes."""

from tf_eval.cohort.outcomes import Outcome
from tf_eval.errors import NotEstimated
from tf_eval.evidence import Detectable, DetectableEffects
from tf_eval.release.adapters import unit
from tf_eval.release.detectable import DetectableRow, DetectableView
from tf_eval.release.gate import register_view


def detectable_view(found: DetectableEffects) -> DetectableView:
    """What is detectable, outcome by outcome and band by band."""
    rows = tuple(_row(found, outcome, _named(band), size) for outcome, band, size in found.rows())
    return DetectableView(rows, _named(found.design.follow_up), found.design.power)


def _named(band: tuple[int, int]) -> str:
    return f"{band[0]} to {band[1]}"


def _row(found: DetectableEffects, outcome: Outcome, band: str, size: Detectable | NotEstimated) -> DetectableRow:
    known = isinstance(size, Detectable)
    return DetectableRow(
        outcome=outcome.name,
        label=outcome.label,
        unit=unit(outcome),
        band=band,
        smallest_detectable=size.minimum_detectable if known else None,
        smallest_worthwhile=found.smallest_worthwhile[outcome.name],
        large_enough=found.is_large_enough(outcome.name, size) if known else None,
        base_rate=size.base_rate if known else None,
        n_treated=size.n_treated if known else 0,
        n_comparison=size.n_comparison if known else 0,
        good_direction=outcome.good_direction,
    )


register_view(DetectableEffects, detectable_view)
