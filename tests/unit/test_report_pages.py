"""Pages and the site, from a made-up evaluation of five interventions."""

import base64
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import nbformat.v4 as nb
import pytest
from IPython.core.interactiveshell import InteractiveShell

from tf_eval.errors import DisclosureError, RunError
from tf_eval.release import MIME_TYPE, Released, publish
from tf_eval.release import views as v
from tf_eval.report import Page, build_site, read_notebook, register_display, render_index, render_page, to_html

COUNT, SHARE = "per_100_families_a_year", "percentage_points"
STAMP = "Run of 1 June 2015, 02:00 UTC"
INTERVENTIONS = {
    "family_intervention_project": ("works", (-41, -70, -12)),
    "volunteer_mentors": ("no effect worth having", (-2, -20, 16)),
    "parenting_programme": ("promising", (-20, -44, 4)),
    "employment_adviser": ("may do harm", (30, 9, 51)),
    "domestic_abuse_outreach": ("cannot tell", (-6, -60, 49)),
}


def verdict_view(name="family_intervention_project", label=None, families=163):
    verdict, (effect, low, high) = INTERVENTIONS[name]
    label = label or name.replace("_", " ").capitalize()
    rows = (
        v.OutcomeRow("asb_incident", "ASB incidents", COUNT, verdict, effect, low, high, 290, effect / 290, 25, -130),
        v.OutcomeRow(
            "unauthorised_absence", f"Absence {label}", SHARE, "cannot tell", None, None, None, 17.3, reason="No terms."
        ),
        v.OutcomeRow(
            "callout", "Call-outs", COUNT, "cannot tell", 62, 2, 122, 610, 0.1, 40, 9, detection_sensitive=True
        ),
    )
    sentence = v.SentenceFacts("ASB incidents", effect, low, high, 290, COUNT)
    checks = (v.Check("Placebo start", True, "Nothing to see."), v.Check(label, False, "Too few."))
    question = f"Did {label} change families' lives?"
    reasons = (f"Because {label}.",)
    return v.VerdictView(name, label, question, verdict, sentence, reasons, checks, families, 478, rows, label)


def other_views(label="ASB incidents", families=150):
    months = tuple(v.EventTimeRow(time, -time, -time - 20, 20 - time, families, 480) for time in range(-24, 25))
    flow = (
        v.FlowRow(f"Started {label}", "Supported", 187, 0),
        v.FlowRow("Matched", "Supported", 163, 24, label),
        v.FlowRow("Qualified", "Comparison", 2913, 0),
        v.FlowRow("Matched", "Comparison", 478, 2435),
    )
    naive = v.NaiveRow("asb_incident", label, COUNT, 430, 250, -180, -139, -41)
    return [
        v.BandsView("asb_incident", label, COUNT, (v.BandRow("1 to 6", -9, -15, -3, 290, families, 480),)),
        v.EventStudyView("asb_incident", label, COUNT, months),
        v.FlowView(flow),
        v.BalanceView((v.BalanceRow(label, 0.61, 0.04),), families, 478, sentence=f"Alike in {label}."),
        v.NaiveView((naive,), families, 478, sentence=f"Most of {label} is not the support."),
        v.ProvenanceView({"Seed": "2012", label: label}),
    ]


def shown(*released):
    outputs = [nb.new_output("display_data", data=one._repr_mimebundle_()) for one in released]
    return nb.new_code_cell("tf.publish(result)  # secret_code", execution_count=1, outputs=outputs)


def notebook(name="family_intervention_project", label=None, families=150):
    views = other_views(label or "ASB incidents", families)
    cells = [
        nb.new_markdown_cell("# Evaluation report\n\nA first word."),
        shown(publish(verdict_view(name, label, families))),
        nb.new_markdown_cell("## When did it change?\n\nProse with **weight** and\n\n### A closer look\n\nmore."),
        shown(*(publish(view) for view in views)),
        nb.new_markdown_cell("## Methods\n\nAs published.", metadata={"tags": ["folded"]}),
    ]
    return nb.new_notebook(cells=cells)


@cache
def pages():
    return tuple(
        Page(name, name, render_page(notebook(name), stamp=STAMP), publish(verdict_view(name)))
        for name in INTERVENTIONS
    )


