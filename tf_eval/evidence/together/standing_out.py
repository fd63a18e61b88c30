"""Whether an effect that is clear within its own evaluation stands out among all that a site looked at.

Each evaluation keeps the chance of a false claim among its own outcomes. With five of them, one site in ten would call
something a success where nothing does any good. So of all outcomes of all interventions, primary or not, those claims
stand out of which at most one in twenty is expected to be false (Benjamini and Hochberg 1995). What depends on who is
looking is no test, here as elsewhere.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from tf_eval.evidence.check import Check
from tf_eval.evidence.multiplicity import hochberg
from tf_eval.evidence.verdict import Verdict

NAME = "The change stands out among all that was looked at"
TOLD = {
    True: "Of changes as clear as this one, among all outcomes of all interventions, hardly any is expected by chance.",
    False: "It is clear by itself, but among so many outcomes of all interventions chance alone makes some like it.",
}


def standing_out(verdicts: Sequence[Verdict]) -> list[tuple[Check, ...]]:
    """Return for each verdict a check of every outcome that is clear within its own evaluation."""
    sizes = [len(verdict.outcomes) for verdict in verdicts]
    adjusted = hochberg([row.p_value for verdict in verdicts for row in verdict.outcomes])
    parts = np.split(adjusted, np.cumsum(sizes)[:-1])
    return [tuple(_checks(verdict, part)) for verdict, part in zip(verdicts, parts, strict=True)]


def _checks(verdict: Verdict, among_all: np.ndarray) -> Iterator[Check]:
    level = verdict.rules.level
    for row, p_value in zip(verdict.outcomes, among_all, strict=True):
        if row.p_adjusted is not None and row.p_adjusted < level:
            passed = bool(p_value <= level)
            yield Check(NAME, passed, TOLD[passed], outcome=row.outcome.name)
