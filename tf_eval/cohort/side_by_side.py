"""Two programmes side by side: who qualifies under one and not the other, and which clause makes the difference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort import households
from tf_eval.cohort.arguments import require_programme, require_window
from tf_eval.cohort.builder import ASSESSED_FAMILIES
from tf_eval.cohort.clocks import HAPPENED, Clock, require_clock
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import AnyOf, Leaf, Node, leaves
from tf_eval.cohort.engine import County, Engine, read_frame, read_number
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.forms import CANNOT_TELL, MET, NOT_MET
from tf_eval.cohort.programme import Criterion, Programme, Window
from tf_eval.cohort.records import Reading
from tf_eval.cohort.sources import keep_wanted
from tf_eval.cohort.truth import TruthTables
from tf_eval.cohort.unseen import require_agencies
from tf_eval.cohort.words import about

LETTERS_IN_A_LINE = 110
BOTH, NEITHER = "both", "neither"
SEVERAL = "several clauses, each of which would do"
JOINING = "several criteria together, or how they are joined"


@dataclass(frozen=True, eq=False, repr=False)
class SideBySide:
    """Two programmes over the same families and days.

    families      assessed families by where they qualify: ``both``, the one's name, the other's name, ``neither``
    differences   qualifies_under, criterion, clause, families: of the families that qualify under one programme alone,
                  for how many this clause makes the difference, on the first day on which the family does. A criterion
                  makes it if the rule would not be met with the other programme's criterion of that name in its place
                  (none: never met), and in it the clause without which it would not be met. Of one family several can.
    """

    first: Programme
    second: Programme
    families: Mapping[str, int]
    differences: pd.DataFrame
    design: Mapping[str, Any] = field(default_factory=dict)

    def table(self) -> pd.DataFrame:
        """Return a copy of the differences."""
        return self.differences.copy()

    def summary(self) -> str:
        """Return how many families qualify where, and the clause that parts most of them, with rounded counts."""
        one, other = self.first, self.second
        text = (
            f"{about(self.families[BOTH]).capitalize()} families qualify under both, "
            f"{about(self.families[one.name])} under {one.title} alone and "
            f"{about(self.families[other.name])} under {other.title} alone."
        )
        if self.differences.empty:
            return text
        most = self.differences.iloc[0]
        return f"{text} Most are parted by a clause of {most['qualifies_under']}: {most['clause']}."

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw for how many families each clause makes the difference; the longest bar stands on top."""
        rows = self.differences
        places = -np.arange(len(rows))
        ax = ax or Figure(figsize=(9, 0.75 * max(len(rows), 1) + 1), layout="constrained").subplots()
        ax.barh(places, rows["families"], height=0.3, color=[self._colour(title) for title in rows["qualifies_under"]])
        for place, row in zip(places, rows.itertuples(), strict=True):
            label = fill(f"{row.qualifies_under}: {row.clause}", LETTERS_IN_A_LINE)
            ax.text(0, place + 0.2, label, fontsize=8, va="bottom")
        ax.set(title="Clauses that make the difference", xlabel="Families that qualify under one programme alone")
        ax.set_ylim(0.4 - len(rows), 0.9)
        ax.set_yticks([])
        ax.spines[["top", "right", "left"]].set_visible(False)
        return ax

    def _colour(self, title: str) -> str:
        return "#12436D" if title == self.first.title else "#F46A25"

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain values; no single family is in them."""
        counts = {"families": dict(self.families), "differences": self.differences.to_dict("records")}
        return {**counts, "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<SideBySide: {self.summary()}>"


def compare_programmes(
    county: County,
    first: Programme,
    second: Programme,
    *,
    window: Window | None = None,
    clock: Clock = HAPPENED,
    engine: Any = "duckdb",
) -> SideBySide:
    """Decide two programmes for the same families on the same days.

    Args:
        county: the county.
        first, second: the programmes.
        window: the days in which families are looked at; default: those of the first programme.
        clock, engine: see ``build_cohort``.

    Raises:
        ConfigError: there is no such clock or engine.
        InputError: the criteria need the school calendar and the county has none.
    """
    for programme in (first, second):
        require_programme(programme)
    require_clock(clock)
    window = window or first.window
    require_window(window)
    span = window.start, window.until
    with open_engine(county, engine) as running:
        running.keep("assessed", households.with_a_child(span))
        reading = keep_wanted(running, [first.rule, second.rule], Reading(clock, span), "wanted")
        coverage = Coverage.read(running)
        require_agencies([first.rule, second.rule], coverage)
        tables = TruthTables(running, coverage, reading, name="truth_either")
        qualified = [_qualified(running, tables, programme, span) for programme in (first, second)]
        alone = [one[~one["family_id"].isin(other["family_id"])] for one, other in (qualified, qualified[::-1])]
        parted = [
            _clauses(running, tables, programme, other, families)
            for programme, other, families in ((first, second, alone[0]), (second, first, alone[1]))
        ]
        assessed = read_number(running, "SELECT COUNT(*) AS families FROM assessed")
    counts = _counts(assessed, len(qualified[0]), first.name, len(alone[0]), second.name, len(alone[1]))
    differences = pd.concat(parted).sort_values("families", ascending=False, kind="stable", ignore_index=True)
    design = {"window": [day.isoformat() for day in span], "clock": clock, "programmes": [first.name, second.name]}
    return SideBySide(first, second, counts, differences, design)


def _qualified(engine: Engine, tables: TruthTables, programme: Programme, span: Any) -> pd.DataFrame:
    rule = tables.of_families(programme.rule, ASSESSED_FAMILIES)
    return read_frame(engine, households.qualified(rule, span, programme.least_state))


def _counts(assessed: int, qualified: int, one: str, alone: int, other: str, other_alone: int) -> dict[str, int]:
    both = qualified - alone
    return {BOTH: both, one: alone, other: other_alone, NEITHER: assessed - both - alone - other_alone}


def _clauses(
    engine: Engine, tables: TruthTables, programme: Programme, other: Programme, families: pd.DataFrame
) -> pd.DataFrame:
    """Return for how many of the families that qualify under a programme alone each of its clauses is what does it."""
    on_the_day = _Day(_states_on(engine, tables, [*leaves(programme.rule), *leaves(other.rule)], families))
    others = {criterion.name: criterion.node for criterion in other.criteria}
    rows, explained = [], np.zeros(len(families), dtype=bool)
    for criterion in programme.criteria:
        swapped = {criterion.node: on_the_day.state(others.get(criterion.name))}
        decisive = on_the_day.state(programme.rule, swapped) < programme.least_state
        rows += _within_criterion(on_the_day, programme, criterion, decisive)
        explained |= decisive
    rows.append(("", JOINING, int((~explained).sum())))
    found = pd.DataFrame(rows, columns=["criterion", "clause", "families"])
    found.insert(0, "qualifies_under", programme.title)
    return found[found["families"] > 0]


def _within_criterion(
    on_the_day: "_Day", programme: Programme, criterion: Criterion, decisive: np.ndarray
) -> list[tuple[str, str, int]]:
    """Divide the families for which a criterion makes the difference by the clause without which it is not met."""
    rows, named = [], np.zeros(len(decisive), dtype=bool)
    for clause in _parts(criterion.node):
        without = {clause: on_the_day.state(None)}
        needed = decisive & (on_the_day.state(criterion.node, without) < programme.least_state)
        rows.append((criterion.title, clause.sentence(), int(needed.sum())))
        named |= needed
    return [*rows, (criterion.title, SEVERAL, int((decisive & ~named).sum()))]


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
            return np.zeros_like(next(iter(self.conditions.values())))
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
    for leaf in conditions:
        truth = tables.of_families(leaf, "SELECT family_id FROM asked")
        found = read_frame(
            engine,
            f"""SELECT asked.family_id, truth.state FROM asked
JOIN ({truth}) AS truth ON truth.family_id = asked.family_id
WHERE truth.start_date <= CAST(asked.on_date AS DATE) AND truth.end_date > CAST(asked.on_date AS DATE)""",
        ).set_index("family_id")["state"]
        states[leaf] = found.reindex(families["family_id"], fill_value=NOT_MET).to_numpy()
    return states
