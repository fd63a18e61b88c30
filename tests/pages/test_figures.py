"""What is written in a figure can be read. Figures are images to a page, so axe-core does not look into them."""

# Each figure is put into an empty white page, and every text held against the topmost shape behind its middle.
FAINT = """
() => {
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
      const ratio = contrast(painted(text), under.length ? painted(under[0]) : [1, 1, 1]);
      if (ratio < 4.5) faint.push(`${text.textContent}: ${ratio.toFixed(1)}`);
    }
    sheet.remove();
  }
  return faint;
}
"""


def test_every_word_in_a_figure_stands_out(tabs):
    for tab in tabs:
        tab.look(width=1280, height=4000)
        assert tab.page.evaluate(FAINT) == [], tab.name
