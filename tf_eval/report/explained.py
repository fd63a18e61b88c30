"""Hard words explained where they are first used on a page, without a script.

A term becomes a button that opens its meaning in place (HTML's popover): it takes the keyboard and a tap, tells a
screen reader whether it is open, and closes with Escape. A browser without popovers shows the meaning in the text.
"""

import re
from html.parser import HTMLParser

from markupsafe import Markup

from tf_eval.errors import ConfigError, unknown
from tf_eval.report.markup import fill
from tf_eval.report.words import GLOSSARY

# How a term is written in running text, where that is more than its own name.
WRITTEN = {
    "Like families": r"like families",
    "ASB incident": r"ASB incidents?",
    "Estimate": r"(?:best )?estimates?",
    "Interval": r"(?:95% )?intervals?|ranges?",
    "Smallest it can find": r"smallest it (?:can|could) find",
    "Percentage points": r"percentage points?",
    "Smallest effect worth having": r"smallest (?:effect|change|one) worth having|change worth having",
    "Secondary outcome": r"secondary(?: outcomes?)?",
    "Matching": r"matching|matched",
    "Standards of evidence": r"standards? of evidence",
    "Standard deviation": r"standard deviations?",
    "Check": r"checks?",
    "By chance": r"(?:by|beyond|through) chance(?: alone)?|unlikely to be chance",
}
# Signs are explained under each table that has one.
SIGNS = ("[c]", "[x]", "[z]")
PROSE = ("p", "li")
# Text in these is left as it is: what is a link or a button already, what names a thing, and what stands aside.
APART = ("a", "button", "summary", "h1", "h2", "h3", "h4", "figure", "table", "dl", "code", "nav", "header", "footer")
VOID = ("meta", "link", "img", "br", "hr", "input")


def explained(html: str) -> str:
    """Return a page with the first use of each term of the glossary explained in place; all else is as it was."""
    walk = _Walk()
    walk.feed(html)
    walk.close()
    return "".join(walk.out)


def term_key(term: str) -> str:
    """Return the name by which a page refers to a term's meaning."""
    return f"word-{re.sub(r'[^a-z]+', '-', term.lower()).strip('-')}"


def patterns() -> dict[str, re.Pattern[str]]:
    """Return how each term is found in text; raise ``ConfigError`` where a way of writing belongs to no term."""
    for term in WRITTEN:
        if term not in GLOSSARY:
            raise ConfigError(f"report: {unknown('term', term, GLOSSARY)}")
    terms = [term for term in GLOSSARY if term not in SIGNS]
    return {term: re.compile(rf"\b(?:{WRITTEN.get(term, re.escape(term))})\b", re.IGNORECASE) for term in terms}


class _Walk(HTMLParser):
    """Copies a page as it stands, but for the first use of each term in running text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.open: list[str] = []
        self.left = patterns()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(self.get_starttag_text() or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        in_prose = any(tag in PROSE for tag in self.open) and not any(tag in APART for tag in self.open)
        self.out.append(self._with_meanings(data) if in_prose else data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def _with_meanings(self, text: str) -> str:
        found = {term: match for term, pattern in self.left.items() if (match := pattern.search(text))}
        pieces, end = [], 0
        for term, match in sorted(found.items(), key=lambda each: each[1].start()):
            if match.start() < end:
                continue  # part of another term: it waits for its next use
            del self.left[term]
            # What is found is a piece of finished markup, so it is not escaped again.
            button = fill("term.html.j2", key=term_key(term), said=Markup(match[0]), meaning=GLOSSARY[term])
            pieces += [text[end : match.start()], button.strip()]
            end = match.end()
        return "".join([*pieces, text[end:]])
