"""Who has read a page: the shape that the gate accepts, and what may be shown of it."""

from dataclasses import asdict, dataclass

from tf_eval.release.released import Released
from tf_eval.release.rules import Rules


@dataclass(frozen=True, eq=False)
class ReadingRow:
    """One reading of a page by a second person: by whom, on which day (ISO 8601), of which run, and what they said."""

    by: str
    day: str
    run: str
    said: str


@dataclass(frozen=True, eq=False)
class ReadingsView:
    """The readings of one page, of whatever run, and the ``run`` that the page is made of now."""

    rows: tuple[ReadingRow, ...]
    run: str


def release_readings(view: ReadingsView, rules: Rules) -> Released:
    """Release who has read a page: it tells nothing of anybody's records."""
    payload = {"rows": [asdict(row) for row in view.rows], "run": view.run}
    return Released("readings", "Who has read this page", payload)
