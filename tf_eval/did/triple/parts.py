"""The three differences-in-differences that a triple difference is made of, for every comparison cohort."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.group_time.groups import Block, Group, by_set, find_blocks, group_against
from tf_eval.did.reading.panel import Panel
from tf_eval.errors import InputError


@dataclass(frozen=True, eq=False)
class Triple:
    """The eligible units of one set and adoption, against every other block of units by itself.

    ``own`` compares them with the ineligible of their own cohort. Each of ``others`` does so with the eligible, and
    with the ineligible, of a cohort that is not yet treated. All of these have the same cells.
    """

    own: Group
    others: tuple[tuple[Group, Group], ...]

    @property
    def parts(self) -> tuple[Group, ...]:
        return (self.own, *(group for pair in self.others for group in pair))


def find_triples(panel: Panel, design: Design) -> list[Triple]:
    """Return one triple for each set and adoption within the panel that has eligible units.

    Raises ``InputError`` where there is no ineligible unit at all, or no eligible one where treatment begins.
    """
    if panel.reach.all():
        raise InputError(f"estimate_att: by '{design.eligible}' every unit is eligible; leave eligible out.")
    triples = [triple for blocks in by_set(find_blocks(panel)) for triple in _of_set(panel, design, blocks)]
    if not triples:
        raise InputError(f"estimate_att: by '{design.eligible}' no unit is eligible where treatment begins.")
    return triples


def _of_set(panel: Panel, design: Design, blocks: Sequence[Block]) -> Iterator[Triple]:
    last = panel.periods[-1]
    at = {(block.adopted, block.reach): block for block in blocks}
    for block in blocks:
        if not block.reach or block.adopted > last:
            continue
        beside = at.get((block.adopted, 0))
        own = group_against(panel, design, block, () if beside is None else (beside,))
        yield Triple(
            # Treatment never reaches the ineligible, so that they serve in every period.
            replace(own, free=np.ones_like(own.free)),
            tuple(
                (
                    group_against(panel, design, block, (one,)),
                    group_against(panel, design, block, (at[one.adopted, 0],)),
                )
                for one in blocks
                if _serves(one, design, block, last) and (one.adopted, 0) in at
            ),
        )


def _serves(other: Block, design: Design, block: Block, last: int) -> bool:
    """Say whether a block is the eligible part of a cohort with which the treated of ``block`` may be compared."""
    if not other.reach or other.adopted == block.adopted:
        return False
    return design.comparison != "never_treated" or other.adopted > last + design.anticipation
