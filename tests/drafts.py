"""Small extracts that nobody has described, and what is drafted from them."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import yaml

from tf_eval.data.mapping import Draft, draft

HEADINGS = ["Client ID", "Type", "Incident Date", "Date recorded", "Reported by"]
CANARY = "Canarybird"


def entries(found: Draft) -> list[dict]:
    return yaml.safe_load(found.text)


def days(number: int, date_format: str = "%d/%m/%Y") -> list[str]:
    return [(date(2011, 1, 1) + timedelta(days=7 * n)).strftime(date_format) for n in range(number)]


def incidents(number: int = 60, date_format: str = "%d/%m/%Y") -> list[list[str]]:
    on = days(number, date_format)
    return [[f"Q{10_000 + n % 40}", ("ASB", "BREACH")[n % 2], on[n], on[n], "Ann"] for n in range(number)]


def text_of(rows: Iterable[Iterable[str]], delimiter: str = ",", above: str = "") -> str:
    return above + "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"


def drafted(folder: Path, rows: Iterable[Iterable[str]], *, encoding: str = "utf-8", **how) -> Draft:
    (folder / "extract").write_bytes(text_of(rows, **how).encode(encoding))
    return draft(folder / "extract")


def shown(found: Draft) -> str:
    return found.text + " ".join(found.notes)
