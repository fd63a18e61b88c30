"""The outcomes of an evaluation as data: which records they count, in which unit they are told, and their traps."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from tf_eval import project
from tf_eval.cohort.criteria import SHARES
from tf_eval.data.contract import EVENT_KINDS, SPELL_KINDS
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError, raise_all, unknown

OUTCOMES_FILE = "params/outcomes.yaml"
TABLE_OF = {"count": "event", "share": "attendance", "state": "spell"}
KINDS_OF = {"event": EVENT_KINDS, "spell": SPELL_KINDS, "attendance": ()}

OutcomeKind = Literal["count", "share", "state"]


@dataclass(frozen=True)
class Outcome:
    """One outcome of a family in a month.

    name                 the column and key by which it is known
    label                in plain words
    kind                 ``count`` of events in the month, ``share`` of possible sessions of the term, or ``state`` at
                         the month's end (0 or 1)
    table, kinds         the records it is taken from; ``numerator`` names the sessions of a share
    under_age            count only events on whose date the person was younger (years)
    by_term              known for whole school terms only
    unit, scale          ``scale`` times the mean per family and month is in ``unit``
    smallest_worthwhile  the smallest good change worth having, in ``unit``
    good_direction       ``fall`` or ``rise``
    detection_sensitive  more contact with services can change what is recorded while the need stays the same
    note                 what a reader should know
    """

    name: str
    label: str
    kind: OutcomeKind
    table: str
    kinds: tuple[str, ...]
    unit: str
    scale: float
    smallest_worthwhile: float
    good_direction: Literal["fall", "rise"]
    numerator: str | None = None
    under_age: int | None = None
    by_term: bool = False
    detection_sensitive: bool = False
    note: str = ""


class _OutcomeEntry(StrictModel):
    label: str
    kind: OutcomeKind
    table: Literal["event", "spell", "attendance"]
    kinds: tuple[str, ...] = ()
    numerator: Literal["unauthorised", "authorised"] | None = None
    under_age: int | None = Field(default=None, ge=1)
    by_term: bool = False
    unit: str
    scale: float = Field(gt=0)
    smallest_worthwhile: float = Field(gt=0)
    good_direction: Literal["fall", "rise"]
    detection_sensitive: bool = False
    note: str = ""


class _OutcomesFile(StrictModel):
    outcomes: dict[str, _OutcomeEntry] = Field(min_length=1)


def load_outcomes(path: str | Path = OUTCOMES_FILE) -> dict[str, Outcome]:
    """Return the outcomes of a YAML file by name, in the file's order.

    Raises:
        ConfigError: every slip of the file, each with its place and the nearest known word.
        InputError: there is no such file.
    """
    path = project.locate(path, "outcomes file")
    entries = validate(_OutcomesFile, load_yaml(path), path).outcomes
    raise_all(ConfigError, path.name, [text for name, entry in entries.items() for text in _problems(name, entry)])
    return {name: Outcome(name=name, **entry.model_dump()) for name, entry in entries.items()}


def choose_outcomes(outcomes: Iterable[str | Outcome] | None) -> tuple[Outcome, ...]:
    """Return outcomes given by name (of the project's outcomes file) or as they are; None stands for all of the file.

    Raises:
        ConfigError: a name is not in the file, or stands twice, or there is none.
    """
    wanted = list(outcomes) if outcomes is not None else list(load_outcomes())
    known = load_outcomes() if any(isinstance(item, str) for item in wanted) else {}
    if not wanted:
        raise ConfigError("outcomes: name at least one outcome, or leave it out for all of the outcomes file")
    missing = [item for item in wanted if isinstance(item, str) and item not in known]
    problems = [unknown("outcome", item, known) for item in missing]
    chosen = tuple(known[item] if isinstance(item, str) else item for item in wanted if item not in missing)
    names = [outcome.name for outcome in chosen]
    problems += [f"the outcome '{name}' stands twice" for name in sorted(set(names)) if names.count(name) > 1]
    raise_all(ConfigError, "outcomes", problems)
    return chosen


def _problems(name: str, entry: _OutcomeEntry) -> list[str]:
    place = f"outcomes.{name}"
    problems = []
    if entry.table != TABLE_OF[entry.kind]:
        problems.append(f"{place}.table: a {entry.kind} is taken from the table '{TABLE_OF[entry.kind]}'")
    known = KINDS_OF[entry.table]
    problems += [f"{place}.kinds: {unknown('kind', kind, known)}" for kind in entry.kinds if kind not in known]
    if bool(entry.kinds) != bool(known):
        problems.append(f"{place}.kinds: {'name at least one kind' if known else 'sessions have no kinds'}")
    if (entry.kind == "share") != (entry.numerator in SHARES):
        problems.append(f"{place}.numerator: a share, and nothing else, needs one of {', '.join(SHARES)}")
    if entry.under_age and entry.kind != "count":
        problems.append(f"{place}.under_age: only events have an age")
    return problems
