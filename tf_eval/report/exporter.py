"""An executed notebook becomes a page: its prose and what passed the release gate, in order, and nothing else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode

from tf_eval.errors import RunError, raise_all, unknown
from tf_eval.release.released import MIME_TYPE, Released
from tf_eval.report.columns import Table
from tf_eval.report.downloads import Download
from tf_eval.report.explained import explained
from tf_eval.report.first_screen import HEADINGS, first_screen_html, parts_html
from tf_eval.report.fragments import to_html
from tf_eval.report.markdown import markdown_html
from tf_eval.report.markup import fill, joined, style, tables_in
from tf_eval.report.verdicts import verdict_parts
from tf_eval.report.words import GLOSSARY, made_up_words

FOLDED = "folded"
# What can be a page's first screen: the answer that it is about.
ANSWERS = ("verdict", "what_works", "payment", "versus", "changes", "identification", "received")
# The tag by which nbconvert leaves a cell out: prose for researchers, no part of the page.
REMOVED = "remove_cell"
# A prose cell tagged "answer_outcomes" is followed by what the answer says of outcomes; so with the other parts.
PART_TAG = "answer_"
NONE: Mapping[str, Released] = MappingProxyType({})
NOTHING = Markup("<p>There is nothing to say of this here.</p>")


@dataclass(frozen=True)
class Place:
    """Where a part of the answer stands among the prose."""

    part: str


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a page shows of a release or of its answer, drawn when first asked for: figures take their time."""

    released: Released | None
    draw: Callable[[], Markup]

    @cached_property
    def html(self) -> Markup:
        return self.draw()

    def __html__(self) -> str:
        return self.html


@dataclass
class Section:
    """What stands under one heading of the notebook; a heading cell tagged "folded" starts closed."""

    heading: str
    parts: list[Markup | Drawn | Place]
    folded: bool = False


@dataclass(frozen=True, eq=False)
class Reading:
    """What a notebook holds for a page.

    That is its answer, the first screen, its sections, which outputs were left out, the digest of each release in
    order, the stamps of the counties that it says it read, and the releases that the page shows.
    """

    answer: Released
    first_screen: Markup
    sections: list[Section]
    left_out: list[str]
    digests: list[str]
    counties: frozenset[str]
    shown: tuple[Released, ...] = ()

    def draw(self) -> tuple[Markup, ...]:
        """Return all that the page shows of its releases, in the page's order; raise as ``to_html`` does."""
        parts = [self.first_screen, *(part for section in self.sections for part in section.parts)]
        return tuple(part.html for part in parts if isinstance(part, Drawn))

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the page, in the page's order."""
        return tables_in(self.draw())

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Where the numbers come from: name and value."""
        found = [one.payload["facts"] for one in self._provenance]
        return tuple((name, value) for facts in found for name, value in facts)

    @property
    def made_up(self) -> str:
        """That the people whom it is about are made up; nothing where they are not."""
        return made_up_words(any(one.payload["synthetic"] for one in self._provenance))

    @property
    def _provenance(self) -> list[Released]:
        return [one for one in self.shown if one.kind == "provenance"]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is told of what is hidden, each once."""
        return tuple(dict.fromkeys(note for one in self.shown for note in one.notes))


def render_page(
    notebook: NotebookNode | str | Path,
    *,
    stamp: str,
    home: str = "../index.html",
    judged: Mapping[str, Released] = NONE,
    readings: Released | None = None,
) -> str:
    """Return the page of an executed notebook as one self-contained HTML document.

    Only markdown cells (but those tagged ``remove_cell``) and outputs that carry the release MIME type, with a digest
    that still fits, reach the page. Code, streams (prints, progress bars, log lines) and every other output are left
    out; ``read_notebook`` names them.
    The first release of a kind that is an answer (``ANSWERS``) becomes the first screen: its question is the page's
    heading, under what it is about. What else a verdict says follows the prose cells tagged for it ("answer_tried",
    "answer_outcomes", "answer_reasons", "answer_would_change"); parts without such a place follow the first screen.
    The notebook's own title (its first-level headings) is left out.

    Arguments: ``stamp`` is the run's stamp, the one part that differs between equal runs; ``home`` is where the link to
    all interventions leads; ``judged`` are releases that take the place of the notebook's own of their kinds: what is
    said of the intervention once all of a site are looked at together; ``readings`` say who has read the page. Raises
    ``RunError`` where a cell failed or never ran, there is no answer or no such part of it, and ``DisclosureError``
    where a release was changed.
    """
    reading = read_notebook(notebook, judged)
    return page_html(reading, stamp=stamp, home=home, beside=bool(judged), readings=readings)


def page_html(
    reading: Reading,
    *,
    stamp: str,
    home: str = "../index.html",
    beside: bool = False,
    downloads: Sequence[Download] = (),
    readings: Released | None = None,
    doubt: str = "",
) -> str:
    """Return the page of what a notebook holds, see ``render_page``.

    Arguments: ``downloads`` are the files that it links to; ``readings`` say who has read it; ``doubt`` is said before
    the answer.
    """
    return explained(
        fill(
            "page.html.j2",
            style=style(),
            answer=reading.answer.payload,
            first_screen=reading.first_screen,
            doubt=doubt,
            made_up=reading.made_up,
            sections=reading.sections,
            glossary=GLOSSARY,
            stamp=stamp,
            home=home,
            beside=beside,
            downloads=downloads,
            readings=to_html(readings) if readings else "",
        )
    )


