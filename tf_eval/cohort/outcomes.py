"""The outcomes of an evaluation as data: which records they count, in which unit they are told, and their traps."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from tf_eval import project
from tf_eval.cohort.criteria import SHARES
from tf_eval.data.contract import EVENT_KINDS, SPELL_KINDS
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError, raise_all, unknown

OUTCOMES_FILE = "params/outcomes.yaml"
TABLE_OF = {"count": "event", "money": "event", "share": "attendance", "state": "spell"}
KINDS_OF = {"event": EVENT_KINDS, "spell": SPELL_KINDS, "attendance": ()}

OutcomeKind = Literal["count", "money", "share", "state"]


@dataclass(frozen=True)
class Outcome:
    """One outcome of a family in a month.

    name                 the column and key by which it is known
    label                in plain words
    kind                 ``count`` of events in the month, ``money`` that they cost (pounds), ``share`` of possible
                         sessions of the term, or ``state`` at the month's end (0 or 1)
    table, kinds         the records it is taken from; ``numerator`` names the sessions of a share
    agencies             take only these agencies' records (none named: everybody's)
    details              take only spells with these details, such as which benefit (none named: all)
    from_age, under_age  take only people who had come to the one age (years) and not to the other: on the day of an
                         event, at the beginning of a month of a spell. Somebody of unknown age is then left out.
    unexposed_in         spells in which a member could not have done it, such as custody. A month in which that is so
                         of every member of the ages above, all month, is missing.
    lag_months           how many months may go by until a record has arrived; months for which they had not gone by
                         when the extract was drawn are missing
    price                ``recorded``: the records' own values are the money
    prices               or else what one event of each kind costs, at the prices of ``price_year``, by ``price_source``
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
    agencies: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    from_age: int | None = None
    under_age: int | None = None
    unexposed_in: tuple[str, ...] = ()
    lag_months: int = 0
    price: Literal["recorded"] | None = None
    prices: Mapping[str, float] = field(default_factory=dict, hash=False)
    price_year: str | None = None
    price_source: str | None = None
    by_term: bool = False
    detection_sensitive: bool = False
    note: str = ""


class _OutcomeEntry(StrictModel):
    label: str
    kind: OutcomeKind
    table: Literal["event", "spell", "attendance"]
    kinds: tuple[str, ...] = ()
    numerator: Literal["unauthorised", "authorised"] | None = None
    agencies: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    from_age: int | None = Field(default=None, ge=1)
    under_age: int | None = Field(default=None, ge=1)
    unexposed_in: tuple[str, ...] = ()
    lag_months: int = Field(default=0, ge=0)
    price: Literal["recorded"] | None = None
    prices: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    price_year: str | None = None
    price_source: str | None = None
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
    checks = (_record_problems, _people_problems, _money_problems)
    return [f"outcomes.{name}.{problem}" for check in checks for problem in check(entry)]


def _record_problems(entry: _OutcomeEntry) -> Iterator[str]:
    if entry.table != TABLE_OF[entry.kind]:
        yield f"table: a {entry.kind} is taken from the table '{TABLE_OF[entry.kind]}'"
    known = KINDS_OF[entry.table]
    yield from (f"kinds: {unknown('kind', kind, known)}" for kind in entry.kinds if kind not in known)
    if bool(entry.kinds) != bool(known):
        yield f"kinds: {'name at least one kind' if known else 'sessions have no kinds'}"
    if (entry.kind == "share") != (entry.numerator in SHARES):
        yield f"numerator: a share, and nothing else, needs one of {', '.join(SHARES)}"
    if (entry.kind == "share") != entry.by_term:
        yield "by_term: a share is known by term, and nothing else is"
    if entry.details and entry.kind != "state":
        yield "details: only spells have a detail"


def _people_problems(entry: _OutcomeEntry) -> Iterator[str]:
    if entry.kind == "share" and (entry.from_age or entry.under_age):
        yield "under_age, from_age: sessions have no age"
    if entry.kind == "share" and entry.unexposed_in:
        yield "unexposed_in: the sessions possible are the exposure of a share"
    if entry.from_age and entry.under_age and entry.from_age >= entry.under_age:
        yield "under_age: nobody is of that age; it has to be more than from_age"
    others = [kind for kind in entry.unexposed_in if kind not in SPELL_KINDS]
    yield from (f"unexposed_in: {unknown('kind', kind, SPELL_KINDS)}" for kind in others)


def _money_problems(entry: _OutcomeEntry) -> Iterator[str]:
    if (entry.kind == "money") != (bool(entry.price) != bool(entry.prices)):
        yield "price: money, and nothing else, needs either price: recorded or prices"
    if entry.prices and set(entry.prices) != set(entry.kinds):
        yield "prices: name each of the kinds once, with what one event costs in pounds"
    if entry.prices and not (entry.price_year and entry.price_source):
        yield "prices: say the year of the prices (price_year) and where they are from (price_source)"
