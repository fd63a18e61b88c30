"""Conditional and hybrid tests of null values of the target (Andrews, Roth and Pakes 2023, sections 3 and 5).

The conditional test asks whether the largest form is too large, given which one is the largest and what else is known:
a truncated normal. The hybrid first asks whether it is larger than it would be by chance even if every constraint held
just so (least favourable), in ``FIRST`` of the size, and truncates there if not. The least-favourable critical values
are integrals over two normals, worked out instead of drawn: no seed, and no error from draws.
"""

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from tf_eval.did.credibility.vertices import FORMS, Vertices

# Share of the size that the first stage takes, as in Rambachan and Roth (2023, section 5.2).
FIRST = 0.1
# Beyond so many errors a normal has no mass that a double could tell.
FAR = 8.5
HALVINGS = 24
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(96)


def accepted(forms: Vertices, nulls: np.ndarray, size: float, critical: np.ndarray | None = None) -> np.ndarray:
    """Say of each null value (bounds x nulls) whether some case cannot reject it.

    ``critical`` (bounds x cases) are the least-favourable values of the hybrid; without them the test is conditional.
    """
    values, products = forms.values(nulls), forms.products
    largest, winner = values.max(axis=2), values.argmax(axis=2)
    limit = np.full(largest.shape[:2], np.inf) if critical is None else critical
    left = size if critical is None else (1 - FIRST) * size / (1 - FIRST * size)
    rejected = largest > limit[..., None]
    for form in range(FORMS):
        chance = _chance(values, products, form, limit)
        rejected |= (winner == form) & (largest > 0) & (chance < left)
    return ~rejected.all(axis=1)


def _chance(values: np.ndarray, products: np.ndarray, form: int, limit: np.ndarray) -> np.ndarray:
    """Return how likely a form is to be as large as it is, given that it is the largest and below the limit."""
    variance = products[..., form, form]
    error = np.sqrt(variance)[..., None]
    low, high = _truncation(values, products[..., form] / np.maximum(variance, np.finfo(float).tiny)[..., None], form)
    high = np.minimum(high, limit[..., None])
    with np.errstate(divide="ignore", invalid="ignore"):
        at, low, high = values[:, :, form] / error, low / error, high / error
        chance = np.exp(np.minimum(_log_between(at, high) - _log_between(low, high), 0.0))
    # Where the form lies beyond what it is conditioned on, by rounding, nothing is known against the null.
    return np.where((at < low) | (at > high) | np.isnan(chance), 1.0, chance)


def _truncation(values: np.ndarray, share: np.ndarray, form: int) -> tuple[np.ndarray, np.ndarray]:
    """Return between what a form would stay the largest; ``share`` is how much of its move each form makes with it."""
    own = values[:, :, form]
    rest = 1 - share[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = (values - share[..., None] * own[:, :, None]) / rest
    low = np.where(rest > 1e-10, meets, -np.inf).max(axis=2)
    high = np.where(rest < -1e-10, meets, np.inf).min(axis=2)
    return low, high


def _log_between(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the logarithm of a standard normal's mass between two points, accurate far out in the upper tail."""
    return log_ndtr(-low) + np.log1p(-np.exp(np.minimum(log_ndtr(-high) - log_ndtr(-low), 0.0)))


def least_favourable(forms: Vertices, size: float) -> np.ndarray:
    """Return what the largest form exceeds in ``FIRST`` of ``size`` of samples at worst, bounds x cases.

    Found by halving between what the widest form alone exceeds so often and what they do at most together: the chance
    of the largest form is an integral over the width of what the target may be given it.
    """
    share = FIRST * size
    widest = np.sqrt(np.diagonal(forms.products, axis1=-2, axis2=-1)).max(axis=-1)
    low, high = (widest * -ndtri(each) for each in (share, share / FORMS))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = _chance_below(forms, middle) >= 1 - share
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _chance_below(forms: Vertices, value: np.ndarray) -> np.ndarray:
    """Return how likely all forms are to be below ``value`` (bounds x cases) if target and width are centred at 0."""
    error = np.sqrt(np.diagonal(forms.covariance, axis1=-2, axis2=-1))
    up, down = forms.forms[..., 0, :], -forms.forms[..., 1, :]
    least = np.maximum(_least_width(forms, value, error[..., 1]), -FAR)
    width = least[..., None] + (FAR - least)[..., None] * (NODES + 1) / 2
    moved = width * error[..., 1:]
    slope, spread = _given_width(forms.covariance, error)
    top = (value[..., None] - up[..., 1:] * moved) / up[..., :1]
    bottom = -(value[..., None] + down[..., 1:] * moved) / down[..., :1]
    centre = slope[..., None] * width
    inside = ndtr((top - centre) / spread[..., None]) - ndtr((bottom - centre) / spread[..., None])
    density = np.exp(-(width**2) / 2) / np.sqrt(2 * np.pi)
    return (inside * density) @ NODE_WEIGHTS * np.maximum(FAR - least, 0) / 2


def _least_width(forms: Vertices, value: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Return, in errors of the width, where it is so negative that one of the forms must exceed ``value``."""
    up, down, wide = forms.forms[..., 0, :], -forms.forms[..., 1, :], forms.forms[..., 3, 1]
    pair = value / wide
    both = -value * (1 / up[..., 0] + 1 / down[..., 0]) / (down[..., 1] / down[..., 0] - up[..., 1] / up[..., 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(error > 0, np.maximum(pair, both) / error, -FAR)


def _given_width(covariance: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how the target moves per error of the width, and its error once the width is known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(error[..., 1] > 0, covariance[..., 0, 1] / error[..., 1], 0.0)
    rest = np.maximum(covariance[..., 0, 0] - slope**2, 0.0)
    return slope, np.maximum(np.sqrt(rest), 1e-9 * error[..., 0])
