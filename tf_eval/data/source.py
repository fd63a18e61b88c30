"""One source: how one file, one part of a file or one query feeds one table of the contract."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from tf_eval.data import dates
from tf_eval.data.contract import TABLES, Table
from tf_eval.data.formats import Format, Name
from tf_eval.data.strict_model import StrictModel

# Numbers and true/false of a YAML file stand for the same text in an extract.
Word = Annotated[
    str, BeforeValidator(lambda value: str(value).lower() if isinstance(value, bool | int | float) else value)
]


def _usable_date_format(text: str) -> str:
    problem = dates.problem_of(text)
    if problem:
        raise ValueError(problem)
    return text


class Covers(StrictModel):
    """Days that an extract covers: ``start`` is in, ``end`` is not."""

    start: date
    end: date


def written_out(entry: Any) -> Any:
    """Return an entry of a sources file with its short forms in full.

    One period may be written without the dash of a list; a list of words is a table of codes in which every word
    stands for itself.
    """
    if not isinstance(entry, dict):
        return entry
    full = dict(entry)
    if isinstance(full.get("covers"), dict):
        full["covers"] = [full["covers"]]
    if isinstance(full.get("codes"), dict):
        codes = full["codes"].items()
        full["codes"] = {
            name: {str(word): word for word in words} if isinstance(words, list) else words for name, words in codes
        }
    return full


class Source(StrictModel):
    """How one file, or one part of a file, feeds one table of the contract.

    ``file`` is a file in the folder of the extracts, or the name of a query; ``agreement`` the reference of the data
    sharing agreement it comes under. ``covers`` are the periods that the extract covers: two where the agency sent
    nothing in between. ``columns`` maps the contract's columns to the extract's, ``constants`` fills a column with
    one word, ``codes`` translates an extract's codes or lists the words it may hold; ``unique`` names the extract's
    columns that tell two rows apart, where the contract's own key does not (an incident number). ``leave_out`` names
    words of the extract's columns whose rows are no rows of this entry (a victim's, or a kind that is not needed).
    """

    agency: Name
    file: Name
    table: Name
    format: Annotated[Format, Field(discriminator="type")]
    date_format: Annotated[str, AfterValidator(_usable_date_format)] | None = None
    agreement: Name | None = None
    covers: tuple[Covers, ...] = ()
    columns: dict[str, Name]
    constants: dict[str, Word] = Field(default_factory=dict)
    codes: dict[str, dict[str, Word]] = Field(default_factory=dict)
    unique: tuple[Name, ...] = ()
    leave_out: dict[str, tuple[Word, ...]] = Field(default_factory=dict)

    @property
    def contract(self) -> Table:
        """The table of the contract that this source feeds."""
        return TABLES[self.table]

    @property
    def extent(self) -> Covers | None:
        """From the first covered day to the last; None where the source does not say what it covers."""
        if not self.covers:
            return None
        return Covers(start=min(part.start for part in self.covers), end=max(part.end for part in self.covers))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that this source can hold; empty where it may hold all of its table's."""
        if "kind" in self.constants:
            return (self.constants["kind"],)
        return tuple(sorted(set(filter(None, self.codes.get("kind", {}).values()))))
