"""The pages of a published site, each open in a browser of its own width."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium

PHONE, WIDTHS = 390, (320, 390, 800, 1280)
HEIGHT = 900


@dataclass(frozen=True)
class Tab:
    """A page that is open in Chromium, with all its folds unfolded.

    Attributes:
        name: the page's file.
        page: Playwright's page.
        asked: the addresses that it asked for.
    """

    name: str
    page: Any
    asked: list[str]

    def look(self, *, width: int, scheme: str = "light", media: str = "screen", height: int = HEIGHT) -> None:
        """Show it as a device of this width in CSS pixels does."""
        self.page.emulate_media(media=media, color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": height})


@pytest.fixture(scope="session")
def pages(published) -> list[Path]:
    """Every page of the site, and the page that ``tf-eval check`` makes."""
    site = sorted((published.folder / "output" / "site").rglob("*.html"))
    return [*site, published.folder / "data" / published.preset / "check" / "problems.html"]


@pytest.fixture(scope="package")
def tabs(pages) -> Iterator[list[Tab]]:
    """Every page, opened once."""
    with chromium() as browser:
        yield [_opened(browser, path) for path in pages]


def _opened(browser: Any, path: Path) -> Tab:
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    return Tab(path.name, page, asked)
