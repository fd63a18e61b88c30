"""Pages and the site, from a made-up evaluation of five interventions."""

import base64
import re
from dataclasses import replace
from functools import cache, partial
from html.parser import HTMLParser
from itertools import chain, pairwise

import nbformat.v4 as nb
import pytest
from IPython.core.interactiveshell import InteractiveShell

from tf_eval.errors import ConfigError, DisclosureError, RunError
from tf_eval.release import MIME_TYPE, Released, publish
from tf_eval.release import views as v
from tf_eval.report import (
    Imprint,
    Page,
    build_site,
    read_notebook,
    register_display,
    render_index,
    render_page,
    to_html,
)
from tf_eval.report.by_outcome import render_outcomes
from tf_eval.report.verdicts import basis
from tf_eval.report.words import MADE_UP

COUNT, SHARE = "per_100_families_a_year", "percentage_points"
STAMP = "Run of 1 June 2015, 02:00 UTC"
INTERVENTIONS = {
    "family_intervention_project": ("works", (-41, -70, -12)),
    "volunteer_mentors": ("no effect worth having", (-2, -20, 16)),
    "parenting_programme": ("promising", (-20, -44, 4)),
    "employment_adviser": ("may do harm", (30, 9, 51)),
    "domestic_abuse_outreach": ("cannot tell", (-6, -60, 49)),
}


STATE = "of_100_families"
LONGEST = "Families with a child on a protection plan or in care"
BENEFITS = "Families with an adult on out-of-work benefits"
UNCERTAIN = "The estimate is too uncertain to tell a change worth having from none."


def verdict_view(name="family_intervention_project", label=None, families=163):
    verdict, (effect, low, high) = INTERVENTIONS[name]
    label = label or name.replace("_", " ").capitalize()
    row = partial(v.OutcomeRow, reason=UNCERTAIN, verdict="cannot tell")
    rows = (
        v.OutcomeRow(
            "asb_incident",
            "ASB incidents",
            COUNT,
            verdict,
            effect,
            low,
            high,
            290,
            effect / 290,
            25,
            False,
            "",
            38,
        ),
        v.OutcomeRow("absence", f"Absence {label}", SHARE, "cannot tell", None, None, None, 17.3, reason="No terms."),
        row("out_of_work_benefit", BENEFITS, STATE, effect=0.4, ci_low=-5.0, ci_high=5.9, base_rate=73),
        row("plan_or_care", LONGEST, STATE, effect=-1.3, ci_low=-5.1, ci_high=2.6, base_rate=13, smallest_worthwhile=3),
        v.OutcomeRow(
            "callout",
            "Police call-outs",
            COUNT,
            "cannot tell",
            62,
            2,
            122,
            610,
            0.1,
            40,
            detection_sensitive=True,
            primary=False,
        ),
    )
    sentence = v.SentenceFacts("ASB incidents", effect, low, high, 290, COUNT)
    alike = v.Check("The groups were alike before the start", False, f"They differ in {label}.")
    checks = (v.Check("Enough families were studied", True, "The smaller group was large enough."), alike)
    question = f"Do families who are given {label} do better than like families who are not?"
    reasons = (
        v.Reason(BENEFITS, UNCERTAIN),
        v.Reason(LONGEST, UNCERTAIN),
        v.Reason("", f"A check was not passed (\u201c{alike.name}\u201d). {alike.detail}"),
        v.Reason("", f"Because {label}."),
    )
    return v.VerdictView(name, label, question, verdict, sentence, reasons, checks, families, 478, rows, label)


def flow_view(label="family intervention project"):
    rows = (
        v.FlowRow("known to services", "all", 19990, 0),
        v.FlowRow("identified", "all", 3175, 16815, "never met the programme's rule, or lived elsewhere by then"),
        v.FlowRow(f"started {label} first", "treated", 230, 0),
        v.FlowRow("compared", "treated", 206, 24, "not enough like the families that they could be compared with"),
        v.FlowRow("identified", "comparison", 3175, 0),
        v.FlowRow("compared", "comparison", 552, 2623, "identified too late to be compared"),
    )
    return v.FlowView(rows)


