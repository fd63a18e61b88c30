"""Criteria become tables of truth: for each family the spans [start, end) in which a node is met or cannot be told."""

from collections.abc import Iterable
from dataclasses import replace

from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Group, Leaf, Node, TermShare, needs_calendar
from tf_eval.cohort.engine import Engine
from tf_eval.cohort.forms import CANNOT_TELL, MET, clamp, earlier, later, reached, reached_share, sweep, union
from tf_eval.cohort.records import BY_FAMILY, COLUMNS, SESSIONS, Reading, counted_by, held, may_be_doubtful, preceding
from tf_eval.cohort.term_clocks import keep_term_clock
from tf_eval.cohort.unseen import unseen
from tf_eval.data.contract import SPELL_KINDS

# Stands in a table of truth for every family that has no row of its own there: what cannot be told of anybody for want
# of an agency's records is written once, not once for each family.
EVERYONE_ELSE = -1
SPANS = "family_id, start_date, end_date"


class TruthTables:
    """One temporary table (family_id, start_date, end_date, state) for each distinct node, made when first asked for.

    The spans of one family in one table are disjoint and in whole days; ``state`` is 2 where the node is met and 1
    where it cannot be told; on all other days of the horizon it is not met. The county itself is only read.

    Args:
        engine: runs the statements.
        coverage: what the extracts cover.
        reading: by which clock, for which days and for whom records are read.
        name: what the names of the tables begin with.
    """

    def __init__(self, engine: Engine, coverage: Coverage, reading: Reading, name: str = "truth") -> None:
        self.engine = engine
        self.coverage = coverage
        seen_until = coverage.seen_until_by_kind("spell", SPELL_KINDS)
        self.reading = replace(reading, term_clock=f"{name}_term_clock", seen_until=seen_until)
        self._name = name
        self._tables: dict[Node, str] = {}
        self._partly_unseen: set[Node] = set()
        self._has_term_clock = False

    def table(self, node: Node) -> str:
        """Return the name of the node's table; a node that stands in several places is decided once."""
        self.decide([node])
        return self._tables[node]

    def decide(self, nodes: Iterable[Node]) -> None:
        """Make the tables of some nodes and of all below them, those first: conditions, groups of them, and so on."""
        for level in _levels(nodes):
            new = [node for node in level if node not in self._tables]
            if any(needs_calendar(node) for node in new):
                self._keep_term_clock()
            names = {node: f"{self._name}_{len(self._tables) + place}" for place, node in enumerate(new)}
            seen = {leaf: f"{name}_seen" for leaf, name in names.items() if isinstance(leaf, Leaf)}
            self.engine.keep_all({name: self._seen(leaf) for leaf, name in seen.items()})
            self.engine.keep_all({name: self._statement(node, seen) for node, name in names.items()})
            self.engine.forget(seen.values())
            self._tables.update(names)

    def _statement(self, node: Node, seen: dict[Node, str]) -> str:
        return self._leaf(node, seen[node]) if isinstance(node, Leaf) else self._group(node)

    def of_families(self, node: Node, families: str) -> str:
        """Return the statement for the truth of a node for each of the families (family_id) of a statement."""
        table = self.table(node)
        own = f"""SELECT truth.family_id, truth.start_date, truth.end_date, truth.state
FROM {table} AS truth JOIN ({families}) AS family ON family.family_id = truth.family_id"""
        return union([own, self._everyone_else(node, families)]) if node in self._partly_unseen else own

    def evidence(self, node: Node, reading: Reading) -> str:
        """Return the statement for the records that decide a node, each with the days on which it does.

        Records count only through parts that are met themselves: of two alternatives of which one is met, only the
        records of that one are evidence.

        Args:
            node: the node.
            reading: how the records of the families that are asked about are read.

        Returns:
            A statement with family_id, person_id, record_id, date, kind, start_date, end_date.
        """
        if isinstance(node, Leaf):
            return _leaf_evidence(node, reading)
        parts = union([f"SELECT * FROM ({self.evidence(part, reading)}) AS part" for part in node.parts])
        met = f"SELECT {SPANS} FROM {self.table(node)} WHERE state = {MET}"
        return _within(f"({parts})", f"({met})", BY_FAMILY)

    def _seen(self, leaf: Leaf) -> str:
        """What the records that are there come to; where a leaf may be doubtful, its spans may overlap."""
        every = held(leaf, self.reading)
        met = _by_family(leaf, f"SELECT * FROM ({every}) AS held WHERE sure = 1", MET)
        return union([met, _by_family(leaf, every, CANNOT_TELL)]) if may_be_doubtful(leaf) else met

    def _leaf(self, leaf: Leaf, seen: str) -> str:
        gaps = unseen(leaf, self.coverage, self.reading.term_clock)
        if gaps:
            self._partly_unseen.add(leaf)
            return sweep(_with_gaps(seen, clamp(union(gaps), self.reading.horizon, "1 AS one")), at_least=1)
        seen = f"SELECT * FROM {seen}"
        return sweep(seen, at_least=1) if may_be_doubtful(leaf) else seen

    def _group(self, group: Group) -> str:
        parts = [f"SELECT {SPANS}, state FROM {self.table(part)}" for part in group.parts]
        partly_unseen = [part for part in group.parts if part in self._partly_unseen]
        if partly_unseen:
            self._partly_unseen.add(group)
            touched = " UNION ".join(f"SELECT family_id FROM {self.table(part)}" for part in group.parts)
            parts += [self._everyone_else(part, touched) for part in partly_unseen]
        return sweep(union(parts), at_least=group.k)

    def _everyone_else(self, node: Node, families: str) -> str:
        """What holds for everyone without a row of their own, as rows of those families that have none."""
        table = self.table(node)
        return f"""SELECT family.family_id, other.start_date, other.end_date, other.state
FROM ({families}) AS family
CROSS JOIN (SELECT start_date, end_date, state FROM {table} WHERE family_id = {EVERYONE_ELSE}) AS other
LEFT JOIN (SELECT DISTINCT family_id FROM {table}) AS own ON own.family_id = family.family_id
WHERE own.family_id IS NULL"""

    def _keep_term_clock(self) -> None:
        if not self._has_term_clock:
            keep_term_clock(self.engine, self.reading.term_clock, self.reading.clock)
            self._has_term_clock = True


