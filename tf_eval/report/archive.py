"""All releases of a site: the list of what each told, a feed of them, and the mark on those that are not the latest."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tf_eval.report.edition import NOT_MADE, Edition, Told
from tf_eval.report.failure import failed_badge
from tf_eval.report.markup import fill, style
from tf_eval.report.moments import day_words, moment_words
from tf_eval.report.verdicts import badge
from tf_eval.report.words import capital, verdict_words

FOLDER, LIST, FEED = "archive", "archive.html", "feed.xml"
OF_ALL_RELEASES = (FOLDER, LIST, FEED)
PAGES_KEPT = 12  # releases whose pages go along with the site: a year of monthly ones, about 5 MB each
FIRST = "The first release."
Teller = Callable[[Told, str | None], Any]
_OF_ALL = re.compile(rf'(href="(?:\.\./)*)((?:{re.escape(LIST)}|{re.escape(FEED)}|{FOLDER}/)[^"]*")')


@dataclass(frozen=True)
class Releases:
    """The release that is to be published, those before it, the latest first, and where their pages are kept.

    The pages of one stand below ``kept`` in a folder that bears its name.
    """

    now: Edition
    earlier: tuple[Edition, ...]
    kept: Path

    @property
    def shown(self) -> tuple[Edition, ...]:
        """The earlier releases whose pages are on the site, too; older ones are only listed."""
        return self.earlier[:PAGES_KEPT]

    def last_good(self, name: str) -> tuple[str, str] | None:
        """Return where on the site the last good page of a run is, and the day of its release, if there is any."""
        for edition in self.shown:
            for told in edition.pages:
                if told.name == name and told.is_made:
                    return f"{FOLDER}/{edition.name}/{told.page}", day_of(edition)
        return None


def day_of(edition: Edition) -> str:
    """Return the day on which a release was published, in words."""
    return day_words(edition.published)


def _when(edition: Edition, releases: Releases) -> str:
    """Return the day of a release, and its time where another was published on that day."""
    others = [one for one in (releases.now, *releases.earlier) if one is not edition]
    shared = any(day_of(other) == day_of(edition) for other in others)
    return moment_words(edition.published) if shared else day_of(edition)


def as_archived(html: str, edition: Edition, depth: int) -> str:
    """Return a page that stands ``depth`` folders down in its release, marked as one that is not the latest.

    What a site has but once (the list of releases, the feed, the archive) then lies two folders further up.
    """
    moved = _OF_ALL.sub(r"\1../../\2", html)
    notice = fill("notice.html.j2", day=day_of(edition), home=f"{'../' * (depth + 2)}index.html")
    return moved.replace("</header>", f"</header>\n{notice.rstrip()}", 1)


def render_archive(releases: Releases, *, stamp: str, made_up: str = "") -> str:
    """Return the page that lists all releases, the latest first, each with the verdicts that it told.

    ``made_up`` says that nobody in them is real, where that is so.
    """
    entries = _entries(releases, _told)
    return str(fill("archive.html.j2", style=style(), made_up=made_up, entries=entries, stamp=stamp))


def render_feed(releases: Releases, *, made_up: str = "") -> str:
    """Return the releases as an Atom feed (RFC 4287), the latest first. The same release has the same id in each."""
    own = uuid5(NAMESPACE_URL, f"tf_eval/{releases.now.county}")
    entries = [{**entry, "id": uuid5(own, entry["name"]).urn} for entry in _entries(releases, _said)]
    title = f"What works for families here: {releases.now.county.replace('_', ' ').capitalize()}"
    return str(
        fill(
            "feed.xml.j2",
            title=title,
            made_up=made_up,
            id=own.urn,
            updated=releases.now.stamp,
            feed=FEED,
            entries=entries,
        )
    )


def _entries(releases: Releases, told: Teller) -> list[dict[str, Any]]:
    """Return what the list and the feed have of each release, the latest first."""
    return [
        {**_entry(edition, folder, told), "when": _when(edition, releases)} for edition, folder in _folders(releases)
    ]


def _folders(releases: Releases) -> Iterable[tuple[Edition, str | None]]:
    """Yield each release and the folder of its pages, seen from the first page; ``None`` where the site has none."""
    yield releases.now, ""
    for edition in releases.earlier:
        yield edition, f"{FOLDER}/{edition.name}/" if edition in releases.shown else None


def _entry(edition: Edition, folder: str | None, told: Teller) -> dict[str, Any]:
    return {
        "name": edition.name,
        "anchor": f"release-{edition.name}",
        "is_latest": folder == "",
        "updated": edition.stamp,
        "home": None if folder is None else f"{folder}index.html",
        "changed": edition.changed or FIRST,
        "verdicts": [told(one, None if folder is None else f"{folder}{one.page}") for one in edition.evaluations],
    }


def _told(told: Told, href: str | None) -> Mapping[str, Any]:
    mark = badge(told.verdict.payload["verdict"]) if told.verdict else failed_badge()
    return {"label": told.label, "badge": mark, "href": href}


def _said(told: Told, href: str | None) -> str:
    name = verdict_words(told.verdict.payload["verdict"]).name if told.verdict else capital(NOT_MADE)
    return f"{told.label}: {name}."
