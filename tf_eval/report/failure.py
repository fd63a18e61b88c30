"""A page that could not be made says so, and why, and leads to the last one that could."""

from dataclasses import dataclass

from markupsafe import Markup

from tf_eval.release.released import Released
from tf_eval.release.shorthand import MEANINGS, SUPPRESSED
from tf_eval.report.markup import fill, style


@dataclass(frozen=True, eq=False)
class FailedPage:
    """A page that could not be made: where it stands, what it is about, why, and where the last good one is.

    ``last`` is the address of that one within the site and the day of its release, if there is any.
    """

    address: str
    label: str
    problem: str
    html: str
    last: tuple[str, str] | None = None


def failed_badge() -> Markup:
    """Return what stands in the place of a verdict where there is no page."""
    return fill("failed_badge.html.j2")


def render_failure(address: str, released: Released, *, stamp: str, last: tuple[str, str] | None = None) -> FailedPage:
    """Return the page at an address that could not be made.

    Arguments: ``released`` is why, as it passed the gate; ``last`` is the address of the last good page within the site
    and the day of its release.
    """
    facts = released.payload
    up = "../" * address.count("/")
    meaning = MEANINGS[SUPPRESSED] if SUPPRESSED in facts["problem"] else ""
    html = fill(
        "failed.html.j2",
        style=style(),
        label=facts["label"],
        question=facts["question"] or facts["label"],
        badge=failed_badge(),
        problem=facts["problem"],
        meaning=meaning,
        home=f"{up}index.html",
        last=last and (f"{up}{last[0]}", last[1]),
        stamp=stamp,
    )
    return FailedPage(address, facts["label"], facts["problem"], str(html), last)