def _levels(nodes: Iterable[Node]) -> list[list[Node]]:
    """Return the nodes and all below them, each once, so that a node's parts stand in lists before its own."""
    heights: dict[Node, int] = {}
    for node in nodes:
        _measure(node, heights)
    return [[node for node in heights if heights[node] == height] for height in sorted(set(heights.values()))]


def _measure(node: Node, heights: dict[Node, int]) -> int:
    """Return how many levels of parts there are under a node."""
    if node not in heights:
        parts = () if isinstance(node, Leaf) else node.parts
        heights[node] = max((_measure(part, heights) + 1 for part in parts), default=0)
    return heights[node]


def _leaf_evidence(leaf: Leaf, reading: Reading) -> str:
    """The records of a leaf where enough of them count; beside a spell that had to come after an event, that event."""
    decided = _deciding(leaf, reading)
    if not getattr(leaf, "preceded_by", None):
        return decided
    return f"""WITH decided AS (
{decided}
)
SELECT * FROM decided
UNION ALL
{preceding("decided", leaf, reading)}"""


def _deciding(leaf: Leaf, reading: Reading) -> str:
    return f"""WITH held AS (
{held(leaf, reading)}
), sure AS (
SELECT * FROM held WHERE sure = 1
), met AS (
{_enough(leaf, "SELECT * FROM sure")}
)
{_within("sure", "met", counted_by(leaf))}"""


def _enough(leaf: Leaf, records: str) -> str:
    """The spans in which as many records count as the leaf asks for, for each family or each of its members."""
    keys, is_share = counted_by(leaf), isinstance(leaf, TermShare)
    columns = ", ".join((*keys, "start_date", "end_date", *SESSIONS * is_share))
    spans = f"SELECT {columns} FROM ({records}) AS every"
    return (
        reached_share(spans, leaf.threshold, keys) if is_share else reached(spans, getattr(leaf, "at_least", 1), keys)
    )


def _by_family(leaf: Leaf, records: str, state: int) -> str:
    spans = _enough(leaf, records)
    if counted_by(leaf) != BY_FAMILY:
        spans = reached(f"SELECT {SPANS} FROM ({spans}) AS of_persons", 1, BY_FAMILY)
    return f"SELECT {SPANS}, {state} AS state FROM ({spans}) AS enough"


def _with_gaps(seen: str, gaps: str) -> str:
    """The spans of families, and the gaps for each of them and for everyone else."""
    return f"""SELECT {SPANS}, state FROM {seen}
UNION ALL
SELECT family.family_id, gap.start_date, gap.end_date, {CANNOT_TELL} AS state
FROM (SELECT family_id FROM {seen} UNION SELECT {EVERYONE_ELSE} AS family_id) AS family
CROSS JOIN ({gaps}) AS gap"""


def _within(records: str, spans: str, keys: tuple[str, ...]) -> str:
    """The records on those of their days that lie in one of the spans of the same key."""
    same = " AND ".join(f"met.{name} = record.{name}" for name in keys)
    return f"""SELECT record.family_id, {", ".join(f"record.{name}" for name in COLUMNS)},
       {later("record.start_date", "met.start_date")} AS start_date,
       {earlier("record.end_date", "met.end_date")} AS end_date
FROM {records} AS record
JOIN {spans} AS met ON {same}
WHERE record.start_date < met.end_date AND met.start_date < record.end_date"""
