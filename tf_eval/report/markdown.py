"""Markdown of a notebook as HTML: raw HTML is escaped, images are left out, links stay within the page."""

from typing import Any

import mistune
from markupsafe import Markup, escape

DEEPEST = 4


class _Prose(mistune.HTMLRenderer):
    """Headings begin at the second level at the highest, because the page's question is the first."""

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        depth = min(max(level, 2), DEEPEST)
        return f"<h{depth}>{text}</h{depth}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return str(escape(text))

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, url, title) if url.startswith("#") else text


def markdown_html(text: str) -> Markup:
    """Return prose as HTML that can reach nothing outside its page."""
    return Markup(mistune.create_markdown(renderer=_Prose(escape=True), plugins=["table"])(text))
