"""The outcomes of an evaluation as data: which records they count, in which unit they are told, and their traps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from tf_eval import project
from tf_eval.cohort.outcome_rules import OutcomeEntry, OutcomeKind, outcome_problems
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError, raise_all, unknown

OUTCOMES_FILE = "params/outcomes.yaml"


@dataclass(frozen=True)
class Outcome:
    """One outcome of a family in a month.

    name                 the column and key by which it is known
    label                in plain words
    kind                 ``count`` of events in the month, ``money`` that they cost (pounds), ``share`` of possible
                         sessions of the term, or ``state`` at the month's end (0 or 1)
    table, kinds         the records it is taken from; ``numerator`` names the sessions of a share
    agencies             take only these agencies' records (none named: everybody's); what others cover is then nothing
                         to it
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

    Raises:
        ConfigError: what would be refused in an outcomes file, all of it at once.
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
    is_log: ClassVar[bool] = False  # what records count is never a logarithm

    def __post_init__(self) -> None:
        where = f"outcome '{self.name}'"
        said = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "name"}
        entry = validate(OutcomeEntry, {**said, "prices": dict(self.prices)}, where)
        raise_all(ConfigError, where, outcome_problems(self.name, entry))
        for name, value in entry:
            object.__setattr__(self, name, value)  # lists of words become tuples


class _OutcomesFile(StrictModel):
    outcomes: dict[str, OutcomeEntry] = Field(min_length=1)


def load_outcomes(path: str | Path = OUTCOMES_FILE) -> dict[str, Outcome]:
    """Return the outcomes of a YAML file by name, in the file's order.

    Raises:
        ConfigError: every slip of the file, each with its place and the nearest known word.
        InputError: there is no such file.
    """
    path = project.locate(path, "outcomes file")
    entries = validate(_OutcomesFile, load_yaml(path), path).outcomes
    wrong = {name: outcome_problems(name, entry) for name, entry in entries.items()}
    problems = [f"outcomes.{name}.{problem}" for name, texts in wrong.items() for problem in texts]
    raise_all(ConfigError, path.name, problems)
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
