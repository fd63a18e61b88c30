"""A cell of repeated cross-sections: the rows of either arm, in its period and in the base."""

from collections.abc import Iterator
from dataclasses import dataclass

from tf_eval.did.cross_sections.sections import Sections
from tf_eval.did.group_time.groups import Group
from tf_eval.did.group_time.rows import Rows

ARMS = tuple((treated, after) for treated in (True, False) for after in (True, False))
Arm = tuple[bool, bool]


@dataclass(frozen=True, eq=False)
class SectionContrast:
    """``rows`` by arm: whether treated, and whether of the cell's own period (else of its base)."""

    rows: dict[Arm, Rows]

    def of_treated(self, treated: bool) -> Rows:
        """Return the rows of both periods."""
        return Rows((*self.rows[treated, True].parts, *self.rows[treated, False].parts))


def contrasts_of(sections: Sections, group: Group) -> Iterator[SectionContrast]:
    """Yield the contrast of each cell of a group, in order."""
    for cell, (after, base) in enumerate(zip(group.after, group.base, strict=True)):
        pool = [block.rows for block, free in zip(group.pool, group.free[:, cell], strict=True) if free]
        cohorts = {True: [group.treated.rows], False: pool}
        yield SectionContrast(
            {
                (treated, is_after): _rows(sections, cohorts[treated], int(after if is_after else base))
                for treated, is_after in ARMS
            }
        )


def _rows(sections: Sections, cohorts: list[slice], position: int) -> Rows:
    parts = [sections.rows(cohort, position) for cohort in cohorts]
    return Rows(tuple(part for part in parts if part.stop > part.start))


def smallest(contrast: SectionContrast, treated: bool) -> int:
    """Return how many rows an arm has in the period with the fewer."""
    return min(len(contrast.rows[treated, after]) for after in (True, False))
