"""Two programmes side by side: who qualifies under one and not the other, and which clause makes the difference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort import households
from tf_eval.cohort.arguments import require_programme, require_window
from tf_eval.cohort.builder import ASSESSED_FAMILIES
from tf_eval.cohort.clauses import deciding_clauses
from tf_eval.cohort.clocks import HAPPENED, Clock, require_clock
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.engine import County, Engine, read_frame, read_number
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.forms import Span
from tf_eval.cohort.programme import Programme, Window
from tf_eval.cohort.records import Reading
from tf_eval.cohort.sources import keep_wanted
from tf_eval.cohort.truth import TruthTables
from tf_eval.cohort.unseen import require_agencies
from tf_eval.cohort.words import about

LETTERS_IN_A_LINE = 110
BAR, LINE = 0.45, 0.16  # inches: a bar with the room around it, and a line of its label
COLOURS = ("#12436D", "#F46A25")
PALE = 0.4
PLACES = ("first", "second")
ALONE, EARLIER = "alone", "earlier"
BOTH, NEITHER = "both on the same day", "neither"
FIRST_ALONE, SECOND_ALONE = "first alone", "second alone"
FIRST_EARLIER, SECOND_EARLIER = "both, earlier under the first", "both, earlier under the second"
GROUPS = {ALONE: (FIRST_ALONE, SECOND_ALONE), EARLIER: (FIRST_EARLIER, SECOND_EARLIER)}
COLUMNS = ["qualifies_under", "criterion", "clause", ALONE, EARLIER]


@dataclass(frozen=True, eq=False, repr=False)
class SideBySide:
    """Two programmes over the same families and days.

    labels        what the first and the second are called here: by their titles; by their names, too, where these are
                  the same; and by their places where both are
    window        the days that both are decided for, whatever their own windows are
    families      the assessed families, each in one group: ``both on the same day``, ``both, earlier under the first``,
                  ``both, earlier under the second``, ``first alone``, ``second alone``, ``neither``
    differences   qualifies_under (a label), criterion, clause, alone, earlier: for how many of the families that
                  qualify under one programme alone, and of those that qualify earlier under it than under the other,
                  this clause makes the difference, on the first day on which the family does. A criterion makes it if
                  the rule would not be met with the other programme's criterion of that name in its place (none: never
                  met), and in it the clause without which it would not be met; so does the choice to count what cannot
                  be told as met, and, where nothing of that does, a criterion that only the other programme asks for.
                  Of one family several can.
    """

    first: Programme
    second: Programme
    labels: tuple[str, str]
    window: Window
    families: Mapping[str, int]
    differences: pd.DataFrame
    design: Mapping[str, Any] = field(default_factory=dict)

    def table(self) -> pd.DataFrame:
        """Return a copy of the differences."""
        return self.differences.copy()

    def summary(self) -> str:
        """Return in which days how many families qualify where, and the clause that parts most, with rounded counts."""
        return " ".join([self._windows(), self._counts(), *self._most()])

    def _windows(self) -> str:
        one, other = (programme.window for programme in (self.first, self.second))
        if one == other == self.window:
            return f"Families are taken in {one.sentence()}."
        own = f"{self.labels[0]} takes families in {one.sentence()} and {self.labels[1]} {other.sentence()}"
        own = f"both take families in {one.sentence()}" if one == other else own
        return f"Both programmes are decided for the days {self.window.sentence()}, although {own}."

    def _counts(self) -> str:
        both = sum(self.families[group] for group in (BOTH, *GROUPS[EARLIER]))
        sooner, alone = ([about(self.families[group]) for group in GROUPS[how]] for how in (EARLIER, ALONE))
        one, other = self.labels
        return (
            f"{about(both).capitalize()} families qualify under both, {sooner[0]} of them earlier under {one} and "
            f"{sooner[1]} earlier under {other}. {alone[0].capitalize()} qualify under {one} alone, {alone[1]} under "
            f"{other} alone."
        )

    def _most(self) -> list[str]:
        if self.differences.empty:
            return []
        most = self.differences.iloc[0]
        return [f"Most are parted by a clause of {most['qualifies_under']}: {most['clause']}."]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw for how many families each clause makes the difference; the longest bar stands on top."""
        rows = self.differences
        labels = [fill(f"{row.qualifies_under}: {row.clause}", LETTERS_IN_A_LINE) for row in rows.itertuples()]
        places = -np.cumsum([BAR + LINE * (1 + label.count("\n")) for label in labels])
        height = -places[-1] if len(rows) else BAR
        ax = ax or Figure(figsize=(9, height + 1), layout="constrained").subplots()
        colours = [COLOURS[self.labels.index(label)] for label in rows["qualifies_under"]]
        ax.barh(places, rows[ALONE], height=BAR / 2, color=colours)
        ax.barh(places, rows[EARLIER], left=rows[ALONE], height=BAR / 2, color=colours, alpha=PALE)
        for place, label in zip(places, labels, strict=True):
            ax.text(0, place + 0.3 * BAR, label, fontsize=8, va="bottom")
        ax.set(
            title="Clauses that make the difference",
            xlabel="Families that qualify under one alone, or (pale) earlier under it",
        )
        ax.set_ylim(-height - BAR / 2, 0)
        ax.set_yticks([])
        ax.spines[["top", "right", "left"]].set_visible(False)
        return ax

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain values; no single family is in them."""
        counts = {"families": dict(self.families), "differences": self.differences.to_dict("records")}
        return {"labels": list(self.labels), **counts, "design": dict(self.design)}

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
        first, second: the programmes; one may be an edited copy of the other.
        window: the days in which families are looked at, under both; default: those of the first programme.
        clock, engine: see ``build_cohort``.

    Raises:
        ConfigError: there is no such clock or engine, or what was handed in is no programme or window.
        InputError: that is no county, it has no agency of a name that a nomination asks for, or the criteria need the
            school calendar and the county has none.
    """
    for programme in (first, second):
        require_programme(programme)
    window = first.window if window is None else window
    require_window(window)
    require_clock(clock)
    with open_engine(county, engine) as running:
        pair = _Pair(running, (first, second), (window.start, window.until), clock)
        labels = _labels(first, second)
        families, differences = pair.groups(), pair.differences(labels)
    programmes = [first.name, second.name]
    design = {"window": [str(window.start), str(window.until)], "clock": clock, "programmes": programmes}
    return SideBySide(first, second, labels, window, families, differences, design)


