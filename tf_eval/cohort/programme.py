"""A programme: its criteria as its own document words them, the rule that joins them, and the time it identified in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from tf_eval import project
from tf_eval.cohort.criteria import Node
from tf_eval.cohort.criteria_file import CriteriaReader, used
from tf_eval.cohort.forms import CANNOT_TELL, MET
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError, raise_all, unknown

WhenCannotTell = Literal["count_as_not_met", "count_as_met"]


@dataclass(frozen=True)
class Criterion:
    """One criterion: what the document says, where it says so, how it is read here, and the reading as a node."""

    name: str
    title: str
    quote: str
    source: str
    node: Node
    reading: str = ""

    def sentence(self) -> str:
        return f"{self.title}: {self.node.sentence()}"


@dataclass(frozen=True)
class Window:
    """The days [start, until) in which a programme takes families in."""

    start: date
    until: date


@dataclass(frozen=True)
class Allocated:
    """A number of families that somebody was given to work with: in which days, what the document says, and where."""

    families: int
    window: Window
    quote: str
    source: str


@dataclass(frozen=True)
class Allocation:
    """How many families a programme was to work with.

    ``area`` are the districts that ``total`` is for; ``districts`` has the numbers of those of them that were told one,
    each for a time within the programme's.
    """

    total: Allocated
    area: tuple[str, ...]
    districts: Mapping[str, Allocated]


@dataclass(frozen=True)
class Programme:
    """A versioned programme as data. ``rule`` is a node over the nodes of ``criteria``.

    ``when_cannot_tell`` is the programme's stated choice for days on which the records do not say whether the rule is
    met: such days qualify nobody (``count_as_not_met``) or count as if they did.
    """

    name: str
    title: str
    window: Window
    criteria: tuple[Criterion, ...]
    rule: Node
    when_cannot_tell: WhenCannotTell = "count_as_not_met"
    allocation: Allocation | None = None

    @property
    def least_state(self) -> int:
        """The least state of a truth table that counts as met under the stated choice."""
        return MET if self.when_cannot_tell == "count_as_not_met" else CANNOT_TELL

    def sentence(self) -> str:
        """Return the rule in words, with the criteria by their titles."""
        titles = {criterion.node: criterion.title for criterion in self.criteria}
        return f"{self.title}: a family is in when it meets {self.rule.sentence(titles)}."


class _WindowEntry(StrictModel):
    start: date = Field(alias="from")
    until: date


class _CriterionEntry(StrictModel):
    title: str
    quote: str
    source: str
    reading: str = ""
    met_when: dict[str, Any]


class _AllocatedEntry(StrictModel):
    families: int = Field(ge=1)
    quote: str
    source: str
    window: _WindowEntry | None = None


class _AllocationEntry(StrictModel):
    total: _AllocatedEntry
    area: list[str] = Field(min_length=1)
    districts: dict[str, _AllocatedEntry] = Field(default_factory=dict)


class _ProgrammeEntry(StrictModel):
    name: str
    title: str
    window: _WindowEntry
    criteria: dict[str, _CriterionEntry] = Field(min_length=1)
    rule: dict[str, Any] | str
    when_cannot_tell: WhenCannotTell
    allocation: _AllocationEntry | None = None


def load_programme(path: str | Path) -> Programme:
    """Return the programme that a YAML file states.

    Args:
        path: the file, absolute or relative to the project's folder.

    Raises:
        ConfigError: every slip of the file, each with its place and the nearest known word.
        InputError: there is no such file.
    """
    path = project.locate(path, "programme")
    entry = validate(_ProgrammeEntry, load_yaml(path), path)
    nodes, rule, problems = _read_nodes(entry)
    if entry.window.start >= entry.window.until:
        problems.append("window: 'from' must be before 'until'")
    problems += _allocation_problems(entry)
    raise_all(ConfigError, path.name, problems)
    return Programme(
        name=entry.name,
        title=entry.title,
        window=Window(entry.window.start, entry.window.until),
        criteria=tuple(_criterion(name, entry.criteria[name], node) for name, node in nodes.items()),
        rule=rule,
        when_cannot_tell=entry.when_cannot_tell,
        allocation=_allocation(entry.allocation, Window(entry.window.start, entry.window.until)),
    )


def _read_nodes(entry: _ProgrammeEntry) -> tuple[dict[str, Node], Node | None, list[str]]:
    """Return the criteria's nodes, the rule's, and all that is wrong with either."""
    reader = CriteriaReader()
    read = {name: reader.read(item.met_when, f"criteria.{name}.met_when") for name, item in entry.criteria.items()}
    if reader.problems:
        return {}, None, reader.problems
    rule_reader = CriteriaReader(read)
    rule = rule_reader.read(entry.rule, "rule")
    return read, rule, rule_reader.problems or _unused(rule, read)


def _unused(rule: Node, criteria: Mapping[str, Node]) -> list[str]:
    """A criterion that the rule leaves out is a slip of the file: its title would promise what nobody checks."""
    left_out = [name for name in criteria if name not in used(rule, criteria)]
    return [f"rule: the criterion '{name}' is stated but not used" for name in left_out]


def _criterion(name: str, entry: _CriterionEntry, node: Node) -> Criterion:
    return Criterion(name, entry.title, entry.quote.strip(), entry.source, node, entry.reading.strip())


def _allocation(entry: _AllocationEntry | None, whole: Window) -> Allocation | None:
    if entry is None:
        return None
    districts = {name: _allocated(item, whole) for name, item in entry.districts.items()}
    return Allocation(_allocated(entry.total, whole), tuple(entry.area), districts)


def _allocated(entry: _AllocatedEntry, whole: Window) -> Allocated:
    window = Window(entry.window.start, entry.window.until) if entry.window else whole
    return Allocated(entry.families, window, entry.quote.strip(), entry.source)


def _allocation_problems(entry: _ProgrammeEntry) -> list[str]:
    if entry.allocation is None:
        return []
    allocation, whole = entry.allocation, entry.window
    problems = [] if allocation.total.window is None else ["allocation.total.window: it is the programme's own"]
    for name, item in allocation.districts.items():
        place, window = f"allocation.districts.{name}", item.window or whole
        if name not in allocation.area:
            problems.append(f"{place}: {unknown('district', name, allocation.area)}")
        if not whole.start <= window.start < window.until <= whole.until:
            problems.append(f"{place}.window: it must lie within the programme's, 'from' before 'until'")
    return problems
