"""The tables of the certificate, in Markdown: worlds in which assumptions hold, worlds in which not, power, checks."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from synthetic.worlds import World
from tf_eval.certificate.limits import FALSE_ALARMS, HELD_TO, WARNED, WARNED_MISSES, WARNED_RIGHT, WRONG, Limit
from tf_eval.certificate.measures import BETTER, Measure, share
from tf_eval.cohort.words import listed
from tf_eval.evidence import Word

Found = Mapping[str, Measure]
_SHARE = Limit("share", "")


def in_short(world: World, cells: pd.DataFrame, found: Found, counties: int) -> str:
    """Return one line on a world: what was held there, and which checks warned where an assumption is broken."""
    missed = [limit for limit in _limits(world) if limit.is_missed(found[limit.measure])]
    if world.holds:
        said = [f"not held: {_named(missed)}." if missed else "all that the method is held to was held."]
    else:
        said = [_told_failure([limit for limit in missed if limit in HELD_TO]), _told_warning(cells, found)]
    return f"- **{world.title}** ({_told_counties(counties)}): {' '.join(said)}\n"


def measures(world: World, found: Found, counties: int) -> str:
    """Return what the method came to in a world, against what it is held to."""
    rows = ((limit, found[limit.measure]) for limit in _limits(world))
    told = [(limit.says, limit.told, limit.tell(came), f"{came.number:,}", limit.judge(came)) for limit, came in rows]
    heading = f"### {world.title}, {_told_counties(counties)}\n\n{world.says}"
    return f"{heading}\n\n{table(('', 'held to', 'came to', 'of', ''), told)}"


def warnings_together(cells: pd.DataFrame) -> str:
    """Return whether wrong verdicts carry a failed check, over all worlds in which an assumption is broken."""
    found = share(cells, cells["warned"], cells["wrong"])
    return (
        f"Over all these worlds, wrong verdicts with a failed check: {WARNED.tell(found)}, "
        f"held to {WARNED.told}: {WARNED.judge(found)}."
    )


def power(cells: pd.DataFrame) -> str:
    """Return how often a planted effect is found, by intervention and outcome."""
    real = cells[~cells["null"]]
    rows = [
        (_spoken(intervention), _spoken(outcome), *_found_in(mine))
        for (intervention, outcome), mine in real.groupby(["intervention", "outcome"], sort=False)
    ]
    heads = ("intervention", "outcome", "true effect", "estimate", "worth having from", "works", "claimed right")
    return table(heads, rows)


def checks(worlds: Iterable[World], cells: pd.DataFrame) -> str:
    """Return how often each check fails: among right verdicts where assumptions hold, among wrong ones elsewhere."""
    broken = [world for world in worlds if not world.holds and (cells["world"] == world.name).any()]
    holding = cells["world"].isin([world.name for world in worlds if world.holds])
    names = list(dict.fromkeys(name for failed in cells["failed"] for name in failed))
    rows = []
    for name in names:
        failed = cells["failed"].map(lambda names, name=name: name in names)
        alarms = share(cells, failed, holding & ~cells["wrong"])
        there = [share(cells, failed, (cells["world"] == world.name) & cells["wrong"]) for world in broken]
        rows.append((name, _SHARE.tell(alarms), *(_SHARE.tell(found) for found in there)))
    wrong = (f"wrong verdicts, {world.title.lower()}" for world in broken)
    heads = ("check", "right verdicts, assumptions hold", *wrong)
    return table(heads, rows) if rows else "No check failed."


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown, which ends with a new line."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _limits(world: World) -> tuple[Limit, ...]:
    """A check that fails where an assumption is broken is no false alarm."""
    return (*HELD_TO, FALSE_ALARMS, WRONG) if world.holds else (*HELD_TO, WRONG, WARNED, WARNED_RIGHT, WARNED_MISSES)


def _told_counties(counties: int) -> str:
    return f"{counties:,} {'county' if counties == 1 else 'counties'}"


def _named(limits: Iterable[Limit]) -> str:
    return "; ".join(limit.says[0].lower() + limit.says[1:] for limit in limits)


def _told_failure(missed: Sequence[Limit]) -> str:
    if not missed:
        return "all that the method is held to where assumptions hold was held here, too."
    return f"**the method fails here**; not held: {_named(missed)}."


def _told_warning(cells: pd.DataFrame, found: Found) -> str:
    """Say which checks warned of wrong verdicts, or, where there are none, of intervals that miss the truth."""
    wrong = cells["wrong"].any()
    what, off = ("wrong verdicts", cells["wrong"]) if wrong else ("intervals that miss the truth", ~cells["covered"])
    warned = found["warned" if wrong else "warned_misses"]
    if not off.any():
        return "No verdict was wrong and no interval missed the truth."
    failed = cells.loc[off, "failed"].explode().dropna().value_counts()
    if failed.empty:
        return f"**No check warned** of any of the {what}."
    shares = (100 * failed / off.sum()).head(3)
    named = listed([f"\u201c{name}\u201d ({percent:.0f} %)" for name, percent in shares.items()])
    return f"Of the {what} {_SHARE.tell(warned)} carried a failed check; most often {named}."


def _found_in(mine: pd.DataFrame) -> tuple[str, ...]:
    if mine["sensitive"].all():
        claimed = ("never claimed", "never claimed")
    else:
        said = np.where(mine["verdict"].isin(BETTER), 1, np.where(mine["verdict"] == Word.HARM, -1, 0))
        right = pd.Series(said == np.sign(mine["gain"]), index=mine.index)
        claimed = (_SHARE.tell(share(mine, mine["verdict"] == Word.WORKS)), _SHARE.tell(share(mine, right)))
    means = (mine[name].mean() for name in ("truth", "effect", "smallest_worthwhile"))
    return (*(f"{mean:.1f}" for mean in means), *claimed)


def _spoken(name: str) -> str:
    return name.replace("_", " ")
