"""The site by outcome: every outcome with what each intervention was found to do, from the verdicts of the site."""

import io
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from tests.unit.test_report_pages import INTERVENTIONS, STAMP, UNCERTAIN, Structure, pages, verdict_view
from tf_eval.errors import RunError
from tf_eval.release import publish
from tf_eval.report import Imprint, Publisher, build_site, render_index
from tf_eval.report.by_outcome import render_outcomes
from tf_eval.report.figures import draw_outcome

NOTE = "Incidents recorded by the police."
IMPRINT = Imprint("Testshire", Publisher("Testshire", "ask@example.org"), {"asb_incident": NOTE})
OUTCOMES = {"asb_incident", "absence", "out_of_work_benefit", "plan_or_care", "callout"}


def verdicts(families=163):
    return {name: publish(verdict_view(name, families=families)) for name in INTERVENTIONS}


@pytest.fixture(scope="module")
def made():
    return render_outcomes(verdicts(), stamp=STAMP, imprint=IMPRINT)


def rows(**changes):
    view = verdict_view()
    payload = publish(replace(view, rows=(replace(view.rows[0], **changes),))).payload
    return [{**row, "intervention": "Project"} for row in payload["rows"]]


def test_every_outcome_stands_once_in_alphabetical_order_with_a_link_to_it(made):
    structure = Structure(made.html)
    links = [a["href"][1:] for _, a in structure.all("a") if a["href"].startswith("#outcome-")]
    headings = [a["id"] for _, a in structure.all("h2") if a.get("id", "").startswith("outcome-")]
    assert links == headings and len(set(links)) == len(links)
    assert set(links) == {f"outcome-{name}" for name in OUTCOMES}
    labels = re.findall(r'<h2 id="outcome-[^>]*>(.*?)</h2>', made.html)
    assert labels == sorted(labels, key=str.lower)


def test_an_outcome_says_what_it_is_its_unit_and_what_is_worth_having(made):
    assert (
        "ASB incidents a year for every 100 families. A fall is what is wanted. "
        f"The smallest change worth having is 25. {NOTE}" in made.html
    )
    assert "It depends on who is looking: by itself it is neither harm nor benefit." in made.html


def test_every_intervention_is_told_with_verdict_effect_interval_and_base_rate(made):
    section = made.html[made.html.index('id="outcome-asb_incident"') : made.html.index('id="outcome-plan_or_care')]
    for name in INTERVENTIONS:
        assert f'href="evaluations/{name}.html"' in section
    assert "About 41 fewer ASB incidents a year for every 100 families (between 12 and 70 fewer). Without" in section
    assert section.count('<span class="badge ') == len(INTERVENTIONS) and section.count("<img") == 1
    assert "ASB incidents: every intervention, a year for every 100 families</caption>" in section


def test_the_list_names_who_has_a_finding(made):
    assert "Works: Family intervention project. Promising: Parenting programme. May do harm: Employment" in made.html
    assert "</a>: nothing clear</li>" in made.html
    assert "on ASB incidents.</p>" in made.html, "what changed without a verdict is no finding"
    assert "5 outcomes were looked at, for 5 interventions. There is a finding, good or bad, on" in made.html


def test_what_changed_and_is_not_judged_is_told_with_its_reason(made):
    """Beside a range that leaves out no change at all "cannot tell" alone reads like a mistake."""
    assert "</a>: Changed, but not judged, as it depends on who is looking: Family intervention project, V" in made.html
    drawing = draw_outcome(rows(detection_sensitive=True, verdict="cannot tell"))
    assert drawing.headline == "Changed, but not judged, as it depends on who is looking: project"
    open_still = draw_outcome(rows(detection_sensitive=True, verdict="cannot tell", ci_high=5))
    assert open_still.headline == "1 of 1 interventions not settled"
    index = render_index(pages(), stamp=STAMP)
    assert index.count('62 more</span> <span class="why">depends on who is looking</span>') == len(INTERVENTIONS)
    assert index.count("depends on who is looking") == len(INTERVENTIONS)


def test_each_verdict_stands_beside_its_reason(made):
    section = made.html[made.html.index('id="outcome-out_of_work') : made.html.index('id="outcome-callout')]
    assert section.count(f'<span class="why">{UNCERTAIN}</span>') == len(INTERVENTIONS)


def test_what_is_hidden_in_a_verdict_is_hidden_here():
    hidden = render_outcomes(verdicts(families=7), stamp=STAMP, imprint=IMPRINT)
    assert "<img" not in hidden.html and "About 41 fewer" not in hidden.html
    assert "confidential, because too few families stand behind it" in hidden.html
    assert "There is no clear finding on any." in hidden.html
    assert "recognised, where the result rests on fewer than 10 families with this support" in hidden.html


def test_its_tables_are_files_too(made):
    book = load_workbook(io.BytesIO(made.downloads[0].content))
    assert book["Cover_sheet"]["A1"].value == "All outcomes, Testshire"
    first = [cell.value for cell in book["Table_2"][4]]
    assert first[:6] == ["Family intervention project", "Works", -41, -70, -12, 290]
    assert 'href="outcomes.xlsx" download' in made.html


def test_the_index_leads_to_each_outcome_and_to_the_tables(tmp_path, made):
    index = render_index(pages(), stamp=STAMP, downloads=made.downloads)
    assert 'href="outcomes.html#outcome-asb_incident"' in index and 'href="outcomes.xlsx" download' in index
    site = build_site(pages(), tmp_path / "site", stamp=STAMP, imprint=IMPRINT).parent
    for page in ("index.html", "outcomes.html"):
        assert (site / page).read_text(encoding="utf-8").count('<p class="caption">Testshire</p>\n<h1>') == 1
    assert {path.name for path in site.glob("outcomes*")} == {"outcomes.html", "outcomes.xlsx", "outcomes_csv.zip"}


def test_no_page_can_take_the_name(tmp_path):
    with pytest.raises(RunError, match="'outcomes' is used twice"):
        build_site([replace(pages()[0], name="outcomes")], tmp_path / "site", stamp=STAMP)


def test_the_figure_tells_the_finding_the_range_and_the_rate_without():
    drawing = draw_outcome(rows())
    assert drawing.headline == "Better: project"
    assert drawing.alt == (
        "Effect on ASB incidents by intervention. Project: 41 fewer (between 12 and 70 fewer), against about 290 "
        "without this support, works."
    )
    assert "Project (290 without it)" in drawing.svg
    assert draw_outcome(rows(effect=None, ci_low=None, ci_high=None)) is None