def _labels(first: Programme, second: Programme) -> tuple[str, str]:
    if first.title != second.title:
        return first.title, second.title
    marks = (first.name, second.name) if first.name != second.name else PLACES
    return f"{first.title} ({marks[0]})", f"{second.title} ({marks[1]})"


class _Pair:
    """Two programmes decided by one engine: ``days`` has both days of each family that qualifies under either."""

    def __init__(self, engine: Engine, programmes: tuple[Programme, Programme], span: Span, clock: Clock) -> None:
        rules, coverage = [programme.rule for programme in programmes], Coverage.read(engine)
        require_agencies(rules, coverage)
        engine.keep("assessed", households.with_a_child(span))
        self._engine, self._programmes = engine, programmes
        reading = keep_wanted(engine, rules, Reading(clock, span), "wanted")
        self._tables = TruthTables(engine, coverage, reading, name="truth_either")
        one, other = (self._qualified(programme, span) for programme in programmes)
        self.days = one.merge(other, how="outer", on="family_id", suffixes=PLACES)

    def groups(self) -> dict[str, int]:
        """Return how many assessed families are in each group."""
        assessed = read_number(self._engine, "SELECT COUNT(*) AS families FROM assessed")
        parted = {
            group: int((self._how(place) == how).sum()) for how in GROUPS for place, group in enumerate(GROUPS[how])
        }
        both = len(self.days) - sum(parted.values())
        return {BOTH: both, **parted, NEITHER: assessed - len(self.days)}

    def differences(self, labels: tuple[str, str]) -> pd.DataFrame:
        """Return for how many families each clause makes the difference, see ``SideBySide``."""
        rows = [row for place in range(2) for row in self._rows(place, labels[place])]
        found = pd.DataFrame(rows, columns=COLUMNS)
        parted = found[ALONE] + found[EARLIER]
        order = parted[parted > 0].sort_values(ascending=False, kind="stable").index
        return found.loc[order].reset_index(drop=True)

    def _rows(self, place: int, label: str) -> list[tuple[str, str, str, int, int]]:
        how = self._how(place)
        parted = self.days.loc[how != "", ["family_id", f"qualified_on{PLACES[place]}"]]
        how = how[how != ""]
        parted.columns = ["family_id", "qualified_on"]
        programme, other = self._programmes[place], self._programmes[1 - place]
        marks = deciding_clauses(self._engine, self._tables, programme, other, parted)
        return [(label, *clause, *(int((of & (how == word)).sum()) for word in GROUPS)) for *clause, of in marks]

    def _how(self, place: int) -> np.ndarray:
        """Return for each family whether it qualifies under a programme alone, or earlier under it, or neither ('')."""
        mine, others = (self.days[f"qualified_on{PLACES[at]}"] for at in (place, 1 - place))
        return np.select([mine.notna() & others.isna(), mine < others], [ALONE, EARLIER], default="")

    def _qualified(self, programme: Programme, span: Span) -> pd.DataFrame:
        rule = self._tables.of_families(programme.rule, ASSESSED_FAMILIES)
        return read_frame(self._engine, households.qualified(rule, span, programme.least_state))
