"""Made-up releases of a site: what each told of two interventions."""

from dataclasses import replace

from tests.unit.test_report_pages import verdict_view
from tf_eval.release import publish
from tf_eval.report import Edition, Told

PROJECT, MENTORS = "family_intervention_project", "volunteer_mentors"
CONTENT = {
    "plan": {"intervention": PROJECT, "matching": {"ratio": 3, "caliper": 0.2}},
    "rests_on": {"the programme": "a"},
}
INPUTS = dict.fromkeys(("county", "code", "parameters", "lock", "python", "plan", "register", "notebook"), "1")


def told(
    name: str = PROJECT, *, word: str | None = None, effect: float | None = None, families: int = 163, **other
) -> Told:
    """What a release tells of an intervention; its verdict and the effect on its first outcome may be others."""
    view = replace(verdict_view(name, families=families), **({"verdict": word} if word else {}))
    if effect is not None:
        view = replace(view, rows=(replace(view.rows[0], effect=effect), *view.rows[1:]))
    facts = {"inputs": INPUTS, "content": CONTENT, "verdict": publish(view), **other}
    return Told(name, view.label, f"evaluations/{name}.html", is_evaluation=True, **facts)


def lost(name: str = MENTORS) -> Told:
    """An evaluation that could not be made."""
    return told(name, is_made=False, verdict=None, content={})


def edition(*pages: Told, key: str = "0", day: str = "2026-11-30", **other) -> Edition:
    """A release that was published on a day."""
    facts = {"extracts": {"police": "1", "schools": "1"}, **other}
    return Edition(f"{key * 64}", "oxfordshire", f"{day}T02:00:00Z", f"{day}T03:00:00Z", pages=pages, **facts)
