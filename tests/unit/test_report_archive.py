"""All releases: the list, the feed, the mark on what is not the latest, and pages that could not be made."""

import re
from dataclasses import replace
from datetime import datetime
from functools import partial
from xml.etree import ElementTree

import pytest

from tests.editions import MENTORS, PROJECT, edition, lost, told
from tests.unit.test_report_pages import PAYLOADS, STAMP, Structure, pages, short_notebook
from tf_eval.errors import RunError
from tf_eval.release import publish
from tf_eval.release.failure import FailureView
from tf_eval.report import (
    Besides,
    Edition,
    Releases,
    build_site,
    read_edition,
    render_failure,
    render_index,
    render_page,
)
from tf_eval.report.archive import PAGES_KEPT, as_archived, render_archive, render_feed
from tf_eval.report.words import MADE_UP

ATOM = "{http://www.w3.org/2005/Atom}"
THEN, NOW = (
    edition(told(), told(MENTORS)),
    edition(told(), lost(), key="1", day="2026-12-31", changed="Hardly anything."),
)


def released(*earlier: Edition, now: Edition = NOW, folder=None) -> Releases:
    return Releases(now, earlier, folder)


def failed(problem="the extract is empty; send it again", last=None):
    view = FailureView("Volunteer mentors", "Do mentors help?", problem)
    return render_failure("evaluations/volunteer_mentors.html", publish(view), stamp=STAMP, last=last)


def test_a_release_is_read_as_it_was_written(tmp_path):
    NOW.write(tmp_path / "release.json")
    again = read_edition(tmp_path / "release.json")
    assert (again.name, again.changed, again.extracts) == ("2026-12-31-111111111111", NOW.changed, NOW.extracts)
    assert [one.verdict and one.verdict.digest for one in again.pages] == [NOW.pages[0].verdict.digest, None]
    assert again.table().values.tolist() == [
        ["Family intervention project", "works"],
        ["Volunteer mentors", "could not be made"],
    ]
    assert again.summary() == "A release of oxfordshire (published 2026-12-31T03:00:00Z) with 1 verdicts"


@pytest.mark.parametrize(
    "damage", [lambda text: text.replace("works", "promising"), lambda text: text[:99], lambda _: "{}"]
)
def test_what_a_release_told_cannot_be_changed_afterwards(tmp_path, damage):
    path = tmp_path / "release.json"
    NOW.write(path)
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(RunError, match=r"release\.json: what a release told cannot be read"):
        read_edition(path)


def test_a_page_that_is_not_the_latest_says_so_and_leads_to_the_latest():
    page = render_page(short_notebook(), stamp=STAMP)
    html = as_archived(page, THEN, depth=1)
    assert re.sub(r"<aside.*?</aside>\n", "", html, flags=re.DOTALL) == page, "nothing else of it is changed"
    structure = Structure(html)
    assert not structure.open
    assert "This is not the latest release." in html and "published on 30 November 2026" in html
    (aside,) = structure.all("aside")
    assert aside[1]["aria-label"] == "Not the latest release"
    assert '<a href="../../../index.html"' in html and html.index("<aside") < html.index("<main")


@pytest.mark.parametrize(
    ("link", "moved"),
    [
        ("archive.html", "../../archive.html"),
        ("archive.html#release-x", "../../archive.html#release-x"),
        ("../feed.xml", "../../../feed.xml"),
        ("archive/2026-01-01-a/index.html", "../../archive/2026-01-01-a/index.html"),
        ("evaluations/archive.html", "evaluations/archive.html"),
        ("what_works.html", "what_works.html"),
        ("#archive.html", "#archive.html"),
    ],
)
def test_what_a_site_has_but_once_is_found_from_an_old_page(link, moved):
    assert as_archived(f'<a href="{link}">', THEN, depth=0) == f'<a href="{moved}">'


def test_the_list_has_the_latest_first_with_the_verdicts_that_each_told():
    html = render_archive(released(THEN), stamp=STAMP)
    structure = Structure(html)
    assert not structure.open and not structure.all("script")
    assert html.index("31 December 2026 (the latest)") < html.index("30 November 2026</h2>")
    assert "Hardly anything." in html and "The first release." in html
    for href in ("index.html", f"evaluations/{PROJECT}.html"):
        assert f'href="{href}"' in html and f'href="archive/{THEN.name}/{href}"' in html
    assert html.count("Could not be made") == 1


def test_two_releases_of_one_day_are_told_apart_by_the_time():
    corrected = replace(THEN, key="5", published="2026-11-30T15:30:00Z")
    html = render_archive(released(corrected, THEN), stamp=STAMP)
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", html) == [
        "31 December 2026 (the latest)",
        "30 November 2026, 15:30 UTC",
        "30 November 2026, 03:00 UTC",
    ]


def test_what_a_release_of_long_ago_told_is_listed_without_its_pages():
    old = [edition(told(), key=f"{month:x}", day=f"2025-{month:02d}-01") for month in range(12, 0, -1)]
    html = render_archive(released(THEN, *old), stamp=STAMP)
    assert len(old) == PAGES_KEPT and html.count("not kept here") == 1
    assert "1 January 2025" in html and f"archive/{old[-1].name}" not in html


