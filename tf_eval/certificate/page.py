"""The certificate: a page of what many counties of known truth say of the method, in Markdown."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from synthetic.worlds import WORLDS
from tf_eval.certificate import sections
from tf_eval.certificate.measures import frame_of, is_known, measures_of
from tf_eval.errors import RunError

_PROBLEMS_SHOWN = 5
_HEAD = """# Certificate

The whole design (who qualifies, who is compared, balance, effects, checks, verdict) was carried out unattended for
{interventions} interventions of the preset `{preset}`, in drawn counties whose truth is known: in worlds in which its
assumptions hold, and in worlds in which one of them does not. In brackets stands the Monte-Carlo error, by county.
`tf-eval certify --preset {preset} --counties {counties}` made this page from {records} records under the key `{key}`.
"""
_METHOD = """## What was done, and what was not

- **Checking and linking are passed by.** Records are taken as they are and people as known: what errors of linking do
  is not in these numbers. It is measured by itself (`benchmarks/linking.py`, `benchmarks/coverage.py --faults`).
- **Truth** is the difference of the two potential outcomes of the same draw, in reporting units: the mean over all
  families that started the intervention, also those that the design left out, of the months of follow-up. A cell is an
  intervention and an outcome; it is *null* where both are the same for every family.
- **Changes of recording** that an intervention brings count as its effects, but for the world of changed recording:
  what is true there is what happened. Where effects spill over, the truth is the difference from nobody having the
  intervention.
- **A wrong verdict** says what is not so: a benefit (*works*, or *promising*, which is one in doubt) or harm where
  there is none, or *no effect worth having* where there is one. *Cannot tell* is never wrong. A right verdict may still
  rest on an estimate that is off; see the intervals that miss the truth.
- **A failed check** is any that the report shows, of the design or of that outcome.
- **Absolute bias** is the mean error of each cell over counties, without its sign, in standard deviations of the
  outcome, summed over cells. With few counties chance makes it larger.
- **Overstatement** is of the site's league tables, one for each outcome that decides: the effect that is best after
  shrinking, less the truth.
- **Where nothing is done**: null cells but those whose outcome depends on who is looking, which never decide.
"""


def certificate(preset: str, key: str, records: Sequence[dict[str, Any]]) -> str:
    """Return the page of the records there are, in Markdown.

    Args:
        preset: the preset that was drawn.
        key: the fingerprint of what made the records.
        records: of trials, as ``carry_out`` returns them.

    Raises:
        RunError: no record has an estimate.
    """
    if not any(is_known(cell) for record in records for cell in record["cells"]):
        raise RunError("certify: there is no county to tell of; ask for --counties 1 or more")
    cells = frame_of(records)
    counties = Counter(record["world"] for record in records)
    head = _HEAD.format(
        interventions=cells["intervention"].nunique(),
        preset=preset,
        counties=max(counties.values()),
        records=f"{len(records):,}",
        key=key[:16],
    )
    return "\n".join((head, *_worlds(cells, counties), *_elsewhere(cells), _METHOD, *_problems(records)))


def _worlds(cells: pd.DataFrame, counties: Counter[str]) -> Iterator[str]:
    there = [world for world in WORLDS.values() if world.name in set(cells["world"])]
    by_world = {world.name: cells[cells["world"] == world.name] for world in there}
    found = {name: measures_of(mine) for name, mine in by_world.items()}
    asked = [(world, by_world[world.name], found[world.name], counties[world.name]) for world in there]
    yield f"## In short\n\n{''.join(sections.in_short(*one) for one in asked)}"
    holding, broken = ([one for one in asked if one[0].holds is holds] for holds in (True, False))
    if holding:
        yield "## Where assumptions hold\n"
        yield from (sections.measures(world, measured, number) for world, _, measured, number in holding)
    if broken:
        together = pd.concat([mine for _, mine, _, _ in broken])
        yield f"## Where an assumption is broken\n\n{sections.warnings_together(together)}\n"
        yield from (sections.measures(world, measured, number) for world, _, measured, number in broken)


def _elsewhere(cells: pd.DataFrame) -> Iterator[str]:
    planted = cells[cells["world"] == "planted"]
    if not planted.empty:
        yield f"## What planted effects are found\n\n{sections.power(planted)}"
    yield f"## Which checks fail\n\n{sections.checks(WORLDS.values(), cells)}"


def _problems(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield what could not be carried out or estimated; nothing is left out in silence."""
    missing = sum(not is_known(cell) for record in records for cell in record["cells"])
    problems = Counter(problem for record in records for problem in record["problems"])
    if not missing and not problems:
        return
    told = f"{missing:,} effects could not be estimated. {problems.total():,} evaluations failed."
    yield f"## What is missing\n\n{told}\n"
    shown = problems.most_common(_PROBLEMS_SHOWN)
    yield "".join(f"- {text} ({number:,})\n" for text, number in shown)
