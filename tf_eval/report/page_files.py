"""The files that stand beside a page: its tables, as they were released and as it shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tf_eval.report.downloads import Book, Download, Publisher, downloads_of, to_sheet
from tf_eval.report.exporter import Reading
from tf_eval.report.words import made_up_words

MONTHS = "Months of data"


@dataclass(frozen=True, eq=False)
class Imprint:
    """What a site says beside what was released: the place, who publishes, and by name what each outcome is.

    ``synthetic`` says that the people of the place are made up.
    """

    place: str = ""
    publisher: Publisher = field(default_factory=Publisher)
    notes: Mapping[str, str] = field(default_factory=dict)
    synthetic: bool = False

    @property
    def made_up(self) -> str:
        """That the people are made up; nothing where they are not."""
        return made_up_words(self.synthetic)


def page_files(name: str, reading: Reading, imprint: Imprint) -> tuple[Download, ...]:
    """Return the tables of a page (the name of its file, what its notebook holds) as files, as the page shows them."""
    answer, facts = reading.answer.payload, dict(reading.facts)
    return downloads_of(
        Book(
            name=name,
            title=titled(answer["label"], imprint.place, facts),
            about=tuple(filter(None, (answer["question"], reading.made_up))),
            facts=reading.facts,
            notes=reading.notes,
            publisher=imprint.publisher,
            sheets=tuple(to_sheet(table) for table in reading.tables if table.lines),
        )
    )


def titled(label: str, place: str, facts: Mapping[str, str]) -> str:
    """Return a title that says what, where and of which months, as far as these are known, and each once."""
    where = "" if place in label else place
    return ", ".join(part for part in (label, where, facts.get(MONTHS, "")) if part)
