"""Need by family and month: a lasting level and passing crises. It drives every domain at once."""

import numpy as np

from synthetic.model import Model
from synthetic.months import Clock
from synthetic.population import Population
from synthetic.streams import Streams


def draw_need(model: Model, clock: Clock, population: Population, streams: Streams) -> np.ndarray:
    """Return need (families x months, float32), the burn-in included so that crises start in equilibrium."""
    level = population.theta + model.motivation_on_need * population.motivation
    return (level[:, None] + _crises(model, clock, population, streams.of("crises"))).astype(np.float32)


def _crises(model: Model, clock: Clock, population: Population, rng: np.random.Generator) -> np.ndarray:
    """Draw shot noise: crises come more often to families of higher lasting need, and fade."""
    crises = model.crises
    rate = crises.arrivals * np.exp(crises.arrivals_slope * population.theta)
    arrived = rng.poisson(rate[:, None], size=(population.families, clock.columns))
    level = np.zeros(arrived.shape)
    hit = arrived > 0
    level[hit] = rng.gamma(crises.shape * arrived[hit], crises.size / crises.shape)
    for column in range(1, clock.columns):
        level[:, column] += crises.persistence * level[:, column - 1]
    return level
