"""One trial: a county of one world and one seed, drawn and evaluated by every plan, beside the truth."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from synthetic.draw import Draw, draw_county
from synthetic.presets import load_preset
from synthetic.worlds import load_world
from tf_eval import project
from tf_eval.certificate.cells import cells_of, shrunk_effects
from tf_eval.certificate.county import county_of
from tf_eval.errors import TfEvalError
from tf_eval.evidence import what_works
from tf_eval.runs import Evaluation, Plan, evaluate
from tf_eval.runs.evaluation import with_panels

# Draws tell how effects hang together; shrinking takes no more than their covariance.
_DRAWS = {"seed": 1, "draws": 499}


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
    problems: list[str] = []
    with threadpool_limits(1):  # trials run beside each other
        cells = _cells(trial, plans, problems)
    seconds = round(time.process_time() - began, 1)
    return {"world": trial.world, "seed": trial.seed, "seconds": seconds, "problems": problems, "cells": cells}


def _cells(trial: Trial, plans: Sequence[Plan], problems: list[str]) -> list[dict[str, Any]]:
    """Return the cells, and add to ``problems`` what could not be done."""
    world = load_world(trial.world)
    shrunk: dict[tuple[str, str], float | None] = {}
    cells: list[dict[str, Any]] = []
    with _told(problems):
        drawn = draw_county(world.made_of(load_preset(trial.preset)), trial.seed, lambda stage: None)
        if done := _evaluated(trial, drawn, plans, problems):
            together = what_works([evaluation.verdict for evaluation in done], **_DRAWS)
            both = zip(done, together.verdicts, strict=True)
            cells = [cell for evaluation, verdict in both for cell in cells_of(evaluation, verdict, drawn, world.truth)]
            shrunk = shrunk_effects(together)
    return [{**cell, "shrunk": shrunk.get((cell["intervention"], cell["outcome"]))} for cell in cells]


def _evaluated(trial: Trial, drawn: Draw, plans: Sequence[Plan], problems: list[str]) -> list[Evaluation]:
    done = []
    with tempfile.TemporaryDirectory() as folder:
        county = county_of(drawn, trial.sources, Path(folder))
        for plan, panel in with_panels(plans, county):
            with _told(problems, about=f"{plan.intervention}: "):
                done.append(evaluate(plan, panel))
    return done


@contextmanager
def _told(problems: list[str], about: str = "") -> Iterator[None]:
    try:
        yield
    except TfEvalError as problem:
        problems.append(f"{about}{problem}")
