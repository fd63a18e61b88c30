"""Criteria become tables of truth: for each family the spans [start, end) in which a node is met or cannot be told."""

from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Leaf, Node, TermShare, leaves
from tf_eval.cohort.engine import Engine, read_number
from tf_eval.cohort.forms import MET, Span, clamp, sweep, union
from tf_eval.cohort.records import EVIDENCE_COLUMNS, evidence, spans
from tf_eval.errors import InputError


class TruthTables:
    """One temporary table (family_id, start_date, end_date, state) for each distinct node, made when first asked for.

    The spans of one family in one table are disjoint and in whole days; ``state`` is 2 where the node is met and 1
    where it cannot be told; on all other days of the horizon it is not met. The county itself is only read.

    Args:
        engine: runs the statements.
        coverage: what the extracts cover.
        horizon: the days [from, until) about which questions will be asked.
    """

    def __init__(self, engine: Engine, coverage: Coverage, horizon: Span) -> None:
        self.engine = engine
        self.coverage = coverage
        self.horizon = horizon
        self._tables: dict[Node, str] = {}

    def table(self, node: Node) -> str:
        """Return the name of the node's table; a node that stands in several places is decided once."""
        if node not in self._tables:
            self._require_calendar(node)
            statement = self._leaf(node) if isinstance(node, Leaf) else self._group(node)
            name = f"truth_{len(self._tables)}"
            self.engine.keep(name, statement)
            self._tables[node] = name
        return self._tables[node]

    def evidence(self, node: Node, asked: str) -> str:
        """Return a statement for the records that decide a node for the families and days of ``asked``.

        ``asked`` is a statement with rows (family_id, on_date). Records count only through parts that are met
        themselves: of two alternatives of which one is met, only the records of that one are evidence.
        """
        met = f"""SELECT asked.family_id, asked.on_date
FROM ({asked}) AS asked
JOIN {self.table(node)} AS truth ON truth.family_id = asked.family_id
WHERE truth.state = {MET} AND truth.start_date <= asked.on_date AND truth.end_date > asked.on_date"""
        if isinstance(node, Leaf):
            return evidence(node, met)
        parts = [f"SELECT {EVIDENCE_COLUMNS} FROM ({self.evidence(part, met)}) AS part" for part in node.parts]
        return union(parts)

    def _leaf(self, leaf: Leaf) -> str:
        return sweep(clamp(spans(leaf, self.coverage), self.horizon), at_least=1)

    def _group(self, group: Node) -> str:
        parts = [f"SELECT family_id, start_date, end_date, state FROM {self.table(part)}" for part in group.parts]
        return sweep(union(parts), at_least=group.k)

    def _require_calendar(self, node: Node) -> None:
        by_term = any(isinstance(leaf, TermShare) or getattr(leaf, "terms", None) for leaf in leaves(node))
        if by_term and not read_number(self.engine, "SELECT COUNT(*) AS terms FROM term"):
            raise InputError("county: the table 'term' is empty; criteria in school terms need the term dates")
