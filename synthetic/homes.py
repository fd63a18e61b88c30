"""Homes: properties with their numbers (UPRN) and postcodes, in ranges never issued."""

from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.files import texts

_POSTCODE_LETTERS = np.array(list("ABDEFGHJLNPQRSTUWXYZ"), dtype=object)
_FIRST_UPRN, _FIRST_NEW_UPRN = 100_000_000_000, 110_000_000_000
_RANGE, _NEW_RANGE = 10_000_000_000, 1_000_000_000


@dataclass(frozen=True, eq=False)
class Homes:
    """Columns of homes: text ``uprn`` and ``postcode``, the place of the ``district``, deprivation ``decile``."""

    uprn: np.ndarray
    postcode: np.ndarray
    district: np.ndarray
    decile: np.ndarray

    def __len__(self) -> int:
        return len(self.uprn)

    def plus(self, other: "Homes") -> "Homes":
        """Return the homes of both, numbered on."""
        return Homes(
            *(np.concatenate([own, theirs]) for own, theirs in zip(self._columns(), other._columns(), strict=True))
        )

    def _columns(self) -> tuple[np.ndarray, ...]:
        return self.uprn, self.postcode, self.district, self.decile


def first_homes(county: County) -> Homes:
    """Return the first home of each family, drawn from the streams ``uprns`` and ``postcodes``."""
    population, streams = county.population, county.streams
    numbers = county.block.draw(streams.of("uprns"), _RANGE, population.families)
    postcode = postcodes(county, population.district, streams.of("postcodes"))
    return Homes(texts(_FIRST_UPRN + numbers), postcode, population.district, population.deprivation)


def new_homes(county: County, name: str, series: int, district: np.ndarray, decile: np.ndarray) -> Homes:
    """Return homes that people move to, one a row, from the stream ``household NAME homes``.

    ``series`` (0 to 9) keeps the numbers of different reasons to move apart.
    """
    rng = county.streams.of(f"household {name} homes")
    numbers = _FIRST_NEW_UPRN + series * _NEW_RANGE + county.block.draw(rng, _NEW_RANGE, len(district))
    return Homes(texts(numbers), postcodes(county, district, rng), district, decile)


def postcodes(county: County, district: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a postcode in each of these districts (places in the preset's list)."""
    outward = [np.array(item.postcodes, dtype=object) for item in county.preset.districts]
    pick = rng.random(len(district))
    first = np.empty(len(district), dtype=object)
    for place, codes in enumerate(outward):
        here = district == place
        first[here] = codes[np.floor(pick[here] * len(codes)).astype(int)]
    letters = _POSTCODE_LETTERS[rng.integers(0, len(_POSTCODE_LETTERS), size=(len(district), 2))]
    return first + " " + texts(rng.integers(1, 10, size=len(district))) + letters[:, 0] + letters[:, 1]
