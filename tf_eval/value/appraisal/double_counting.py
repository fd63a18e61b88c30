"""What would be counted twice."""

from collections.abc import Sequence

from tf_eval.value.appraisal.worth import Priced
from tf_eval.value.prices import Overlap


def counted_twice(priced: Sequence[Priced], overlaps: Sequence[Overlap]) -> list[str]:
    """Say of every two worths in which something would be counted twice that it would.

    It is not where the one that contains the other leaves out the shares that hold it (``without``), or where either
    is reduced (``reduce``), which takes a reason.
    """
    problems = []
    for place, one in enumerate(priced):
        for other in priced[place + 1 :]:
            problems += _same(one, other) or [
                _told(outer, inner, overlap)
                for outer, inner in ((one, other), (other, one))
                for overlap in overlaps
                if overlap.is_of(outer.cost, inner.cost) and not _settled(outer, inner, overlap)
            ]
    return problems


def _same(one: Priced, other: Priced) -> list[str]:
    """The same item for two outcomes counts what moves both of them twice, whichever editions it is taken from."""
    if (one.cost.code, one.cost.description) != (other.cost.code, other.cost.description):
        return []
    if one.outcome != other.outcome and (one.worth.reduce or other.worth.reduce):
        return []
    return [f"{one.cost.called} is counted under {one.outcome} and again under {other.outcome}; reduce one of them."]


def _settled(outer: Priced, inner: Priced, overlap: Overlap) -> bool:
    is_left_out = set(overlap.through) <= set(outer.worth.without)
    return is_left_out or bool(outer.worth.reduce or inner.worth.reduce)


def _told(outer: Priced, inner: Priced, overlap: Overlap) -> str:
    return (
        f"{inner.name} is counted twice, for {outer.name} has it in it: {overlap.reading}. Leave out its share "
        f"(without: [{', '.join(overlap.through)}]) or reduce one of them."
    )
