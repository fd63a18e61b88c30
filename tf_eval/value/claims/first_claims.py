"""Which routes of one family may be claimed, and when first: no route twice, and none that another one replaces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from tf_eval.value.claims.rules import PaymentRules

CLAIM = "claim"
REPLACED = "replaced"
CLAIMED_BEFORE = "claimed_before"
LACKS_OTHER = "lacks_other_route"
STATUSES = {
    CLAIM: "may be claimed",
    REPLACED: "another route is paid in its place",
    CLAIMED_BEFORE: "the family has been claimed by it, or by a route that excludes it",
    LACKS_OTHER: "a route that has to be claimed beside it, or before it, is not",
}


@dataclass(frozen=True)
class Claimed:
    """What becomes of a route that is met: on which day, how, and because of which other route ("": none)."""

    route: str
    on: np.datetime64
    status: str
    other: str = ""


def first_claims(
    rules: PaymentRules, met: Mapping[str, Iterable[np.datetime64]], earlier: Iterable[str]
) -> list[Claimed]:
    """Return what becomes of each route that a family meets, at the first day at which that is settled.

    Of routes that are met first on one day the one that replaces others is claimed. A route that has been claimed stays
    so: one that would have replaced it comes too late.

    Args:
        rules: the rules.
        met: route -> the days on which it is met and claims are taken.
        earlier: the routes by which the family was claimed already.
    """
    earlier, order = set(earlier), _order(rules)
    settled: dict[str, Claimed] = {}
    days = {route: set(of) for route, of in met.items()}
    for on in sorted({day for of in days.values() for day in of}):
        for route in order:
            if on in days.get(route, ()) and route not in settled:
                found = _settle(rules, route, on, settled, earlier)
                if found:
                    settled[route] = found
    waiting = [route for route in order if days.get(route) and route not in settled]
    return [*settled.values(), *(_lacking(rules, route, days[route], settled, earlier) for route in waiting)]


def _order(rules: PaymentRules) -> list[str]:
    """Routes that replace others come first, and those that need others beside them last."""
    return sorted(rules.routes, key=lambda name: (not rules.routes[name].replaces, len(rules.routes[name].only_with)))


def _settle(
    rules: PaymentRules, route: str, on: np.datetime64, settled: Mapping[str, Claimed], earlier: set[str]
) -> Claimed | None:
    claimed = {name: item for name, item in settled.items() if item.status == CLAIM}
    excluding = [name for name in rules.routes if name == route or _exclude(rules, name, route)]
    if before := next((name for name in excluding if name in earlier), None):
        return Claimed(route, on, CLAIMED_BEFORE, before)
    if other := next((name for name in excluding if name in claimed), None):
        status = REPLACED if route in rules.routes[other].replaces else CLAIMED_BEFORE
        return Claimed(route, on, status, other)
    if all(name in claimed or name in earlier for name in rules.routes[route].only_with):
        return Claimed(route, on, CLAIM)
    return None


def _exclude(rules: PaymentRules, one: str, other: str) -> bool:
    return other in rules.routes[one].replaces or one in rules.routes[other].replaces


def _lacking(
    rules: PaymentRules, route: str, on: set[np.datetime64], settled: Mapping[str, Claimed], earlier: set[str]
) -> Claimed:
    """Say which other route was not claimed by the last day on which this one is met."""
    claimed = {name for name, item in settled.items() if item.status == CLAIM and item.on <= max(on)}
    lacked = next(name for name in rules.routes[route].only_with if name not in claimed | earlier)
    return Claimed(route, min(on), LACKS_OTHER, lacked)
