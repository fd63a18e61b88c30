"""All interventions together on a page: what is said, what is drawn, and what few families hide."""

from dataclasses import replace

import pytest

from tests.unit.test_report_pages import STAMP, page_of, verdict_view
from tf_eval.errors import RunError
from tf_eval.release import Released, publish
from tf_eval.release.together import AloneRow, ClaimRow, Judged, LeagueView, StandingRow, WhatWorksView
from tf_eval.release.views import Check, StandardRow, StandardsView
from tf_eval.report import CountyPage, Download, render_index, render_page, to_html
from tf_eval.report.figures import draw_claims, draw_league
from tf_eval.report.together import alone_words, claims_words, doubt_words, league_words, shared_words

COUNT = "per_100_families_a_year"
ASB = ("asb", "ASB incidents", COUNT, "headline")
CLEAR = ClaimRow("project", "Project", *ASB, -120, -160, -80, "better", True, 150, 480)
OPEN = replace(CLEAR, name="mentors", intervention="Mentors", effect=-20, ci_low=-60, ci_high=20, holds=False)
DOUBT = "Read every answer here with doubt. More than half did the same."
HARM = replace(CLEAR, name="adviser", intervention="Adviser", effect=40, ci_low=20, ci_high=60, way="worse")


PASSED = Check("Interventions differ", True, "No outcome was changed alike.")
FAILED = Check("Interventions differ", False, "More than half did the same.")


def claims(*rows, rankable=("ASB incidents",), shared=PASSED):
    bands = [replace(row, band="1 to 6") for row in rows]
    return publish(WhatWorksView(3, (*rows, *bands), rankable, (1, 12), shared))


def test_what_is_clear_is_told_by_the_way_it_went():
    words = claims_words(claims(CLEAR, OPEN, HARM).payload)
    assert words.startswith("3 interventions were looked at on 3 effects that decide.")
    assert "For the better: Project (ASB incidents). For the worse: Adviser (ASB incidents)." in words
    assert "95 of 100 reports like this one would name none." in words
    assert words.endswith(
        "On ASB incidents some interventions did clearly better than others; that alone makes none of them the best. "
        "On no other outcome that decides can they be told apart."
    )


@pytest.mark.parametrize(
    ("shared", "said", "doubt"),
    [
        (PASSED, "No outcome was changed alike.", ""),
        (FAILED, DOUBT, DOUBT),
        ("two only", "Whether most interventions seem to do the same could not be examined: two only.", ""),
    ],
)
def test_what_most_interventions_share_is_told_and_is_a_doubt_where_it_is_one(shared, said, doubt):
    released = claims(CLEAR, shared=shared)
    assert shared_words(released.payload) == said and doubt_words(released.payload) == doubt
    assert said in str(to_html(released))


def test_what_most_interventions_did_is_not_told_where_an_effect_is_hidden():
    released = claims(replace(CLEAR, n_treated=7), OPEN, shared=FAILED)
    assert doubt_words(released.payload).startswith("Read every answer here with doubt. Most interventions seem")
    assert "More than half did the same" not in str(to_html(released))


def test_what_is_clear_by_itself_alone_is_named_where_it_may_be():
    rows = (AloneRow("Project", "Exclusions", 60, 150), AloneRow("Mentors", "Police call-outs", 7, 150))
    view = WhatWorksView(3, (CLEAR,), (), (1, 12), PASSED, rows)
    said = alone_words(publish(view).payload)
    assert said.endswith("and so no more than promising: Project (exclusions).") and "Mentors" not in said
    assert said in str(to_html(publish(view)))
    assert alone_words(claims(CLEAR).payload) == ""


SCORED = StandardRow("Maryland", "3", "3", "Alike before and after.", (), "Farrington 2002")


def judged(families=163):
    """What is said together of an intervention that works by itself: no more than that it is promising."""
    verdict = replace(verdict_view(families=families), verdict="promising")
    view = WhatWorksView(
        3, (CLEAR,), (), (1, 12), PASSED, judged=(Judged(verdict, StandardsView((SCORED,), (), families, 478)),)
    )
    return publish(view)


