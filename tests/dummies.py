"""The slow obvious way of imputation: a dummy for every unit and period, and the weight of every observation."""

import numpy as np
import pandas as pd


def panel(seed: int, units: int = 60, periods: int = 6, lost: float = 0.1) -> pd.DataFrame:
    """Groups that start in 3, 4 and 6; a covariate that is fixed and one that changes; weights, areas and gaps."""
    random = np.random.default_rng(seed)
    each = pd.DataFrame({"unit": np.arange(units), "adopted": random.permutation(np.resize([0, 0, 3, 4, 6], units))})
    each = each.assign(x=random.normal(size=units), w=random.uniform(0.5, 2, units), area=random.integers(0, 15, units))
    each["half"] = each["area"] % 2
    frame = each.merge(pd.DataFrame({"period": np.arange(1, periods + 1)}), how="cross")
    frame["z"] = random.normal(size=len(frame)) + 0.2 * frame["period"]
    since = (frame["period"] - frame["adopted"] + 1).where(frame["adopted"] > 0, 0).clip(lower=0)
    noise = random.normal(size=len(frame)) + random.normal(size=units)[frame["unit"]]
    frame["y"] = noise + frame["x"] * frame["period"] + 0.5 * frame["z"] + since
    return frame[random.random(len(frame)) > lost]


def untreated(frame: pd.DataFrame) -> np.ndarray:
    return ((frame["adopted"] == 0) | (frame["period"] < frame["adopted"])).to_numpy()


def dummies(frame: pd.DataFrame, fixed: list[str], varying: list[str]) -> np.ndarray:
    """Return a column for each unit, each period, each period times each fixed covariate, each varying covariate."""
    unit = pd.get_dummies(frame["unit"]).to_numpy(dtype=float)
    period = pd.get_dummies(frame["period"]).to_numpy(dtype=float)
    slopes = [period * frame[[name]].to_numpy() for name in fixed]
    return np.hstack([unit, period, *slopes, frame[varying].to_numpy()])


def observation_weights(design: np.ndarray, weight: np.ndarray, fitted: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return what every observation counts in the mean effect whose treated observations count ``target``."""
    own = design[fitted]
    back = weight[fitted, None] * (own @ np.linalg.pinv((own * weight[fitted, None]).T @ own, rcond=1e-12))
    return np.where(fitted, 0.0, target) - _place(back @ (design[~fitted].T @ target[~fitted]), fitted)


def _place(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    total = np.zeros(len(where))
    total[where] = values
    return total


def unexplained(frame: pd.DataFrame, design: np.ndarray, weight: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """Return residuals where fitted, effects elsewhere."""
    root = np.sqrt(weight[fitted])
    outcome = frame["y"].to_numpy()
    return outcome - design @ np.linalg.lstsq(design[fitted] * root[:, None], outcome[fitted] * root, rcond=1e-12)[0]