def test_the_last_good_page_of_a_run_is_that_of_the_last_release_that_had_it():
    older = edition(told(), told(MENTORS), key="2", day="2026-10-31")
    lacking = edition(told(), lost(), key="3", day="2026-11-15")
    found = released(lacking, older)
    assert found.last_good(PROJECT) == (f"archive/{lacking.name}/evaluations/{PROJECT}.html", "15 November 2026")
    assert found.last_good(MENTORS) == (f"archive/{older.name}/evaluations/{MENTORS}.html", "31 October 2026")
    assert found.last_good("what_works") is None


def parsed(releases: Releases):
    return ElementTree.fromstring(render_feed(releases))


def test_the_feed_has_what_rfc_4287_asks_of_it():
    feed = parsed(released(THEN))
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Release of 31 December 2026",
        "Release of 30 November 2026",
    ]
    for part in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", part.findtext(f"{ATOM}id"))
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated")).tzinfo
        assert len([link for link in part.findall(f"{ATOM}link") if link.get("rel") == "alternate"]) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert entries[0].findtext(f"{ATOM}updated") == NOW.stamp == feed.findtext(f"{ATOM}updated")
    said = "Hardly anything. Family intervention project: Works. Volunteer mentors: Could not be made."
    assert entries[0].findtext(f"{ATOM}summary") == said


def test_all_releases_of_made_up_people_say_so():
    for render in (partial(render_archive, stamp=STAMP), render_feed):
        assert MADE_UP in render(released(THEN), made_up=MADE_UP) and MADE_UP not in render(released(THEN))


def test_a_release_keeps_its_id_when_others_follow_and_no_two_have_one():
    before = [entry.findtext(f"{ATOM}id") for entry in parsed(released(now=THEN)).findall(f"{ATOM}entry")]
    after = [entry.findtext(f"{ATOM}id") for entry in parsed(released(THEN)).findall(f"{ATOM}entry")]
    assert after[1:] == before and len({*after, parsed(released()).findtext(f"{ATOM}id")}) == 3


@pytest.mark.parametrize("label", PAYLOADS)
def test_markup_in_what_changed_is_only_text(label):
    hostile = edition(told(), changed=label)
    (entry,) = parsed(released(now=hostile)).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}summary").startswith(label)
    assert not Structure(render_archive(released(now=hostile), stamp=STAMP)).all("script", "svg", "img")


def test_a_page_that_could_not_be_made_says_so_and_why_and_leads_to_the_last_good_one():
    last = ("archive/2026-11-30-0/evaluations/volunteer_mentors.html", "30 November 2026")
    html = failed(last=last).html
    structure = Structure(html)
    assert not structure.open and len(structure.all("h1")) == 1
    assert "Do mentors help?</h1>" in html and "Could not be made" in html
    assert "the extract is empty; send it again" in html
    assert f'href="../{last[0]}"' in html and 'href="../index.html"' in html
    assert "No earlier answer has been published." in failed().html


@pytest.mark.parametrize(
    ("problem", "told_as"),
    [
        ("only 3 families started", "only [c] families started"),
        ("the column 'n' has 1,204 values, of which 7.", "the column 'n' has [c] values, of which [c]."),
        ("districts: Cherwell (4), Vale: 6", "districts: Cherwell ([c]), Vale: [c]"),
        ("cell 12 raised KeyError", "cell 12 raised KeyError"),
        ("a cell took longer than 900 seconds", "a cell took longer than 900 seconds"),
        ("params/programmes/oxfordshire_2012.yaml: wrong", "params/programmes/oxfordshire_2012.yaml: wrong"),
        ("two\n  - lines", "two - lines"),
    ],
)
def test_why_a_page_could_not_be_made_counts_nobody(problem, told_as):
    page = failed(problem)
    assert page.problem == told_as
    assert ("<b>[c]</b> confidential" in page.html) == ("[c]" in told_as)


def test_the_index_has_a_card_for_each_page_that_could_not_be_made():
    last = ("archive/2026-11-30-0/evaluations/volunteer_mentors.html", "30 November 2026")
    index = render_index(pages()[:1], stamp=STAMP, besides=Besides([failed(last=last)], "Read with care."))
    assert "Of 1 intervention looked at, 1 works. 1 page could not be made this time." in index
    assert '<a href="evaluations/volunteer_mentors.html">Volunteer mentors</a>' in index
    assert f'<a href="{last[0]}">The last one, of 30 November 2026</a>' in index
    assert '<p class="doubt">Read with care.</p>' in index


def test_the_index_leads_to_all_releases_and_their_feed_where_there_are_any():
    links = ('<link rel="alternate" type="application/atom+xml" title="All releases" href="feed.xml">', "archive.html")
    listed, alone = (
        render_index(pages()[:1], stamp=STAMP, besides=Besides(releases=kept)) for kept in (released(), None)
    )
    assert all(link in listed and link not in alone for link in links)


def test_a_site_takes_the_earlier_releases_along(tmp_path):
    kept = tmp_path / "archive" / THEN.name / "evaluations"
    kept.mkdir(parents=True)
    (kept / "x.html").write_text("as it was", encoding="utf-8")
    besides = Besides(releases=released(THEN, folder=tmp_path / "archive"))
    for _ in range(2):
        index = build_site(pages()[:1], tmp_path / "site", stamp=STAMP, besides=besides)
    site = index.parent
    assert (site / "archive" / THEN.name / "evaluations" / "x.html").read_text(encoding="utf-8") == "as it was"
    assert read_edition(site / "release.json").name == NOW.name
    assert {"archive.html", "feed.xml"} <= {path.name for path in site.iterdir()}
    assert (kept / "x.html").exists(), "what is kept stays when a site goes"
