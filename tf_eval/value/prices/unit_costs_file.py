"""Where unit costs stand: the files, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tf_eval.errors import ConfigError, raise_all, unknown
from tf_eval.value.prices.deflators import DEFLATORS_FILE, is_year, load_deflators
from tf_eval.value.prices.overlap import Overlap
from tf_eval.value.prices.reading import number_of, read_rows
from tf_eval.value.prices.unit_cost import KINDS, RAG_WORDS, UNITS, UnitCost
from tf_eval.value.prices.unit_costs import UnitCosts

UNIT_COSTS_FILE = "params/unit_costs.csv"
OVERLAPS_FILE = "params/unit_cost_overlaps.csv"
TEXTS = ("edition", "code", "theme", "description", "source", "read_in")
COLUMNS = (*TEXTS, "unit", "value", "low", "high", "price_year", "kind", "saved_by", "cashable", "rag")
OVERLAP_COLUMNS = ("edition", "code", "contains", "through", "reading")
ROUNDING = 1e-3  # of a value: what sources round its parts by


def load_unit_costs(
    path: str | Path = UNIT_COSTS_FILE,
    *,
    deflators: str | Path = DEFLATORS_FILE,
    overlaps: str | Path = OVERLAPS_FILE,
) -> UnitCosts:
    """Return a library of unit costs.

    Raises:
        ConfigError: what is wrong with a file, all of it: an item twice, a kind or unit that is none, shares that do
            not add up to the value, a year that is none.
        InputError: a file is not there, or a column is missing.
    """
    name, rows = read_rows(path, "file of unit costs", COLUMNS)
    problems = [f"row {place}: {problem}" for place, row in enumerate(rows, 2) for problem in _problems(row)]
    keys = [(row["edition"], row["code"]) for row in rows]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    problems += [f"the code '{code}' stands twice in the edition '{edition}'." for edition, code in twice]
    raise_all(ConfigError, name, problems)
    costs = tuple(_unit_cost(row) for row in rows)
    return UnitCosts(costs, load_deflators(deflators), _load_overlaps(overlaps, costs))


def _problems(row: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{name} is empty." for name in TEXTS if not row[name])
    for name, known in (("unit", UNITS), ("kind", KINDS), ("rag", RAG_WORDS)):
        if row[name] not in known:
            yield unknown(name, row[name], known)
    if not is_year(row["price_year"]):
        yield f"price_year '{row['price_year']}' is no year; write 2013 or 2012/13."
    value = number_of(row["value"])
    if value is None or value <= 0:
        yield "value is no number of pounds above 0."
        return
    yield from _end_problems(row, value)
    yield from _share_problems(row["saved_by"], value)
    cashable = number_of(row["cashable"] or "0")
    if cashable is None or not 0 <= cashable <= 1:
        yield "cashable is no share from 0 to 1; leave it empty where it is not known."


def _end_problems(row: Mapping[str, str], value: float) -> Iterator[str]:
    low, high = (number_of(row[name] or row["value"]) for name in ("low", "high"))
    if low is None or high is None or not 0 <= low <= value <= high:
        yield "low and high are numbers of pounds on either side of value; leave them empty where there are none."


def _share_problems(text: str, value: float) -> Iterator[str]:
    shares = _parts(text)
    if not shares:
        yield "saved_by names who saves it: one, or several as 'NHS 566; DWP 9234'."
    elif len(shares) > 1:
        amounts = [amount for _, amount in shares]
        if None in amounts or abs(sum(amounts) - value) > ROUNDING * value:
            yield f"the amounts of saved_by must add up to the value, {value:g}."


def _parts(text: str) -> list[tuple[str, float | None]]:
    """Return who saves, and how much of it: ``NHS 566; DWP 9234``, or just a name."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) == 1:
        return [(parts[0], None)]
    return [(name, number_of(amount)) for name, _, amount in (part.rpartition(" ") for part in parts)]


def _shares(text: str) -> dict[str, float]:
    parts = _parts(text)
    if len(parts) == 1:
        return {parts[0][0]: 1.0}
    total = sum(amount for _, amount in parts)
    return {name: amount / total for name, amount in parts}


def _unit_cost(row: Mapping[str, str]) -> UnitCost:
    texts = {name: row[name] for name in (*TEXTS, "unit", "price_year", "kind", "rag")}
    numbers = {name: number_of(row[name]) for name in ("value", "low", "high", "cashable")}
    return UnitCost(**texts, **numbers, shares=_shares(row["saved_by"]))


def _load_overlaps(path: str | Path, costs: Sequence[UnitCost]) -> tuple[Overlap, ...]:
    name, rows = read_rows(path, "file of what unit costs contain", OVERLAP_COLUMNS)
    found = [
        Overlap(row["edition"], row["code"], row["contains"], tuple(_listed(row["through"])), row["reading"])
        for row in rows
    ]
    problems = [
        f"row {place}: {problem}" for place, one in enumerate(found, 2) for problem in _overlap_problems(one, costs)
    ]
    raise_all(ConfigError, name, problems)
    return tuple(found)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _overlap_problems(overlap: Overlap, costs: Sequence[UnitCost]) -> Iterator[str]:
    outer = next((cost for cost in costs if (cost.edition, cost.code) == (overlap.edition, overlap.code)), None)
    if outer is None:
        yield f"there is no '{overlap.code}' in an edition '{overlap.edition}' among the unit costs."
        return
    named = {*(cost.code for cost in costs), *(cost.theme for cost in costs)}
    if overlap.contains not in named:
        yield unknown("code or theme", overlap.contains, named)
    strange = [payer for payer in overlap.through if payer not in outer.shares]
    yield from (unknown(f"share of {outer.called} that", payer, outer.shares) for payer in strange)
    if not overlap.through:
        yield "through names whose share of the item holds it."
