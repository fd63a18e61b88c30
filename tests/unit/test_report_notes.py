"""Notes on shorthand stand where the shorthand is seen, and each sign is explained once there."""

from dataclasses import replace

from tests.unit.test_report_pages import flow_view, verdict_view
from tf_eval.release import publish
from tf_eval.release import views as v
from tf_eval.report import to_html
from tf_eval.report.first_screen import first_screen_html

COUNT, STATE = "per_100_families_a_year", "of_100_families"
RATE = "for a rate that fewer than 10 have, or all but so few."
MEANT = "<b>[c]</b> confidential: hidden so that no family can be recognised"
# Of 150 families 2 in 100 are three: the rate is hidden, and the effect is not.
FEW = v.BandRow("1 to 6", -0.5, -2.0, 1.0, 2, 150, 480)


def test_a_table_says_why_a_sign_stands_in_it_in_one_sentence():
    released = publish(v.BandsView("care", "Families with a child in care", STATE, (FEW,)))
    assert released.notes == (f"[c] {RATE}",), "as the sheet of notes has it"
    html = to_html(released)
    assert f"{MEANT}, {RATE}</p>" in html and '<p class="note">' not in html


def test_several_reasons_are_told_after_one_another():
    rows = (FEW, replace(FEW, band="7 to 12", n_treated=7))
    html = to_html(publish(v.BandsView("care", "Families with a child in care", STATE, rows)))
    why = "where the result rests on fewer than 10 families with this support, and for a rate that fewer than 10 have"
    assert f"{MEANT}, {why}" in html and html.count("[c]</b>") == 1


def test_a_note_without_its_sign_is_left_out():
    """A verdict's rows can hide what its first screen does not tell."""
    care = v.OutcomeRow("care", "Families in care", STATE, "cannot tell", -0.5, -2.0, 1.0, 2)
    verdict = publish(replace(verdict_view(), rows=(care,)))
    assert verdict.notes == (f"[c] {RATE}",)
    assert "[c]" not in first_screen_html(verdict)
    html = to_html(verdict)
    assert f"{MEANT}, {RATE}" in html and html.count("fewer than 10 have") == 1


def test_a_note_on_a_sign_outside_of_tables_stands_by_itself():
    few = replace(flow_view().rows[3], families=4, excluded=226)
    html = to_html(publish(v.FlowView((*flow_view().rows[:3], few))))
    assert '<p class="note">[c] where fewer than 10 families are counted' in html


def test_a_note_on_no_sign_always_stands():
    rows = (v.StandardRow("Maryland", "3", "3", "Alike before and after.", (), "Farrington 2002"),)
    html = to_html(publish(v.StandardsView(rows, ("One study can earn no more.",), 163, 478)))
    assert '<p class="note">One study can earn no more.</p>' in html
