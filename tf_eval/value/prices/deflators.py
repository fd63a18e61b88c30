"""Prices of one year told in those of another, by one pinned vintage of the GDP deflator."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tf_eval.errors import ConfigError, raise_all
from tf_eval.value.prices.reading import number_of, read_rows

DEFLATORS_FILE = "params/gdp_deflators.csv"
COLUMNS = ("vintage", "year", "deflator")
IN_THE_FIRST_YEAR = 0.75  # of a financial year, April to March


@dataclass(frozen=True, eq=False, repr=False)
class Deflators:
    """The GDP deflator by calendar year, of one ``vintage``: it is revised, so that another one gives other factors."""

    vintage: str
    by_year: Mapping[int, float]

    def level(self, year: str) -> float:
        """Return the deflator of a year: a calendar year such as 2013, or a financial one such as 2012/13.

        A financial year is three quarters of the calendar year in which it begins and one of the next.

        Raises:
            ConfigError: that is no year, or the deflator of one that it needs is not known.
        """
        first, is_financial = _read(year)
        needed = (first, first + 1) if is_financial else (first,)
        missing = [one for one in needed if one not in self.by_year]
        if missing:
            known = f"{min(self.by_year)} to {max(self.by_year)}"
            raise ConfigError(f"prices of {year}: the deflator ({self.vintage}) has no year {missing[0]}, but {known}.")
        if not is_financial:
            return self.by_year[first]
        return IN_THE_FIRST_YEAR * self.by_year[first] + (1 - IN_THE_FIRST_YEAR) * self.by_year[first + 1]

    def factor(self, year: str, to: str) -> float:
        """Return what prices of one year are multiplied by to be those of another; raises as ``level`` does."""
        return self.level(to) / self.level(year)

    def table(self) -> pd.DataFrame:
        """Return the deflator, one row per calendar year."""
        return pd.DataFrame(
            {"vintage": self.vintage, "year": list(self.by_year), "deflator": list(self.by_year.values())}
        )

    def summary(self) -> str:
        return f"GDP deflator by calendar year, {min(self.by_year)} to {max(self.by_year)} ({self.vintage})."

    def to_dict(self) -> dict[str, Any]:
        return {"vintage": self.vintage, "by_year": {str(year): level for year, level in self.by_year.items()}}

    def __repr__(self) -> str:
        return f"<Deflators: {self.vintage}>"


def load_deflators(path: str | Path = DEFLATORS_FILE) -> Deflators:
    """Return the deflators that a file holds.

    Raises:
        ConfigError: what is wrong with the file, all of it: a year twice, a number that is none, two vintages.
        InputError: there is no such file, or a column is missing.
    """
    name, rows = read_rows(path, "file of deflators", COLUMNS)
    problems = [f"row {place}: {problem}" for place, row in enumerate(rows, 2) for problem in _problems(row)]
    vintages = sorted({row["vintage"] for row in rows})
    if len(vintages) != 1:
        problems.append(f"a file holds one vintage, and not {len(vintages)}; keep one of them.")
    years = [row["year"] for row in rows]
    problems += [f"the year {year} stands twice." for year in sorted({one for one in years if years.count(one) > 1})]
    raise_all(ConfigError, name, problems)
    return Deflators(vintages[0], {int(row["year"]): float(row["deflator"]) for row in rows})


def is_year(year: str) -> bool:
    """Say whether text is a calendar year, or a financial one."""
    found = re.fullmatch(r"(\d{4})(?:/(\d{2}))?", year)
    return bool(found) and (found[2] is None or int(found[2]) == (int(found[1]) + 1) % 100)


def _read(year: str) -> tuple[int, bool]:
    """Return the calendar year in which a year begins, and whether it is a financial one."""
    if not (isinstance(year, str) and is_year(year)):
        raise ConfigError(f"prices of {year}: write a calendar year as '2013' or a financial one as '2012/13'.")
    return int(year[:4]), "/" in year


def _problems(row: Mapping[str, str]) -> list[str]:
    problems = [] if re.fullmatch(r"\d{4}", row["year"]) else ["year is no calendar year, such as 2013."]
    level = number_of(row["deflator"])
    return problems if level is not None and level > 0 else [*problems, "deflator is no number above 0."]