class Structure(HTMLParser):
    """Tags with their attributes, in order, and whether they nest."""

    VOID = ("meta", "link", "img", "br", "hr")

    def __init__(self, html):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, *names):
        return [(tag, attributes) for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def page():
    return render_page(notebook(), stamp=STAMP)


@pytest.fixture(scope="module", params=["page", "index", "all hidden"])
def document(request):
    """Each kind of document that is ever published, and one in which every number is hidden."""
    if request.param == "index":
        return render_index(pages(), stamp=STAMP)
    return render_page(notebook(families=150 if request.param == "page" else 7), stamp=STAMP)


def test_a_document_stands_alone(document):
    structure = Structure(document)
    assert not structure.open
    assert not structure.all("script", "iframe", "object", "embed", "base", "form")
    assert "http://" not in document and "https://" not in document and "@import" not in document
    assert all(attributes["href"] == "data:," for _, attributes in structure.all("link"))
    assert all(attributes["src"].startswith("data:image/svg+xml;base64,") for _, attributes in structure.all("img"))
    policies = [a["content"] for _, a in structure.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert not any(name.startswith("on") for _, attributes in structure.tags for name in attributes)


def test_a_document_is_accessible(document):
    structure = Structure(document)
    assert structure.all("html")[0][1]["lang"] == "en-GB"
    assert len(structure.all("h1")) == len(structure.all("main")) == len(structure.all("title")) == 1
    levels = [int(tag[1]) for tag, _ in structure.all("h1", "h2", "h3", "h4")]
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    assert all(len(attributes["alt"]) > 40 for _, attributes in structure.all("img"))
    assert "No description has been provided" not in document
    assert len(structure.all("caption")) == len(structure.all("table"))
    assert all(attributes.get("scope") in ("row", "col") for _, attributes in structure.all("th"))
    identifiers = [attributes["id"] for _, attributes in structure.tags if "id" in attributes]
    assert len(set(identifiers)) == len(identifiers)
    assert all(a["href"][1:] in identifiers for _, a in structure.all("a") if a["href"].startswith("#"))


def test_the_first_screen_answers_before_anything_else(page):
    main = page[page.index("<main") :]
    order = ["Did Family intervention project change", "Works", "About 41 fewer ASB incidents", "When did it change?"]
    places = [main.index(text) for text in order]
    assert places == sorted(places)
    assert "(between 12 and 70 fewer), against about 290 without this support." in main


def test_nothing_of_the_code_reaches_the_page(page):
    assert "secret_code" not in page and "tf.publish" not in page


def test_a_page_is_light(page):
    assert len(page) < 300_000


def test_the_same_notebook_gives_the_same_bytes_but_for_the_stamp(page):
    assert render_page(notebook(), stamp=STAMP) == page
    other = render_page(notebook(), stamp="another run")
    footer = re.compile(r"<footer data-run-stamp>.*?</footer>", re.DOTALL)
    assert other != page
    assert footer.sub("", other) == footer.sub("", page)
    assert len(footer.findall(page)) == 1


def test_where_every_number_is_hidden_the_page_says_so():
    html = render_page(notebook(families=7), stamp=STAMP)
    assert "confidential, because too few families stand behind it" in html
    assert "Too few families stand behind a result for it to be published." in html
    assert "About 41 fewer" not in html


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><script>x</script>",
    "{{ 7*7 }}{% raw %}",
    "<b onclick='x'>bold</b>",
    "$x^{broken",
    "a & b < c",
    "</style><script>x</script>",
    "-->]]><svg onload=x>",
]


@pytest.mark.parametrize("label", PAYLOADS)
def test_markup_in_a_label_is_only_text(label):
    html = render_page(notebook(label=label), stamp=label)
    structure = Structure(html)
    assert not structure.open
    assert not structure.all("script", "svg", "b onclick")
    assert not any(name.startswith("on") for _, attributes in structure.tags for name in attributes)
    assert "49" not in re.sub(r"base64,[^\"]*", "", html[html.index("<h1") : html.index("</h1>")])
    index = render_index([Page("x", "x", html, publish(verdict_view(label=label)))], stamp=label)
    assert not Structure(index).all("script", "svg", "img")


@pytest.mark.parametrize(
    "prose",
    [
        "<script>alert(1)</script>",
        "[link](javascript:alert(1))",
        "![image](https://example.org/x.png)",
        "<https://example.org/>",
        '<div style="background:url(https://example.org)">x</div>',
        "[elsewhere](https://example.org)",
        "## A heading <img src=https://example.org/x.png>",
    ],
)
def test_prose_reaches_nothing_outside_the_page(prose):
    book = notebook()
    book.cells.append(nb.new_markdown_cell(prose))
    structure = Structure(render_page(book, stamp=STAMP))
    assert not structure.all("script")
    assert not any("example.org" in str(a.get(key)) for _, a in structure.tags for key in ("src", "href", "style"))


def test_figures_are_drawn_alike_and_hold_the_labels_as_text():
    figures = [re.findall(r"base64,([^\"]+)", str(to_html(publish(view)))) for view in other_views()]
    again = [re.findall(r"base64,([^\"]+)", str(to_html(publish(view)))) for view in other_views()]
    assert figures == again
    assert [len(found) for found in figures] == [1, 1, 1, 1, 1, 0]
    for found in figures[:5]:
        svg = base64.b64decode(found[0]).decode()
        assert "<text" in svg and "<script" not in svg and "DejaVu" not in svg and "<dc:date>" not in svg


def test_a_changed_release_is_refused():
    book = notebook()
    book.cells[1].outputs[0].data[MIME_TYPE]["payload"]["n_treated"] = 900
    with pytest.raises(DisclosureError, match="changed after it passed the gate"):
        render_page(book, stamp=STAMP)


def test_a_failed_cell_makes_no_page_and_shows_nothing_of_the_error():
    book = notebook()
    book.cells[3].outputs.append(nb.new_output("error", ename="KeyError", evalue="'family 4711'", traceback=[]))
    with pytest.raises(RunError, match="cell 4 failed") as raised:
        render_page(book, stamp=STAMP)
    assert "4711" not in str(raised.value)


def test_a_cell_that_never_ran_makes_no_page():
    book = notebook()
    book.cells[3].execution_count = None
    with pytest.raises(RunError, match="cell 4 never ran"):
        render_page(book, stamp=STAMP)


def test_a_notebook_without_a_verdict_makes_no_page(tmp_path):
    with pytest.raises(RunError, match="no verdict"):
        render_page(nb.new_notebook(cells=[nb.new_markdown_cell("# Prose")]), stamp=STAMP)
    with pytest.raises(RunError, match="not a notebook"):
        render_page(tmp_path / "missing.ipynb", stamp=STAMP)


def test_what_did_not_pass_the_gate_is_left_out_and_named():
    book = notebook()
    loose = {"text/html": "<table><td>family 4711</td></table>", "text/plain": "4711"}
    book.cells[3].outputs.append(nb.new_output("display_data", data=loose))
    book.cells[3].outputs.append(nb.new_output("stream", name="stdout", text="family 4711"))
    assert "4711" not in render_page(book, stamp=STAMP)
    assert read_notebook(book).left_out == ["cell 4: text/html, text/plain"]


def test_a_kind_that_no_page_knows_is_refused():
    with pytest.raises(RunError, match="Did you mean 'balance'"):
        to_html(Released("balanse", "t", {}))


def test_a_folded_section_starts_closed(page):
    assert '<details class="fold"><summary><h2>Methods</h2></summary>' in page
    assert "<h2>When did it change?</h2>" in page


def test_the_index_puts_the_interventions_side_by_side():
    index = render_index(pages(), stamp=STAMP)
    labels = ["Family intervention project", "Parenting programme", "Volunteer mentors", "Domestic abuse", "Employment"]
    places = [index.index(label) for label in labels]
    assert places == sorted(places)
    assert "Of 5 looked at, 1 works, 1 is promising, 1 has no effect worth having, 1 may do harm." in index
    for name in INTERVENTIONS:
        assert f'href="evaluations/{name}.html"' in index


def test_a_site_is_built_twice_alike(tmp_path):
    first, second = (build_site(pages(), tmp_path / name, stamp=STAMP).parent for name in ("a", "b"))
    files = sorted(path.relative_to(first) for path in first.rglob("*.html"))
    assert len(files) == 6
    assert all((first / path).read_bytes() == (second / path).read_bytes() for path in files)


def test_a_new_site_replaces_the_old_one_whole(tmp_path):
    site, made = tmp_path / "site", pages()
    build_site(made, site, stamp="old")
    build_site(made[:1], site, stamp="new")
    assert [path.name for path in (site / "evaluations").iterdir()] == ["family_intervention_project.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("moment", ["while writing", "while swapping"])
def test_a_failure_leaves_the_old_site_as_it_was(tmp_path, monkeypatch, moment):
    site, made = tmp_path / "site", list(pages()[:2])
    build_site(made, site, stamp="old")
    before = {path: path.read_bytes() for path in site.rglob("*.html")}
    if moment == "while writing":
        made[1] = replace(made[1], html=None)
    else:
        rename = type(site).rename

        def refuse(path, target):
            if path.parent == tmp_path and path.name.startswith(".site-"):
                raise OSError("no room")
            return rename(path, target)

        monkeypatch.setattr(type(site), "rename", refuse)
    with pytest.raises((TypeError, OSError)):
        build_site(made, site, stamp="new")
    assert {path: path.read_bytes() for path in site.rglob("*.html")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("name", ["../x", "a/b", "", "A", ".hidden", "a.html"])
def test_a_page_cannot_be_written_outside_its_folder(tmp_path, name):
    with pytest.raises(RunError, match="cannot be the name of a page"):
        build_site([replace(pages()[0], name=name)], tmp_path / "site", stamp=STAMP)
    assert list(tmp_path.iterdir()) == []


def test_no_pages_and_pages_of_one_name_are_refused(tmp_path):
    one = pages()[0]
    for made in ([], [one, one]):
        with pytest.raises(RunError):
            build_site(made, tmp_path / "site", stamp=STAMP)


def test_jupyter_shows_what_the_page_shows():
    shell = InteractiveShell.instance()
    try:
        assert register_display(shell)
        data, _ = shell.display_formatter.format(publish(verdict_view()))
    finally:
        InteractiveShell.clear_instance()
    assert Released.from_dict(data[MIME_TYPE]).kind == "verdict"
    assert "About 41 fewer ASB incidents" in data["text/html"]
    assert "<script" not in data["text/html"]


def test_outside_ipython_nothing_is_registered():
    assert register_display() is False
