"""Names and numbers of people. The numbers keep the public check rules and lie in ranges never issued."""

from dataclasses import dataclass

import numpy as np

from synthetic.blocks import WHOLE, Block
from synthetic.county import County
from synthetic.files import texts
from synthetic.months import birthday
from synthetic.names import FEMALE, MALE, SURNAMES
from synthetic.population import ADULT_SLOTS

_UPN_LETTERS = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"), dtype=object)
_OTHER_SURNAME = 0.3
_SCHOOL_AGE = np.timedelta64(5 * 365, "D")


@dataclass(frozen=True, eq=False)
class Identities:
    """Text by person (object arrays); "" where a person has no such number."""

    forename: np.ndarray
    surname: np.ndarray
    nino: np.ndarray
    nhs_number: np.ndarray
    upn: np.ndarray


def draw_identities(county: County) -> Identities:
    """Return the identities of everybody.

    All have an NHS number, adults and children from their 16th birthday on a NINO, children from school age on a UPN.
    """
    population, streams, block = county.population, county.streams, county.block
    child = np.zeros(population.people, dtype=bool)
    child[population.children] = True
    schooled = child & (population.birth < county.clock.end - _SCHOOL_AGE)
    forename, surname = _names(county, streams.of("names"))
    return Identities(
        forename=forename,
        surname=surname,
        nino=_ninos(county, child),
        nhs_number=nhs_numbers(streams.of("nhs numbers"), population.people, block),
        upn=np.where(schooled, upns(streams.of("upns"), population.people, block), "").astype(object),
    )


def _ninos(county: County, child: np.ndarray) -> np.ndarray:
    population = county.population
    insured = ~child | (birthday(population.birth, 16) < county.clock.end)
    numbers = np.full(population.people, "", dtype=object)
    # Four million numbers have the prefix QQ: fewer than a country has people, so nobody draws one in vain.
    numbers[insured] = ninos(county.streams.of("ninos"), int(insured.sum()), county.block)
    return numbers


def nhs_numbers(rng: np.random.Generator, number: int, block: Block = WHOLE) -> np.ndarray:
    """Return ``number`` different NHS numbers beginning with 9, with the modulus 11 check digit."""
    # One number in eleven has no check digit and is never issued: draw enough to leave those out.
    body = 900_000_000 + block.draw(rng, 100_000_000, int(number * 1.2) + 50)
    digits = body[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = (11 - digits @ np.arange(10, 1, -1) % 11) % 11
    valid = body[check < 10] * 10 + check[check < 10]
    return texts(valid[:number])


def ninos(rng: np.random.Generator, number: int, block: Block = WHOLE) -> np.ndarray:
    """Return ``number`` different national insurance numbers with the prefix QQ, which is never issued."""
    drawn = block.draw(rng, 4_000_000, number)
    return np.array([f"QQ{value // 4:06d}{'ABCD'[value % 4]}" for value in drawn.tolist()], dtype=object)


def upns(rng: np.random.Generator, number: int, block: Block = WHOLE) -> np.ndarray:
    """Return ``number`` different unique pupil numbers: a check letter and twelve digits."""
    body = 900_000_000_000 + block.draw(rng, 100_000_000, number) * 1_000
    digits = body[:, None] // 10 ** np.arange(11, -1, -1) % 10
    return _UPN_LETTERS[digits @ np.arange(2, 14) % 23] + texts(body)


def _names(county: County, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw names: children and first adults share the family's surname, second adults often have their own."""
    population = county.population
    female, male = np.array(FEMALE, dtype=object), np.array(MALE, dtype=object)
    pick = rng.random(population.people)
    forename = np.where(
        population.sex == "female", female[(pick * len(female)).astype(int)], male[(pick * len(male)).astype(int)]
    )
    surnames = np.array(SURNAMES, dtype=object)
    surname = rng.choice(surnames, size=population.families)[population.family]
    second = population.slots[:, ADULT_SLOTS - 1]
    other = second[(second >= 0) & (rng.random(population.families) < _OTHER_SURNAME)]
    surname[other] = rng.choice(surnames, size=len(other))
    return forename, surname
