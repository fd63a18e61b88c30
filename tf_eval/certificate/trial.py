"""One trial: a county of one world and one seed, drawn and evaluated by every plan, beside the truth."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from synthetic.draw import Draw, draw_county
from synthetic.presets import load_preset
from synthetic.worlds import World, load_world
from tf_eval import project
from tf_eval.certificate.cells import cells_of, spreads, true_effects, with_ranks
from tf_eval.certificate.county import county_of
from tf_eval.errors import TfEvalError
from tf_eval.runs import Plan, evaluate
from tf_eval.runs.evaluation import with_panels


@dataclass(frozen=True)
class Trial:
    """What is tried: a world of a preset and a seed."""

    preset: str
    world: str
    seed: int

    @property
    def sources(self) -> Path:
        """The sources file of the preset's extracts."""
        return project.locate(f"params/sources/synthetic_{self.preset}.yaml", "sources file")


def carry_out(trial: Trial, plans: Sequence[Plan]) -> dict[str, Any]:
    """Return a trial's record as JSON can hold it: its cells, what could not be done, and the seconds it took.

    A plan whose evaluation fails has no cells and a problem; so have all where the county cannot be drawn.
    """
    began = time.process_time()
    with threadpool_limits(1):  # trials run beside each other
        cells, problems = _cells(trial, plans)
    return {
        "world": trial.world,
        "seed": trial.seed,
        "seconds": round(time.process_time() - began, 1),
        "problems": problems,
        "cells": with_ranks(cells),
    }


def _cells(trial: Trial, plans: Sequence[Plan]) -> tuple[list[dict[str, Any]], list[str]]:
    cells: list[dict[str, Any]] = []
    problems: list[str] = []
    world = load_world(trial.world)
    try:
        drawn = draw_county(world.made_of(load_preset(trial.preset)), trial.seed, lambda stage: None)
        for found in _evaluated(trial, world, drawn, plans):
            (problems if isinstance(found, str) else cells).append(found)
    except TfEvalError as problem:
        problems.append(str(problem))
    return cells, problems


def _evaluated(trial: Trial, world: World, drawn: Draw, plans: Sequence[Plan]) -> Iterator[dict[str, Any] | str]:
    """Yield the cells of each plan, or what kept it from being carried out."""
    truth = true_effects(drawn, world.truth)
    with tempfile.TemporaryDirectory() as folder:
        county = county_of(drawn, trial.sources, Path(folder))
        for plan, panel in with_panels(plans, county):
            try:
                spread = spreads(drawn, *plan.estimation.follow_up)
                yield from cells_of(evaluate(plan, panel), truth, spread)
            except TfEvalError as problem:
                yield f"{plan.intervention}: {problem}"
