"""Why a page could not be made, as it may be shown."""

import re
from dataclasses import dataclass

from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED

# The message of an error is for the analyst and has exact counts. What is left is the place in a notebook, a time, and
# digits that are part of a name.
_NUMBER = re.compile(r"(?<![\w.])(?<!cell )\d[\d,]*(?:\.\d+)?(?![\w.]*\w)(?! seconds)")


@dataclass(frozen=True, eq=False)
class FailureView:
    """A page that could not be made: what it is about, its question, and the words of our own error."""

    label: str
    question: str
    problem: str


def release_failure(view: FailureView, rules: Rules) -> Released:
    """Release why there is no page, without the numbers in it: any may count families."""
    problem = " ".join(_NUMBER.sub(SUPPRESSED, view.problem).split())
    return Released("failure", view.label, {"label": view.label, "question": view.question, "problem": problem})
