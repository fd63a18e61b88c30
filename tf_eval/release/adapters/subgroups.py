"""Effects in parts of the families, as the views that the gate accepts."""

from tf_eval.errors import NotEstimated
from tf_eval.evidence import SubgroupEffects
from tf_eval.evidence.subgroups import SubgroupEffect
from tf_eval.release.adapters.common import base, counts, interval, named, number
from tf_eval.release.gate import register_view
from tf_eval.release.subgroups import PartRow, SubgroupRow, SubgroupsView


def subgroups_view(found: SubgroupEffects) -> SubgroupsView:
    """Effects by part and how they differ."""
    rows = tuple(_subgroup_row(each) for each in found)
    return SubgroupsView(rows, found.told, found.design["fewest"])


def _subgroup_row(each: SubgroupEffect) -> SubgroupRow:
    compared = not isinstance(each.interaction, NotEstimated)
    names = ("difference", "low", "high")
    apart = {name: number(getattr(each.interaction, name, None)) for name in names}
    parts = [
        PartRow(
            part.name,
            **interval(part.size),
            **base(part.size),
            **{name: number(getattr(part, name)) for name in ("shrunk", "shrunk_low", "shrunk_high")},
            families=part.n_treated,
            **counts(part.size),
        )
        for part in each.parts
    ]
    return SubgroupRow(
        **named(each.outcome),
        subgroup=each.subgroup.label,
        others=each.subgroup.others,
        parts=tuple(parts),
        **apart,
        differs=each.differs if compared else None,
        as_expected=each.as_expected,
    )


register_view(SubgroupEffects, subgroups_view)