def other_views(label="ASB incidents", families=150):
    months = tuple(v.EventTimeRow(time, -time, -time - 20, 20 - time, families, 480) for time in range(-24, 25))
    naive = v.NaiveRow("asb_incident", label, COUNT, 430, 250, -180, -139, -41)
    balance = (
        v.BalanceRow(label, 0.61, 0.04),
        v.BalanceRow(f"{LONGEST} (share of months), last 12 months (large numbers damped)", -0.07, 0.12),
    )
    return [
        v.BandsView("asb_incident", label, COUNT, (v.BandRow("1 to 6", -9, -15, -3, 290, families, 480),)),
        v.EventStudyView("asb_incident", label, COUNT, months),
        flow_view(label),
        v.BalanceView(balance, families, 478, sentence=f"Alike in {label}."),
        v.NaiveView((naive,), families, 478, sentence=f"Most of {label} is not the support."),
        v.ProvenanceView({"Seed": "2012", label: label}),
    ]


def shown(*released):
    outputs = [nb.new_output("display_data", data=one._repr_mimebundle_()) for one in released]
    return nb.new_code_cell("tf.publish(result)  # secret_code", execution_count=1, outputs=outputs)


def short_notebook(*prose):
    """A verdict and prose, without the figures that other tests draw."""
    cells = [shown(publish(replace(verdict_view(), rows=()))), *(nb.new_markdown_cell(text) for text in prose)]
    return nb.new_notebook(cells=cells)


def page_of(name="family_intervention_project"):
    return nb.new_notebook(cells=[shown(publish(verdict_view(name)))])


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
    html = render_page(short_notebook(), stamp=STAMP)
    return tuple(Page(name, name, html, publish(verdict_view(name))) for name in INTERVENTIONS)


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


@pytest.mark.parametrize("synthetic", [True, False])
def test_every_page_about_made_up_people_says_so(tmp_path, synthetic):
    """Nobody may take a trial of the method for a finding on real families."""
    provenance = publish(v.ProvenanceView({"Seed": "2012"}, synthetic=synthetic))
    html = render_page(nb.new_notebook(cells=[*page_of().cells, shown(provenance)]), stamp=STAMP)
    imprint = Imprint("Testshire", synthetic=synthetic)
    site = build_site(pages(), tmp_path / "site", stamp=STAMP, imprint=imprint).parent
    others = [(site / name).read_text() for name in ("index.html", "outcomes.html")]
    assert [MADE_UP in text for text in (html, *others)] == [synthetic] * 3


@cache
def rendered(families=150):
    return render_page(notebook(families=families), stamp=STAMP)


@pytest.fixture(scope="module")
def page():
    return rendered()


@pytest.fixture(scope="module", params=["page", "index", "outcomes", "all hidden"])
def document(request):
    """Each kind of document that is ever published, and one in which every number is hidden."""
    if request.param == "index":
        return render_index(pages(), stamp=STAMP)
    if request.param == "outcomes":
        return render_outcomes({page.name: page.verdict for page in pages()}, stamp=STAMP).html
    return rendered() if request.param == "page" else rendered(families=7)


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
    order = [
        "Do families who are given Family intervention",
        "Works",
        "About 41 fewer ASB incidents",
        "When did it change?",
    ]
    places = [main.index(text) for text in order]
    assert places == sorted(places)
    assert "(between 12 and 70 fewer). Without this support: about 290." in main


def test_nothing_of_the_code_reaches_the_page(page):
    assert "secret_code" not in page and "tf.publish" not in page


def test_the_name_of_the_intervention_stands_above_the_question_and_the_notebooks_title_nowhere(page):
    assert '<p class="caption">Family intervention project</p>' in page
    assert "Evaluation report" not in page and "A first word." in page


def test_reasons_that_outcomes_share_are_said_once(page):
    assert (
        "<li>Families with an adult on out-of-work benefits and families with a child on a protection plan or in care: "
        "the estimate is too uncertain to tell a change worth having from none.</li>" in page
    )
    assert "<li>A check was not passed (\u201cThe groups were alike before the start\u201d). They differ in" in page
    assert "<li>Because Family intervention project.</li>" in page


def test_a_secondary_outcome_is_marked_in_the_list_the_figure_and_the_table(page):
    assert page.count(": it has no say in the verdict.") == 1, "the one secondary outcome of the five"
    assert "Police call-outs (secondary): 62 more" in page  # the figure's alternative text
    assert '<th scope="row">Police call-outs (secondary)</th>' in page
    assert "ASB incidents (secondary)" not in page


def test_only_an_unsettled_verdict_says_what_the_study_could_have_found():
    said = "A study of this size usually finds a change in ASB incidents of about 38 a year for every 100 families"
    assert said in to_html(publish(verdict_view("domestic_abuse_outreach")))
    assert said not in to_html(publish(verdict_view("volunteer_mentors")))
    unknown = replace(verdict_view("domestic_abuse_outreach").rows[0], smallest_detectable=None)
    assert "A study of this size" not in to_html(
        publish(replace(verdict_view("domestic_abuse_outreach"), rows=(unknown,)))
    )


