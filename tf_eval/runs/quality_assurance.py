"""The log of who has read which page, and when: written by people, and told on the page.

It is no input of a run: whoever reads a finished page and signs for it does not change what the page says.
"""

from datetime import date
from typing import Annotated

from pydantic import Field

from tf_eval import project
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.release.readings import ReadingRow, ReadingsView

FILE = "params/quality_assurance.yaml"
# A page names its run by so much of the run's key.
SHOWN = 12


class Entry(StrictModel):
    """One reading of a page by a second person.

    Attributes:
        page: the page's name, as its file has it without ending.
        run: the run that was read, as the foot of the page names it.
        by: who read it; a role says enough.
        day: when.
        said: what they said of it, in a sentence.
    """

    page: str
    run: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    by: Annotated[str, Field(min_length=1)]
    day: date
    said: str = ""


class Log(StrictModel):
    """All readings, in the order in which they were made."""

    readings: list[Entry] = Field(default_factory=list)


def load_log(path: str = FILE) -> Log:
    """Read the log; empty where there is none. Raises one ``ConfigError`` with every problem in it."""
    found = project.resolve(path)
    return validate(Log, load_yaml(found), found) if found.exists() else Log()


def readings_of(log: Log, page: str, key: str) -> ReadingsView:
    """Return who has read a page, of whatever run, for the run of this key."""
    rows = (ReadingRow(one.by, one.day.isoformat(), one.run, one.said) for one in log.readings if one.page == page)
    return ReadingsView(tuple(rows), key[:SHOWN])
