"""Pages about the county as a whole, and what the site's first page says of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tf_eval.errors import RunError, unknown
from tf_eval.release.released import Released
from tf_eval.report import changes
from tf_eval.report.downloads import Download
from tf_eval.report.identification import qualify_words
from tf_eval.report.payment import brief_words
from tf_eval.report.records import trust_words
from tf_eval.report.together import alone_words, claims_words
from tf_eval.report.versus_words import brief_words as versus_brief

Words = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, eq=False)
class CountyPage:
    """A finished page about the county as a whole: the name of its file, its HTML and its answer as released.

    ``tables`` are files beside it that the first page links to, ``downloads`` those that the page itself links to.
    """

    name: str
    html: str
    answer: Released
    tables: tuple[Download, ...] = ()
    downloads: tuple[Download, ...] = ()


@dataclass(frozen=True)
class Entry:
    """What the first page says of a kind of answer: a heading, its sentences in paragraphs, the words of the link."""

    heading: str
    words: tuple[Words, ...]
    link: str


# In the order in which the first page has them.
ENTRIES = {
    "what_works": Entry("All of them together", (claims_words, alone_words), "How they compare, and what is luck"),
    "versus": Entry("One against the other", (versus_brief,), "Which is better, and for whom"),
    "changes": Entry("What changed since the last release", (changes.brief_words,), "Everything that moved, and why"),
    "payment": Entry("What payment by results pays for", (brief_words,), "What would have been paid anyway"),
    "identification": Entry("How many families qualify", (qualify_words,), "Where, by what, and since when"),
    "received": Entry("Whether the records can be trusted", (trust_words,), "What was sent, set aside and linked"),
}


def entries(pages: Sequence[CountyPage]) -> list[dict[str, Any]]:
    """Return what the first page says of each page; raise ``RunError`` for a kind of answer that has no entry."""
    for page in pages:
        if page.answer.kind not in ENTRIES:
            raise RunError(f"site: {unknown('entry for an answer of kind', page.answer.kind, ENTRIES)}")
    ordered = sorted(pages, key=lambda page: list(ENTRIES).index(page.answer.kind))
    return [_entry(page, ENTRIES[page.answer.kind]) for page in ordered]


def _entry(page: CountyPage, entry: Entry) -> dict[str, Any]:
    return {
        "name": page.name,
        "heading": entry.heading,
        "words": [said for words in entry.words if (said := words(page.answer.payload))],
        "link": entry.link,
        "tables": page.tables,
    }


def answer_of(pages: Sequence[CountyPage], kind: str) -> Mapping[str, Any] | None:
    """Return what the page of such an answer says, or None where the site has no such page."""
    return next((page.answer.payload for page in pages if page.answer.kind == kind), None)


def brief_changes(pages: Sequence[CountyPage]) -> str:
    """Return what is said of the release before; nothing where a site has no page that says it."""
    answer = answer_of(pages, "changes")
    return changes.brief_words(answer) if answer else ""
