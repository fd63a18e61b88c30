"""Records of trials written by hand: what an evaluation said of interventions and outcomes, by county."""

from typing import Any

DIRECTION = {"asb_incident": "fall", "attendance": "rise"}


def cell(intervention: str, outcome: str = "asb_incident", **said: Any) -> dict[str, Any]:
    """Return a cell in which nothing is done, nothing is claimed and no check failed, but for what is ``said``."""
    usual = {
        "truth": 0.0,
        "sd": 10.0,
        "good_direction": DIRECTION[outcome],
        "sensitive": False,
        "primary": True,
        "naive": -5.0,
        "effect": 0.5,
        "std_error": 1.0,
        "low": -1.5,
        "high": 2.5,
        "base": 20.0,
        "n_treated": 100,
        "verdict": "cannot tell",
        "p_adjusted": 0.6,
        "smallest_worthwhile": 2.0,
        "failed": [],
        "shrunk": said.get("effect", 0.5),
    }
    return {"intervention": intervention, "outcome": outcome, **usual, **said}


def record(world: str, seed: int, *cells: dict[str, Any], problems: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"world": world, "seed": seed, "seconds": 1.0, "problems": list(problems), "cells": list(cells)}
