"""Whether a plan was fixed beforehand: as it is now, against what the register says of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from tf_eval.cohort.drawn import earliest_drawn
from tf_eval.data import County
from tf_eval.release.views import ClauseRow, RegistrationView
from tf_eval.runs.plan import Plan
from tf_eval.runs.register import Entry, content_of, entries_of

NOTHING, IN_BOTH = "nothing", " (beside what is in both)"
LONG = 5  # entries


def registration(plan: Plan, county: County) -> RegistrationView:
    """Return whether a plan was registered before its data were drawn, and each clause that has changed since.

    Args:
        plan: the validated plan.
        county: the opened county; its records tell on which day they were drawn at the earliest.

    Raises:
        ConfigError: the register was tampered with.
    """
    entries = entries_of(plan)
    drawn = earliest_drawn(county, [*plan.outcomes, *plan.negative_controls])
    told = drawn.isoformat() if drawn else ""
    if not entries:
        return RegistrationView(plan.title, "not registered", drawn_on=told)
    *earlier, last = entries
    changes = differences(last, plan)
    is_before = bool(told) and last.date < told
    return RegistrationView(
        plan.title,
        "changed" if changes else "before" if is_before else "after",
        registered_on=last.date,
        drawn_on=told,
        earlier=tuple(entry.date for entry in earlier),
        fingerprint=last.hash[:16],
        changes=changes,
    )


def standing(plan: Plan) -> str:
    """Return how a plan stands, for the command line."""
    entries = entries_of(plan)
    if not entries:
        return "not registered"
    last = entries[-1]
    return f"changed after registration on {last.date}" if differences(last, plan) else f"registered on {last.date}"


def differences(entry: Entry, plan: Plan) -> tuple[ClauseRow, ...]:
    """Return each clause in which a plan, or what it refers to, is not as it was registered."""
    return clauses_between(entry.content_now, content_of(plan))


def clauses_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ClauseRow, ...]:
    """Return each clause in which the content of a plan (``content_of``) is not as it was."""
    then, now = dict(_clauses(before)), dict(_clauses(after))
    changed = [path for path in {**then, **now} if then.get(path) != now.get(path)]
    return tuple(ClauseRow(path, *_side_by_side(then.get(path), now.get(path))) for path in changed)


def _clauses(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from _flat(content["plan"])
    yield from ((f"definition of {name}", value) for name, value in content["rests_on"].items())


def _flat(part: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in part.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            yield from ((f"{above}{name}: {each['label']}", each) for each in value)
        else:
            yield f"{above}{name}", value


def _side_by_side(then: Any, now: Any) -> tuple[str, str]:
    """Return both in words; of long lists that do not differ in their order alone, what only one of them has."""
    lists = isinstance(then, list) and isinstance(now, list)
    if not lists or max(len(then), len(now)) < LONG or sorted(then) == sorted(now):
        return _told(then), _told(now)
    lost, won = [item for item in then if item not in now], [item for item in now if item not in then]
    return _told(lost, IN_BOTH), _told(won, IN_BOTH)


def _told(value: Any, beside: str = "") -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_told(part)}" for name, part in value.items() if part is not None)
    if isinstance(value, list):
        return (", ".join(map(_told, value)) or NOTHING) + beside
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NOTHING if value is None else f"{value:g}" if isinstance(value, float) else str(value)
