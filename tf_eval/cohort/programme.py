"""A programme: its criteria as its own document words them, the rule that joins them, and the time it identified in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd
from pydantic import Field

from tf_eval import project
from tf_eval.cohort.criteria import Names, Node
from tf_eval.cohort.criteria_file import CriteriaReader
from tf_eval.cohort.forms import CANNOT_TELL, MET
from tf_eval.cohort.printed import titled_list
from tf_eval.cohort.rule import name_problems, rule_problems
from tf_eval.cohort.words import in_sentence, in_words
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError, raise_all, unknown

WhenCannotTell = Literal["count_as_not_met", "count_as_met"]
# A programme's name is the name of the folder its cohorts are kept in.
NAME = re.compile("[a-z0-9_]{1,80}")


@dataclass(frozen=True)
class Criterion:
    """One criterion: what the document says, where it says so, how it is read here, and the reading as a node.

    A programme's routes are written alike; their nodes are over those of its criteria.
    """

    name: str
    title: str
    quote: str
    source: str
    node: Node
    reading: str = ""

    def __post_init__(self) -> None:
        problems = [] if _is_text(self.title) else ["its title must be a word or more"]
        problems += [] if isinstance(self.node, Node) else ["its node must be a piece, such as EventCount"]
        raise_all(ConfigError, "criterion", problems)

    def sentence(self, names: Names | None = None) -> str:
        return f"{self.title}: {self.node.sentence(names)}"


@dataclass(frozen=True)
class Window:
    """The days [start, until) in which a programme takes families in."""

    start: date
    until: date

    def __post_init__(self) -> None:
        raise_all(ConfigError, "window", _day_problems(self.start, self.until))

    def sentence(self) -> str:
        """Return it in words, with its last day, such as ``from 1 April 2012 to 31 March 2015``."""
        return f"from {in_words(self.start)} to {in_words(self.until - timedelta(days=1))}"


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

    Where the document tells ways in apart, as families that must and others that may be included, they are ``routes``,
    in its order, and the rule is that one of them is met.

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
    routes: tuple[Criterion, ...] = ()

    def __post_init__(self) -> None:
        raise_all(ConfigError, "programme", self._part_problems())
        object.__setattr__(self, "criteria", tuple(self.criteria))
        object.__setattr__(self, "routes", tuple(self.routes))
        raise_all(ConfigError, "programme", self._problems())

    def _part_problems(self) -> list[str]:
        problems = [] if _is_text(self.title) else ["title must be a word or more"]
        problems += [] if isinstance(self.window, Window) else ["window must be a Window, with its two days"]
        problems += [] if isinstance(self.rule, Node) else ["rule must be a piece, such as AllOf"]
        if not self.criteria or not _are_criteria(self.criteria):
            problems.append("criteria must be a list of at least one Criterion")
        return problems + ([] if _are_criteria(self.routes) else ["routes must be a list, each a Criterion"])

    def _problems(self) -> list[str]:
        names = [[item.name for item in items] for items in (self.criteria, self.routes)]
        nodes = [{item.name: item.node for item in items} for items in (self.criteria, self.routes)]
        problems = _spelling_problems(self.name)
        if self.when_cannot_tell not in get_args(WhenCannotTell):
            problems.append(f"when_cannot_tell: {unknown('choice', self.when_cannot_tell, get_args(WhenCannotTell))}")
        return problems + name_problems(*names) + rule_problems(self.rule, *nodes)

    @property
    def least_state(self) -> int:
        """The least state of a truth table that counts as met under the stated choice."""
        return MET if self.when_cannot_tell == "count_as_not_met" else CANNOT_TELL

    def sentence(self) -> str:
        """Return the rule in words, with the criteria by their titles."""
        routes = [f"{in_sentence(route.title)} ({route.node.sentence(self._names)})" for route in self.routes]
        if routes:
            return f"{self.title}: a family is in by one of these routes: {'; or '.join(routes)}."
        return f"{self.title}: a family is in when it meets {self.rule.sentence(self._names)}."

    def text(self) -> str:
        """Return the whole programme as lists for a board: when it takes families in, the rule, and every criterion."""
        ways = self.routes or [Criterion("", "A family is in", "", "", self.rule)]
        blocks = [f"{self.title}, {self.window.sentence()}"]
        blocks += [titled_list(way.title, way.node, self._names) for way in ways]
        blocks += [titled_list(criterion.title, criterion.node, {}) for criterion in self.criteria]
        unknown_as = "not met" if self.least_state == MET else "met"
        return "\n\n".join([*blocks, f"What cannot be told counts as {unknown_as}."])

    def table(self) -> pd.DataFrame:
        """Return one row per criterion: title, sentence, quote, source, reading."""
        rows = [(item.title, item.node.sentence(), item.quote, item.source, item.reading) for item in self.criteria]
        return pd.DataFrame(rows, columns=["title", "sentence", "quote", "source", "reading"])

    @property
    def _names(self) -> Names:
        return {criterion.node: in_sentence(criterion.title) for criterion in self.criteria}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _are_criteria(items: object) -> bool:
    return isinstance(items, Sequence) and all(isinstance(item, Criterion) for item in items)


def _spelling_problems(name: object) -> list[str]:
    if isinstance(name, str) and NAME.fullmatch(name):
        return []
    return ["name: it must be small letters, figures and '_', at most 80 of them, such as oxfordshire_2012"]


def _day_problems(start: object, until: object) -> list[str]:
    if not all(type(day) is date for day in (start, until)):  # a datetime is a date, too, and has hours
        return ["give two days, such as date(2012, 4, 1)"]
    return [] if start < until else ["the first day must be before 'until'"]


class _WindowEntry(StrictModel):
    start: date = Field(alias="from")
    until: date


class _CriterionEntry(StrictModel):
    title: str = Field(min_length=1)
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
    title: str = Field(min_length=1)
    window: _WindowEntry
    criteria: dict[str, _CriterionEntry] = Field(min_length=1)
    routes: dict[str, _CriterionEntry] = Field(default_factory=dict)
    rule: Any
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
    nodes, routes, rule, problems = _read_nodes(entry)
    problems += _spelling_problems(entry.name)
    problems += [f"window: {problem}" for problem in _day_problems(entry.window.start, entry.window.until)]
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
        routes=tuple(_criterion(name, entry.routes[name], node) for name, node in routes.items()),
    )


def _read_nodes(entry: _ProgrammeEntry) -> tuple[dict[str, Node], dict[str, Node], Node | None, list[str]]:
    """Return the nodes of the criteria and of the routes, the rule's, and all that is wrong with any of them."""
    problems = name_problems(entry.criteria, entry.routes)
    read, wrong = _read_each("criteria", entry.criteria, {})
    routes, more = _read_each("routes", entry.routes, read) if not wrong else ({}, [])
    if problems := problems + wrong + more:
        return {}, {}, None, problems
    reader = CriteriaReader({**routes, **read})
    rule = reader.read(entry.rule, "rule")
    return read, routes, rule, reader.problems or rule_problems(rule, read, routes)


def _read_each(
    part: str, entries: Mapping[str, _CriterionEntry], named: Mapping[str, Node]
) -> tuple[dict[str, Node], list[str]]:
    reader = CriteriaReader(named)
    nodes = {name: reader.read(item.met_when, f"{part}.{name}.met_when") for name, item in entries.items()}
    return nodes, reader.problems


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
