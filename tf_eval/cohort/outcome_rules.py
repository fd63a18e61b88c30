"""What may be said of an outcome, in the outcomes file or in Python, and what is refused."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from tf_eval.cohort.criteria import SHARES
from tf_eval.cohort.vocabulary import unknown_details, unknown_events, unknown_spells
from tf_eval.data.strict_model import StrictModel

_TABLE_OF = {"count": "event", "money": "event", "share": "attendance", "state": "spell"}
_UNKNOWN_KINDS = {"event": unknown_events, "spell": unknown_spells}
# An outcome becomes a column beside these, see ``Panel.event_time_frame``.
_RESERVED = (
    "row",
    "family_id",
    "set_id",
    "start_cohort",
    "event_time",
    "adopted",
    "weight",
    "treated",
    "index_month",
    "pool",
    "district",
)

OutcomeKind = Literal["count", "money", "share", "state"]


class OutcomeEntry(StrictModel):
    """An outcome as the outcomes file says it, but for its name."""

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


def outcome_problems(name: str, entry: OutcomeEntry) -> list[str]:
    """Return what is wrong with an outcome whose words are each of the right type."""
    checks = (_record_problems, _detail_problems, _people_problems, _money_problems)
    reserved = [f"name: '{name}' is another column of a matched frame; choose another"] * (name in _RESERVED)
    return reserved + [problem for check in checks for problem in check(entry)]


def _record_problems(entry: OutcomeEntry) -> Iterator[str]:
    if entry.table != _TABLE_OF[entry.kind]:
        yield f"table: a {entry.kind} is taken from the table '{_TABLE_OF[entry.kind]}'"
    has_kinds = entry.table in _UNKNOWN_KINDS
    yield from _UNKNOWN_KINDS[entry.table]("kinds", entry.kinds) if has_kinds else ()
    if bool(entry.kinds) != has_kinds:
        yield f"kinds: {'name at least one kind' if has_kinds else 'sessions have no kinds'}"
    if (entry.kind == "share") != (entry.numerator in SHARES):
        yield f"numerator: a share, and nothing else, needs one of {', '.join(SHARES)}"
    if (entry.kind == "share") != entry.by_term:
        yield "by_term: a share is known by term, and nothing else is"


def _detail_problems(entry: OutcomeEntry) -> Iterator[str]:
    """A detail that no record has would make a complete series of zeros."""
    if not entry.details:
        return
    if entry.kind != "state":
        yield "details: only spells have a detail"
        return
    yield from unknown_details(entry.kinds, entry.details)


def _people_problems(entry: OutcomeEntry) -> Iterator[str]:
    if entry.kind == "share" and (entry.from_age or entry.under_age):
        yield "under_age, from_age: sessions have no age"
    if entry.kind == "share" and entry.unexposed_in:
        yield "unexposed_in: the sessions possible are the exposure of a share"
    if entry.from_age and entry.under_age and entry.from_age >= entry.under_age:
        yield "under_age: nobody is of that age; it has to be more than from_age"
    yield from unknown_spells("unexposed_in", entry.unexposed_in)


def _money_problems(entry: OutcomeEntry) -> Iterator[str]:
    if (entry.kind == "money") != (bool(entry.price) != bool(entry.prices)):
        yield "price: money, and nothing else, needs either price: recorded or prices"
    if entry.prices and set(entry.prices) != set(entry.kinds):
        yield "prices: name each of the kinds once, with what one event costs in pounds"
    if entry.prices and not (entry.price_year and entry.price_source):
        yield "prices: say the year of the prices (price_year) and where they are from (price_source)"
