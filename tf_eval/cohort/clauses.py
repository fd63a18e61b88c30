"""Which clause of a programme makes a family qualify that does not, or not yet, under another programme."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from tf_eval.cohort.criteria import AnyOf, Leaf, Node, leaves
from tf_eval.cohort.engine import Engine, read_frame
from tf_eval.cohort.forms import CANNOT_TELL, MET, NOT_MET
from tf_eval.cohort.programme import Criterion, Programme
from tf_eval.cohort.truth import TruthTables

SEVERAL = "several clauses, each of which would do"
JOINING = "several criteria together, or how they are joined"
CHOICE = "what cannot be told counts as met"
NOT_ASKED = "only the other programme asks for this: "

# A criterion's title, a clause, and for which of the families it makes the difference.
Mark = tuple[str, str, np.ndarray]


def deciding_clauses(
    engine: Engine, tables: TruthTables, programme: Programme, other: Programme, families: pd.DataFrame
) -> list[Mark]:
    """Return the clauses of a programme with the families for which each makes the difference; of one several can.

    Args:
        engine: runs the statements.
        tables: the truth of both programmes' conditions.
        programme: the programme under which the families qualify.
        other: the programme under which they do not, on that day.
        families: family_id and qualified_on, the day.
    """
    day = _Day(_states_on(engine, tables, [*leaves(programme.rule), *leaves(other.rule)], families))
    marks = [(("", CHOICE, day.state(programme.rule) < other.least_state))]
    for criterion, decisive in _decisive_criteria(day, programme, other):
        marks += _within_criterion(day, programme, criterion, decisive)
    marks += [(title, clause, of & ~_any(marks)) for title, clause, of in _not_asked(day, programme, other)]
    return [*marks, ("", JOINING, ~_any(marks))]


def _any(marks: Sequence[Mark]) -> np.ndarray:
    return np.any([families for *_, families in marks], axis=0)


def _decisive_criteria(day: "_Day", programme: Programme, other: Programme) -> Iterator[tuple[Criterion, np.ndarray]]:
    """Yield each criterion with the families that would not qualify with the other programme's in its place."""
    others = {criterion.name: criterion.node for criterion in other.criteria}
    for criterion in programme.criteria:
        swapped = {criterion.node: day.state(others.get(criterion.name))}
        yield criterion, day.state(programme.rule, swapped) < programme.least_state


def _within_criterion(day: "_Day", programme: Programme, criterion: Criterion, decisive: np.ndarray) -> list[Mark]:
    """Divide the families for which a criterion makes the difference by the clause without which it is not met."""
    marks: list[Mark] = []
    for clause in _parts(criterion.node):
        without = day.state(criterion.node, {clause: day.state(None)}) < programme.least_state
        marks.append((criterion.title, clause.sentence(), decisive & without))
    return [*marks, (criterion.title, SEVERAL, decisive & ~_any(marks))]


def _not_asked(day: "_Day", programme: Programme, other: Programme) -> Iterator[Mark]:
    """Yield each criterion that the other programme alone has, with the families that lack nothing else of its rule."""
    own = {criterion.name for criterion in programme.criteria}
    for criterion in (criterion for criterion in other.criteria if criterion.name not in own):
        given = day.state(other.rule, {criterion.node: np.full_like(day.state(None), MET)})
        yield criterion.title, NOT_ASKED + criterion.node.sentence(), given >= other.least_state


def _parts(node: Node) -> tuple[Node, ...]:
    """The alternatives of a criterion, any of which will do, are its clauses; any other criterion is one clause."""
    return node.parts if isinstance(node, AnyOf) else (node,)


@dataclass(frozen=True, eq=False)
class _Day:
    """How every condition stood for each family on the day it qualified."""

    conditions: Mapping[Leaf, np.ndarray]

    def state(self, node: Node | None, instead: Mapping[Node, np.ndarray] | None = None) -> np.ndarray:
        """Return the state of a node, if some nodes stood otherwise than they did; None is never met."""
        if node is None:
            return np.full_like(next(iter(self.conditions.values())), NOT_MET)
        if instead and node in instead:
            return instead[node]
        if isinstance(node, Leaf):
            return self.conditions[node]
        parts = np.array([self.state(part, instead) for part in node.parts])
        met, possible = (parts == MET).sum(axis=0), (parts >= CANNOT_TELL).sum(axis=0)
        return np.where(met >= node.k, MET, np.where(possible >= node.k, CANNOT_TELL, NOT_MET))


def _states_on(
    engine: Engine, tables: TruthTables, conditions: list[Leaf], families: pd.DataFrame
) -> dict[Node, np.ndarray]:
    """Return the state of each condition for each family on the day it qualified."""
    columns = {"family_id": families["family_id"], "on_date": families["qualified_on"].astype("datetime64[s]")}
    engine.lend("asked", pa.table({name: pa.array(values) for name, values in columns.items()}))
    states = {}
    for leaf in dict.fromkeys(conditions):
        truth = tables.of_families(leaf, "SELECT family_id FROM asked")
        found = read_frame(
            engine,
            f"""SELECT asked.family_id, truth.state FROM asked
JOIN ({truth}) AS truth ON truth.family_id = asked.family_id
WHERE truth.start_date <= CAST(asked.on_date AS DATE) AND truth.end_date > CAST(asked.on_date AS DATE)""",
        ).set_index("family_id")["state"]
        states[leaf] = found.reindex(families["family_id"], fill_value=NOT_MET).to_numpy()
    return states