def test_what_the_answer_rests_on_is_told_of_its_outcome_alone():
    told = basis(publish(verdict_view()).payload)
    assert told.startswith(
        "The answer on ASB incidents rests in each of its months on at least about 165 families with"
    )
    assert told.endswith("Other outcomes and later months can rest on fewer, as their tables say.")


def test_the_months_of_an_outcome_start_folded(page):
    assert '<details class="closer"><summary>Month by month: ASB incidents</summary>' in page


def test_a_flow_says_every_step_whole_and_what_all_share_first():
    html = to_html(publish(flow_view()))
    order = [
        "About 205 families with this support are compared with about 550 like families",
        "Everyone known to services",
        "<b>19,990</b> known to services",
        "16,815 left out: never met the programme&#39;s rule, or lived elsewhere by then",
        "Families with this support",
        "25 left out: not enough like the families that they could be compared with",
        "Families that could be compared",
        "identified too late to be compared",
    ]
    places = [html.index(text, html.index("<ol") if place > 3 else 0) for place, text in enumerate(order)]
    assert places == sorted(places)


def test_a_flow_whose_end_is_hidden_counts_nobody_in_its_headline():
    few = replace(flow_view().rows[3], families=4, excluded=226)
    html = to_html(publish(v.FlowView((*flow_view().rows[:3], few))))
    assert "Who was studied" in html and "About" not in html


def test_a_flow_of_an_unknown_arm_is_refused():
    with pytest.raises(ConfigError, match="Did you mean 'treated'"):
        to_html(publish(v.FlowView((v.FlowRow("started", "treatd", 50, 0),))))


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
    html = rendered(families=7)
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
    structure = Structure(render_page(short_notebook(prose), stamp=STAMP))
    assert not structure.all("script")
    assert not any("example.org" in str(a.get(key)) for _, a in structure.tags for key in ("src", "href", "style"))


def test_figures_are_drawn_alike_and_hold_the_labels_as_text():
    figures = [re.findall(r"base64,([^\"]+)", str(to_html(publish(view)))) for view in other_views()]
    again = [re.findall(r"base64,([^\"]+)", str(to_html(publish(view)))) for view in other_views()]
    assert figures == again
    assert [len(found) for found in figures] == [1, 1, 0, 1, 1, 0]
    for picture in chain.from_iterable(figures):
        svg = base64.b64decode(picture).decode()
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
    book = short_notebook()
    loose = {"text/html": "<table><td>family 4711</td></table>", "text/plain": "4711"}
    book.cells[0].outputs.append(nb.new_output("display_data", data=loose))
    book.cells[0].outputs.append(nb.new_output("stream", name="stdout", text="family 4711"))
    assert "4711" not in render_page(book, stamp=STAMP)
    assert read_notebook(book).left_out == ["cell 1: text/html, text/plain"]


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
    assert (
        "Of 5 interventions looked at, 1 works, 1 is promising, 1 has no effect worth having, 1 may do harm." in index
    )
    for name in INTERVENTIONS:
        assert f'href="evaluations/{name}.html"' in index
    assert "<b>[x]</b> not available" in index and "<b>[c]</b>" not in index


def test_the_index_tells_every_outcome_that_decides_and_the_months_of_effects():
    asked = v.OutcomeRow("absence", "Unauthorised absence", SHARE, "no effect worth having", -1, -3, 1, 14)
    seen = v.OutcomeRow("police", "Police call-outs", COUNT, "cannot tell", 9, -30, 48, 90, primary=False)
    view = verdict_view("family_intervention_project")
    answer = publish(replace(view, rows=(*view.rows, asked, seen), months=(1, 12)))
    index = render_index([replace(pages()[0], verdict=answer)], stamp=STAMP)
    assert "No effect worth having: unauthorised absence." in index and "call-outs (secondary)" not in index
    assert "Each effect is the mean over months 1 to 12 after the start." in index


def test_a_site_is_built_twice_alike(tmp_path):
    first, second = (build_site(pages(), tmp_path / name, stamp=STAMP).parent for name in ("a", "b"))
    files = sorted(path.relative_to(first) for path in first.rglob("*.html"))
    assert len(files) == 7  # five pages, the index and the page by outcome
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
