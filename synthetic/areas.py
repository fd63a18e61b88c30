"""The areas of a country: each a county with a share of the families and starts, a seed and numbers of its own."""

from dataclasses import dataclass

import numpy as np

from synthetic.blocks import Block
from synthetic.presets import District, Preset, parse_preset
from synthetic.streams import area_seed


@dataclass(frozen=True)
class Area:
    """An area as the county that is drawn for it."""

    preset: Preset
    seed: int
    block: Block


def areas_of(country: Preset, seed: int) -> list[Area]:
    """Return the areas of a country, whose families and starts add up to those of the country.

    Raises:
        ConfigError: an area would have no family, or none that starts.
    """
    districts = [[item for item in country.districts if item.area == name] for name in country.areas]
    families = _shared_out(country.families, [sum(item.share for item in area) for area in districts])
    started = _shared_out(country.started, [sum(item.capacity for item in area) for area in districts])
    before = np.cumsum(families) - families
    return [
        Area(
            _as_county(country, name, own, families=int(size), started=int(starts)),
            area_seed(seed, name),
            Block(int(first), int(size), country.families),
        )
        for name, own, size, starts, first in zip(country.areas, districts, families, started, before, strict=True)
    ]


def _shared_out(total: int, shares: list[float]) -> np.ndarray:
    """Return whole numbers in proportion to the shares that add up to the total."""
    upto = np.rint(np.cumsum(shares) / np.sum(shares) * total).astype(np.int64)
    return np.diff(upto, prepend=0)


def _as_county(country: Preset, name: str, districts: list[District], **totals: int) -> Preset:
    own = {"county": name, "districts": [item.model_copy(update={"area": None}) for item in districts]}
    return parse_preset({**dict(country), **own, **totals}, where=f"area '{name}'")