def test_the_figure_of_all_claims_is_filled_where_an_effect_is_clear_among_all():
    verdict = replace(verdict_view(), intervention="project", label="Project")
    standards = StandardsView((SCORED,), (), 163, 478)
    other = replace(verdict_view("volunteer_mentors"), intervention="mentors", label="Mentors")
    claim = (("asb_incident", "ASB incidents", COUNT, "headline"), -41, -70, -12, "better")
    clear, open_still = (
        ClaimRow(name, label, *claim[0], *claim[1:], holds, 150, 480)
        for name, label, holds in (("project", "Project", True), ("mentors", "Mentors", False))
    )
    both = (Judged(verdict, standards), Judged(other, standards))
    released = publish(WhatWorksView(2, (open_still, clear), (), (1, 12), PASSED, judged=both))
    drawing = draw_claims(released.payload)
    assert drawing.headline == "Better: Project (ASB incidents); 1 of 2 effects not clear"
    assert drawing.alt == (
        "2 effects by intervention. Project, ASB incidents a year for every 100 families: 41 fewer, clear among all; "
        "Mentors, ASB incidents a year for every 100 families: 2 fewer."
    )
    assert drawing.svg.index(">Project<") < drawing.svg.index(">Mentors<"), "those that work first, as on the index"
    neither = publish(WhatWorksView(2, (replace(clear, holds=False), open_still), (), (1, 12), PASSED, judged=both))
    assert draw_claims(neither.payload).headline == "None of 2 effects is clear among all"
    assert drawing.alt in str(to_html(released)).replace("&#39;", "'")
    few = publish(WhatWorksView(2, (replace(clear, n_treated=7),), (), (1, 12), PASSED, judged=both))
    assert draw_claims(few.payload) is None, "whether it is clear is hidden, so it is not drawn"
    assert draw_claims(claims(CLEAR).payload) is None


def test_a_site_says_of_an_intervention_what_is_left_of_it_among_all():
    verdict, standards = (Released.from_dict(one) for one in judged().payload["judged"][0])
    own = page_of()
    html = render_page(own, stamp=STAMP, judged={"verdict": verdict, "standards": standards})
    assert "Promising</span>" in html and "<title>Family intervention project: promising</title>" in html
    assert "This answer allows for all that was looked at in this place" in html
    assert "Works</span>" in render_page(own, stamp=STAMP) and "This answer allows" not in render_page(own, stamp=STAMP)


def test_what_is_said_among_all_is_hidden_where_it_would_be_on_its_own_page():
    verdict, standards = (Released.from_dict(one) for one in judged(families=7).payload["judged"][0])
    assert (verdict.payload["verdict"], verdict.payload["facts"]["effect"]) == ("cannot tell", "[c]")
    assert standards.payload["rows"] == []


def test_the_first_page_leads_to_the_pages_of_the_county_and_their_tables():
    together = CountyPage("what_works", "", judged(), (Download("estimates.csv", b"a\n", "The estimates as a table"),))
    index = render_index([], stamp=STAMP, county=[together])
    for said in ("All of them together", 'href="what_works.html"', 'href="estimates.csv" download', "3 interventions"):
        assert said in index, said
    with pytest.raises(RunError, match="Did you mean 'payment'"):
        render_index([], stamp=STAMP, county=[replace(together, answer=Released("payments", "t", {}))])


def test_where_nothing_is_clear_nothing_is_named():
    words = claims_words(claims(OPEN, rankable=()).payload)
    assert "none is clearer than that" in words and "none is called the best" in words and "Mentors" not in words


def test_an_effect_on_few_families_is_neither_shown_nor_told_to_be_clear():
    released = claims(replace(CLEAR, n_treated=7), OPEN)
    hidden = released.payload["rows"][0]
    assert (hidden["effect"], hidden["way"], hidden["holds"]) == ("[c]", "[c]", None)
    assert "Project (ASB" not in claims_words(released.payload)
    html = to_html(released)
    assert "120" not in html and "recognised, where the result rests on fewer than 10" in html


def test_months_stand_only_beside_bands():
    headlines, bands = str(to_html(claims(CLEAR))).split("The same by months")
    assert "Months" not in headlines and "1\xa0to\xa06" in bands


def league(n=150, tells_apart=True, reason=""):
    first = StandingRow("Project", -120, -160, -80, -110, -150, -70, 1, 1, n, 480)
    other = StandingRow("Mentors", -20, -60, 20, -25, -60, 10, 2, 2, 150, 480)
    return publish(LeagueView("asb", "ASB incidents", COUNT, (first, other), tells_apart, reason))


def test_who_is_the_best_is_said_only_where_it_can_be_told():
    assert league_words(league().payload) == "On ASB incidents Project is the best of these."
    assert "cannot be ranked" in league_words(league(tells_apart=False).payload)
    assert "no league table of ASB incidents: too few." in league_words(league(reason="too few").payload)


def test_one_hidden_effect_hides_all_ranks():
    """Ranks are of all rows together: whoever has the others knows the one that is left out."""
    payload = league(n=7).payload
    assert [row["rank_low"] for row in payload["rows"]] == [None, None]
    assert payload["rows"][0]["shrunk"] == "[c]" and payload["rows"][1]["shrunk"] == -25
    assert "cannot be ranked" in league_words(payload)


@pytest.mark.parametrize("tells_apart", [True, False])
def test_the_figure_says_in_words_what_it_shows(tells_apart):
    released = league(tells_apart=tells_apart)
    drawing = draw_league(released.payload)
    assert drawing.headline == league_words(released.payload)
    assert "Project: 120 fewer, may be number 1" in drawing.alt
    assert drawing.headline in to_html(released)
