"""How hard a text is to read, by the Flesch-Kincaid grade: five more than it is the age of a reader who can follow it.

The grade is that of textstat 0.7.8 (MIT), the last release that carries its dictionary of syllables with it; later ones
fetch it when they are first used.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat

from tests.extras import require

FOLDER, LOCK = ".readability", "requirements-readability.lock"
AGE_OF_GRADE = 5
RUNNING, APART = ("p", "li"), ("figure", "table", "nav", "header", "footer", "dl", "summary")
VOID = ("meta", "link", "img", "br", "hr", "input")


def reading_age(text: str) -> float:
    """Return the age at which a text can be read."""
    require("textstat", folder=FOLDER, lock=LOCK)
    import textstat

    # A point in a number is not the end of a sentence.
    return AGE_OF_GRADE + textstat.flesch_kincaid_grade(re.sub(r"(?<=\d)\.(?=\d)", "", text))


def prose(notebook: Path) -> dict[str, str]:
    """Return the running text of a notebook's cells that reach its page, by the cell's id."""
    cells = nbformat.read(notebook, as_version=4).cells
    shown = (c for c in cells if c.cell_type == "markdown" and "remove_cell" not in c.metadata.get("tags", []))
    texts = {cell.id: _plain(cell.source) for cell in shown}
    return {name: text for name, text in texts.items() if text}


def _plain(source: str) -> str:
    without_headings = re.sub(r"^#+ .*$", "", source, flags=re.MULTILINE)
    return " ".join(re.sub(r"^\s*[-*] |[*`]", "", without_headings, flags=re.MULTILINE).split())


def running_text(html: str) -> str:
    """Return the paragraphs and points of a page, without figures, tables, lists of words and meanings that open."""
    reader = _Reader()
    reader.feed(html)
    return " ".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in map(_tidy, reader.texts) if text)


def _tidy(text: str) -> str:
    return " ".join(text.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in RUNNING:
            self.texts.append("")
        if tag not in VOID:
            self.open.append(
                (tag, tag in APART or "popover" in dict(attrs) or "badge" in (dict(attrs).get("class") or ""))
            )

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(tag in RUNNING for tag, _ in self.open) and not any(apart for _, apart in self.open):
            self.texts[-1] += data