def read_notebook(notebook: NotebookNode | str | Path, judged: Mapping[str, Released] = NONE) -> Reading:
    """Read an executed notebook for its page; takes ``judged`` and raises as ``render_page`` does."""
    cells = _opened(notebook).cells
    shown, left_out, digests, counties = [], [], [], set()
    sections = [Section("", [])]
    for place, cell in enumerate(cells, start=1):
        if cell.cell_type == "markdown":
            _read_prose(cell, sections)
        elif cell.cell_type == "code":
            _check_ran(cell, place)
            for released in _releases(cell, place, left_out):
                digests.append(released.digest)
                counties |= {released.payload["county"]} if released.kind == "provenance" else set()
                shown.append(judged.get(released.kind, released))
                sections[-1].parts.append(Drawn(shown[-1], partial(to_html, shown[-1])))
    answer = next((one for one in shown if one.kind in ANSWERS), None)
    if answer is None:
        raise RunError(
            "notebook: it released no verdict. Its page needs tf.publish(verdict) as the last line of a cell."
        )
    first_screen = _composed(answer, shown, sections)
    sections = [section for section in sections if section.parts]
    return Reading(answer, first_screen, sections, left_out, digests, frozenset(counties), tuple(shown))


def _composed(answer: Released, shown: Sequence[Released], sections: Sequence[Section]) -> Drawn:
    """Put the answer's parts in their places among the prose, and return the first screen with those that have none."""
    parts = cache(partial(verdict_parts, answer)) if answer.kind == "verdict" else dict
    places = [part.part for section in sections for part in section.parts if isinstance(part, Place)]
    known = HEADINGS if answer.kind == "verdict" else ()
    raise_all(
        RunError, "notebook", [unknown("part of the answer", part, known) for part in places if part not in known]
    )
    for section in sections:
        section.parts = [_placed(part, parts) for part in section.parts if not _shows(part, answer)]

    def first_screen() -> Markup:
        if answer.kind != "verdict":
            return to_html(answer)
        beside = {one.kind: one for one in reversed(shown)}
        left = {name: part for name, part in parts().items() if name not in places}
        return joined(first_screen_html(answer, beside), parts_html(left))

    return Drawn(answer, first_screen)


def _shows(part: Markup | Drawn | Place, answer: Released) -> bool:
    return isinstance(part, Drawn) and part.released is answer


def _placed(part: Markup | Drawn | Place, parts: Callable[[], Mapping[str, Markup]]) -> Markup | Drawn:
    if not isinstance(part, Place):
        return part
    return Drawn(None, lambda: parts()[part.part] if parts()[part.part].strip() else NOTHING)


def _opened(notebook: NotebookNode | str | Path) -> NotebookNode:
    if isinstance(notebook, NotebookNode):
        return notebook
    try:
        return nbformat.read(str(notebook), as_version=4)
    except (OSError, ValueError) as error:
        raise RunError(f"{Path(notebook).name}: not a notebook that can be read. Run it again.") from error


def _read_prose(cell: NotebookNode, sections: list[Section]) -> None:
    """Add prose to its section; a second-level heading opens a new one."""
    tags = cell.metadata.get("tags", [])
    if REMOVED in tags:
        return
    for level, text in _pieces(cell.source):
        if level == 2:
            sections.append(Section(text, [], FOLDED in tags))
        elif level == 0:
            sections[-1].parts.append(markdown_html(text))
    sections[-1].parts += [Place(tag.removeprefix(PART_TAG)) for tag in tags if tag.startswith(PART_TAG)]


def _pieces(source: str) -> Iterator[tuple[int, str]]:
    """Yield the headings of levels 1 and 2 as (level, text), and the prose between them as (0, text)."""
    prose: list[str] = []
    fenced = False
    for line in source.splitlines():
        fenced ^= line.lstrip().startswith("```")
        level = 0 if fenced else next((depth for depth in (1, 2) if line.startswith("#" * depth + " ")), 0)
        if level and "".join(prose).strip():
            yield 0, "\n".join(prose)
        if level:
            prose = []
            yield level, line[level:].strip().rstrip("#").strip()
        else:
            prose.append(line)
    if "".join(prose).strip():
        yield 0, "\n".join(prose)


def _check_ran(cell: NotebookNode, place: int) -> None:
    """A kernel that dies leaves a notebook that looks whole, but for cells without a number."""
    if any(output.output_type == "error" for output in cell.outputs):
        raise RunError(f"notebook: cell {place} failed, so there is no page. Open the executed notebook to see why.")
    if cell.source.strip() and cell.execution_count is None:
        raise RunError(f"notebook: cell {place} never ran, so there is no page. Run the notebook again.")


def _releases(cell: NotebookNode, place: int, left_out: list[str]) -> Iterator[Released]:
    for output in cell.outputs:
        data: dict[str, Any] = output.get("data", {})
        if MIME_TYPE in data:
            yield Released.from_dict(data[MIME_TYPE])
        elif output.output_type != "stream":
            left_out.append(f"cell {place}: {', '.join(sorted(data)) or output.output_type}")
