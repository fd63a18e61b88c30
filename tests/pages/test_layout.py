"""A page fits whatever it is looked at on: no line runs out of the window or off the sheet."""

from tests.pages.conftest import WIDTHS

# What sticks out of a window or sheet: its element, by name, class and how far. Tables scroll in regions of their own;
# the link to skip by and the head of the grid are for those who listen.
STICKING_OUT = """
() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right + scrollX > innerWidth + 0.5)
  .filter(one => matchMedia('print').matches || !one.closest('.table > table'))
  .filter(one => !one.closest('.skip, .grid thead'))
  .map(one => `${one.tagName} ${one.className} ${Math.ceil(one.getBoundingClientRect().right - innerWidth)} px`)
"""
# What can be printed on one sheet only, and does not fit on one.
TOO_TALL = """
height => [...document.querySelectorAll('body *')]
  .filter(one => one.tagName === 'IMG' || getComputedStyle(one).breakInside === 'avoid')
  .filter(one => one.getBoundingClientRect().height > height)
  .map(one => `${one.tagName} ${one.className}`)
"""
# Captions of tables that are not whole in the box in which their table scrolls, wherever it is scrolled to.
CUT_CAPTIONS = """
() => [...document.querySelectorAll('.table')].filter(box => {
  box.scrollLeft = box.scrollWidth;
  const around = box.getBoundingClientRect(), caption = box.querySelector('caption').getBoundingClientRect();
  box.scrollLeft = 0;
  return caption.left < around.left - 0.5 || caption.right > around.right + 0.5;
}).map(box => box.getAttribute('aria-label'))
"""
SCROLLS = "document.documentElement.scrollWidth > innerWidth"
# WCAG 1.4.12: what readers may set for themselves without anything being lost.
SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }
"""
PIXELS = 96 / 25.4  # in a millimetre
SHEET = (round((210 - 2 * 16) * PIXELS), round((297 - 2 * 18) * PIXELS))  # A4 without the margins that the style sets


def test_no_page_scrolls_sideways(tabs):
    """400 % zoom of a window of 1280 by 1024 pixels is a window of 320 by 256."""
    for tab in tabs:
        for width, height in [(width, 900) for width in WIDTHS] + [(320, 256)]:
            tab.look(width=width, height=height)
            assert not tab.page.evaluate(SCROLLS), (tab.name, width, tab.page.evaluate(STICKING_OUT))
            assert tab.page.evaluate(STICKING_OUT) == [], (tab.name, width)


def test_a_caption_stays_where_its_table_scrolls(tabs):
    for tab in tabs:
        for width in WIDTHS:
            tab.look(width=width)
            assert tab.page.evaluate(CUT_CAPTIONS) == [], (tab.name, width)


def test_a_reader_may_space_the_letters_out(tabs):
    for tab in tabs:
        tab.look(width=WIDTHS[0])
        style = tab.page.add_style_tag(content=SPACED)
        found = tab.page.evaluate(STICKING_OUT)
        style.evaluate("style => style.remove()")
        assert found == [], tab.name


def test_a_printed_page_cuts_nothing_off(tabs):
    width, height = SHEET
    for tab in tabs:
        tab.look(width=width, media="print")
        assert tab.page.evaluate(STICKING_OUT) == [], tab.name
        assert tab.page.evaluate(TOO_TALL, height) == [], tab.name


def test_the_numbers_of_an_answer_are_printed_however_its_folds_stand(tabs):
    """And those further down only where the reader has opened them."""
    (tab,) = (tab for tab in tabs if tab.name == "what_works.html")
    tab.look(width=SHEET[0], media="print")
    shown = "fold => { fold.open = false; const shown = fold.checkVisibility(); fold.open = true; return shown; }"
    printed = f"where => [...document.querySelectorAll(`${{where}} .released > details`)].map({shown})"
    assert set(tab.page.evaluate(printed, ".first")) == {True}
    assert set(tab.page.evaluate(printed, "section:not(.first)")) == {False}
