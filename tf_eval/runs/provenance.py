"""Where a page's numbers come from, so that anyone with the same files gets the same page."""

import platform
from importlib.metadata import version

from tf_eval.cohort import load_outcomes
from tf_eval.cohort.drawn import earliest_drawn
from tf_eval.cohort.words import in_words
from tf_eval.data import County
from tf_eval.release.rules import project_rules
from tf_eval.release.views import ProvenanceView
from tf_eval.report.problem_words import agency_words
from tf_eval.runs import fingerprint
from tf_eval.runs.plan import Plan
from tf_eval.runs.several_plans import SeveralPlans

PACKAGES = ("tf_eval", "numpy", "scipy", "pandas", "duckdb", "matplotlib")


def provenance(plan: Plan | SeveralPlans, county: County) -> ProvenanceView:
    """Return what went into an evaluation, without the time of the run: the same inputs tell the same story.

    Args:
        plan: the validated plan, or what is asked of several together.
        county: the opened county.
    """
    programmes = dict.fromkeys(each.programme.rsplit("/", 1)[-1] for each in plan.each)
    facts = {
        "Plan": fingerprint.of_plan(plan)[:16],
        "Programme rules": ", ".join(programmes),
        "Agencies' extracts": _extracts(county),
        "Extracts drawn": _drawn(plan, county),
        "Months of data": _months(county.months),
        "Checked data": county.stamp[:16],
        "Shared parameters": fingerprint.of_parameters()[:16],
        "Release rules": fingerprint.of_object(project_rules().model_dump(mode="json"))[:16],
        "Code": fingerprint.code_version(),
        "Locked packages": fingerprint.of_lock()[:16],
        "Main packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES[1:]),
        "Python": platform.python_version(),
    }
    return ProvenanceView(facts, county.stamp, county.synthetic)


def _extracts(county: County) -> str:
    """Each agency with the fingerprint of what it sent."""
    sent = county.sources().groupby("agency")["sha256"].agg(lambda digests: fingerprint.of_object(sorted(set(digests))))
    return ", ".join(f"{agency_words(agency)} {digest[:12]}" for agency, digest in sent.items())


def _drawn(plan: Plan | SeveralPlans, county: County) -> str:
    """The day of the earliest extract that outcomes come from, as far as their records tell it."""
    known = load_outcomes()  # an unknown one fails its own plan, and not the pages that only name it
    outcomes = dict.fromkeys(name for each in plan.each for name in (*each.outcomes, *each.negative_controls))
    day = earliest_drawn(county, [name for name in outcomes if name in known])
    return f"{in_words(day)} or later" if day else "not known"


def _months(months: range) -> str:
    """The covered months in words; a month's number is its year times twelve, plus its place in the year."""
    first, last = (f"{month % 12 + 1:02d}/{month // 12}" for month in (months[0], months[-1]))
    return f"{first} to {last}"
