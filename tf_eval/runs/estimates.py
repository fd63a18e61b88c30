"""Released estimates as a table: what a council can share with others, for families it cannot share.

Every site has one (``estimates.csv``), and ``output/estimates.csv`` keeps those of all runs so far. Nothing stands in
them that is not on a page: numbers are rounded and hidden as they are there.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from scipy import stats

from tf_eval import project
from tf_eval.data.durable import write_durably
from tf_eval.errors import ConfigError, NotEstimated, require_columns
from tf_eval.evidence import PooledEffect, PooledEffects, pool_effects
from tf_eval.release import Released
from tf_eval.release.places import PlacesRow, PlacesView
from tf_eval.release.shorthand import is_number

NAME = "estimates.csv"
GROUP = ["intervention", "outcome", "band"]
KEY = ["place", *GROUP]
COLUMNS = (*KEY, "title", "label", "value", "ci_low", "ci_high", "std_error", "unit", "data_until", "run")
# Half of a 95 % interval, in errors.
REACH = float(stats.norm.ppf(0.975))


def estimates_of(answer: Released, place: str, data_until: str = "", run: str = "") -> pd.DataFrame:
    """Return a row for each headline effect of a released ``WhatWorks``.

    Args:
        answer: what ``publish(what_works(...))`` returned.
        place: the county's name.
        data_until: the last month that its data cover, ``YYYY-MM``; so one run is told from a later one.
        run: the key of the run.
    """
    months = " to ".join(map(str, answer.payload["months"]))
    shared = {"place": place, "band": months, "data_until": data_until, "run": run}
    rows = [shared | _row(row) for row in answer.payload["rows"] if row["band"] == "headline"]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    low, high = row["ci_low"], row["ci_high"]
    return {
        "intervention": row["name"],
        "title": row["intervention"],
        "outcome": row["outcome"],
        "label": row["label"],
        "value": row["effect"],
        "ci_low": low,
        "ci_high": high,
        "std_error": round((high - low) / 2 / REACH, 4) if is_number(low) and is_number(high) else low,
        "unit": row["unit"],
    }


def write_estimates(estimates: pd.DataFrame, path: Path) -> None:
    write_durably(path, estimates.to_csv(index=False, lineterminator="\n"))


def grow_estimates(estimates: pd.DataFrame, path: Path) -> None:
    """Add a run's estimates to those of all runs so far; a run that is there already stays as it is."""
    before = _read(path) if path.exists() else estimates.iloc[:0]
    new = estimates[~estimates["run"].isin(before["run"])].astype(object)
    write_estimates(pd.concat([before.astype(object), new]), path)


def read_estimates(files: Sequence[str | Path]) -> pd.DataFrame:
    """Return the estimates of several files, of each place, intervention and outcome those of its latest data.

    Raises:
        InputError: there is no such file, or it lacks a column.
        ConfigError: a file is no table.
    """
    frames = [_read(project.locate(file, "file of estimates")) for file in files]
    together = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
    latest = together.sort_values("data_until", kind="stable").drop_duplicates(KEY, keep="last")
    return latest.sort_index().reset_index(drop=True)


def _read(path: Path) -> pd.DataFrame:
    try:
        text = path.read_text(encoding="utf-8-sig")
        frame = pd.read_csv(io.StringIO(text), dtype={"data_until": str, "run": str, "value": object})
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as problem:
        raise ConfigError(f"{path.name}: this is no table of estimates in CSV ({type(problem).__name__})") from None
    require_columns(frame.columns, COLUMNS, path.name)
    return frame[list(COLUMNS)].fillna({"data_until": "", "run": ""})


def pool_places(answer: Released, place: str, elsewhere: Sequence[str | Path]) -> PooledEffects | NotEstimated:
    """Pool this place's released effects with those that other places have shared.

    Args:
        answer: what ``publish(what_works(...))`` returned.
        place: the county's name.
        elsewhere: files of other places, as every site has one; rows of this very place are set aside.

    Raises:
        InputError, ConfigError: see ``read_estimates`` and ``pool_effects``.
    """
    own, others = estimates_of(answer, place), read_estimates(elsewhere)
    others = others[others["place"] != place]
    if others.empty:
        return NotEstimated("no estimates of other places were given")
    shared = others.merge(own[GROUP], on=GROUP)
    if shared.empty:
        return NotEstimated("no other place looked at the same intervention, outcome and months")
    mine = own.merge(shared[GROUP].drop_duplicates(), on=GROUP)
    return pool_effects(pd.concat([mine, shared], ignore_index=True), by=GROUP)


def other_places(answer: Released, place: str, elsewhere: Sequence[str | Path]) -> PlacesView:
    """Return what places come to together (``pool_places``), for ``publish``."""
    pooled = pool_places(answer, place, elsewhere)
    if isinstance(pooled, NotEstimated):
        return PlacesView((), pooled.reason)
    named = pooled.estimates.set_index(GROUP)[["title", "label", "unit"]]
    rows = [_pooled(effect, named.loc[[labels]].iloc[0]) for labels, effect in pooled.effects.items() if effect]
    return PlacesView(tuple(rows))


def _pooled(effect: PooledEffect, named: pd.Series) -> PlacesRow:
    found, prediction = effect.found, effect.prediction
    low, high = (None, None) if isinstance(prediction, NotEstimated) else prediction
    return PlacesRow(
        **named,
        places=tuple(map(str, effect.places["place"])),
        effect=found.effect,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        elsewhere_low=low,
        elsewhere_high=high,
    )
