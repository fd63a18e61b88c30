"""Nobody is shut out of a page: WCAG 2.2 at level AA, as far as a program can tell, in light and in dark."""

from collections import Counter
from typing import Any

import pytest

from tests.browser import axe
from tests.pages.conftest import PHONE, WIDTHS, Tab

# The levels, and habits that are no criterion: headings in order, landmarks, nothing outside of them.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# The rules on colours take most of the time. No width changes a colour, so they are asked at one, at which also those
# parts are there that only narrow windows show. All rows of a table but its head look alike.
COLOURS = ("color-contrast", "link-in-text-block")
MIDDLE, ALIKE = 800, ".table tbody tr:nth-child(n + 3)"
# Behind a gradient it asks for no contrast: the shadows at the edges of tables go first.
NO_SHADOWS = ".table { background-image: none !important; }"


@pytest.fixture(scope="package")
def asked(tabs) -> list[Tab]:
    """The pages with axe-core in each."""
    for tab in tabs:
        tab.page.evaluate(axe())
    return tabs


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_breaks_a_rule(asked, width):
    rules = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {name: {"enabled": False} for name in COLOURS}}
    assert _found(asked, rules, width=width) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(asked, scheme):
    rules = {"runOnly": {"type": "rule", "values": list(COLOURS)}}
    assert _found(asked, rules, width=MIDDLE, scheme=scheme) == {}


def _found(tabs: list[Tab], rules: dict[str, Any], **how: Any) -> dict[tuple, str]:
    """Return what breaks a rule, by page, rule and element."""
    found = {}
    for tab in tabs:
        tab.look(**how)
        shadows = tab.page.add_style_tag(content=NO_SHADOWS)
        asking = [{"exclude": [[ALIKE]]}, rules | {"resultTypes": ["violations"]}]
        told = tab.page.evaluate("([where, rules]) => axe.run(where, rules)", asking)
        shadows.evaluate("style => style.remove()")
        for rule in told["violations"]:
            found |= {(tab.name, rule["id"], *node["target"]): node["failureSummary"] for node in rule["nodes"]}
    return found


def test_the_grid_is_a_table_to_those_who_listen_even_where_it_looks_like_cards(tabs):
    (index,) = (tab for tab in tabs if tab.name == "index.html")
    index.look(width=PHONE)
    tree = index.page.context.new_cdp_session(index.page).send("Accessibility.getFullAXTree")["nodes"]
    roles = Counter(node["role"]["value"] for node in tree if not node["ignored"])
    rows, columns = (index.page.locator(f".grid {part}").count() for part in ("tr", "thead th"))
    assert roles["table"] == 1 and roles["row"] == rows and roles["columnheader"] == columns
    assert roles["cell"] == (rows - 1) * (columns - 1)


def test_no_page_asks_for_anything_but_itself(tabs):
    for tab in tabs:
        assert [address[:60] for address in tab.asked if not address.startswith(("file:", "data:"))] == [], tab.name
        assert sum(address.startswith("file:") for address in tab.asked) == 1, tab.name
