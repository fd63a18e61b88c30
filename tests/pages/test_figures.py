"""What is written in a figure can be read. Figures are images to a page, so axe-core does not look into them."""

import pytest

# Each figure is put into an empty white page, and every text held against the topmost shape behind its middle, both as
# the page's filter shows them.
FAINT = """
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const filtered = (colour, image) => {
    canvas.filter = getComputedStyle(image).filter;
    canvas.fillStyle = `rgb(${colour.map(part => part * 255)})`;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(part => part / 255);
  };
  const channel = part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const luminance = colour => [.2126, .7152, .0722].reduce((sum, share, i) => sum + share * channel(colour[i]), 0);
  const painted = one => {
    const style = getComputedStyle(one), parts = style.fill.match(/[\\d.]+/g);
    const opacity = style.opacity * style.fillOpacity * (parts && parts[3] || 1);
    return parts && opacity ? parts.slice(0, 3).map(part => 1 - opacity + opacity * part / 255) : null;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + .05) / (dark + .05);
  };
  const faint = [];
  for (const image of document.querySelectorAll('figure img')) {
    const sheet = document.createElement('div');
    sheet.style = 'position: fixed; inset: 0; background: white; z-index: 9';
    const bytes = Uint8Array.from(atob(image.src.split(',')[1]), sign => sign.charCodeAt());
    sheet.innerHTML = new TextDecoder().decode(bytes);
    document.body.append(sheet);
    for (const text of sheet.querySelectorAll('text')) {
      const box = text.getBoundingClientRect(), size = parseFloat(getComputedStyle(text).fontSize);
      const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        .filter(one => sheet.contains(one) && !one.closest('text') && one !== sheet && painted(one));
      const both = [painted(text), under.length ? painted(under[0]) : [1, 1, 1]];
      const ratio = contrast(...both.map(colour => filtered(colour, image)));
      if (ratio < 4.5) faint.push(`${text.textContent}: ${ratio.toFixed(1)}`);
    }
    sheet.remove();
  }
  return faint;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_in_a_figure_stands_out(tabs, scheme):
    for tab in tabs:
        tab.look(width=1280, height=4000, scheme=scheme)
        assert tab.page.evaluate(FAINT) == [], tab.name


def test_figures_are_dark_where_the_page_is(tabs):
    """And on paper as they are drawn, however dark the screen is."""
    (tab,) = (tab for tab in tabs if tab.name == "what_works.html")
    tab.look(width=1280, scheme="dark")
    assert tab.page.evaluate("getComputedStyle(document.querySelector('figure img')).filter").startswith("invert")
    tab.look(width=1280, scheme="dark", media="print")
    assert tab.page.evaluate("getComputedStyle(document.querySelector('figure img')).filter") == "none"
