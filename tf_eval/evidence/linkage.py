"""Does the answer depend on how surely records are linked? The same design with stricter and with looser links.

Wrong links blur the groups and missed links lose outcomes, more often for some people than for others; national
evaluations report how their results move with the threshold (Harron and others 2017, "Challenges in administrative
data linkage for research"; Doidge and Harron 2019, "Reflections on modern methods: linkage error bias"). An answer that
holds at both ends does not rest on doubtful links.

Links move an answer in two ways. They change what is known of families, and who is studied at all. And they shift
everybody's score by a hair, upon which greedy matching picks other comparison families that are as much alike: that
moves the answer too, and would at the same links. So the pairs of the evaluation are made again wherever they still can
be, which shows the links at work; beside it stands the design matched anew, and what the choice of families does alone.
Where a design has no pairs, it can only be carried out anew as a whole.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tf_eval.cohort import Programme, build_cohort, build_panel
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.words import in_sentence, listed
from tf_eval.data import County
from tf_eval.errors import EstimationError, InputError, NotEstimated
from tf_eval.evidence.again import match_again
from tf_eval.evidence.effect_size import EffectSize, answer_of
from tf_eval.evidence.outcome_effect import OutcomeEffect, measure
from tf_eval.matching import Matched
from tf_eval.progress_bar import progress

LINKAGES = ("strict", "standard", "loose")
Sizes = tuple[EffectSize | NotEstimated, ...]


@dataclass(frozen=True, eq=False, repr=False)
class LinkageSensitivity:
    """The headline effects on every outcome at three ways of linking.

    Attributes:
        outcomes: the outcomes.
        same_families: by way of linking (``strict``, ``standard``, ``loose``), the headline effect on each outcome
            with the evaluation's families compared, wherever they are still there and still alike; empty where the
            design makes no pairs that could be kept.
        matched_anew: the same with like families chosen from the beginning.
        own: the evaluation's own way of linking.
        same_people: the ways of linking that come to just the same people as the evaluation's own.
    """

    outcomes: tuple[Outcome, ...]
    same_families: Mapping[str, Sizes]
    matched_anew: Mapping[str, Sizes]
    own: str = "standard"
    same_people: tuple[str, ...] = ()

    @property
    def depends(self) -> tuple[str, ...]:
        """The labels of the outcomes whose interval holds no effect at one way of linking and not at another."""
        return self._changing(self._by_links)

    @property
    def moved_by_links(self) -> float:
        """The largest move between ways of linking, families held if they can be, as a share of the interval's width.

        Missing (NaN) where nothing could be estimated twice.
        """
        own = self._by_links[self.own]
        return self._largest_move((own, row) for name, row in self._by_links.items() if name != self.own)

    @property
    def moved_by_choice(self) -> float:
        """The largest move between families held and chosen anew at the same links, as a share of the same width."""
        return self._largest_move(
            (row, self.matched_anew[name]) for name, row in self.same_families.items() if name != self.own
        )

    @property
    def _by_links(self) -> Mapping[str, Sizes]:
        """The effects that tell most of the links alone."""
        return self.same_families or self.matched_anew

    def table(self) -> pd.DataFrame:
        """Return a row per choice of families (``same``, ``anew``), way of linking and outcome, in reporting units."""
        return pd.DataFrame(
            {"outcome": outcome.name, "linkage": linkage, "families": families, **size.to_dict()}
            for outcome, linkage, families, size in self.rows()
        )

    def rows(self) -> Iterator[tuple[Outcome, str, str, EffectSize | NotEstimated]]:
        """Yield every outcome with a way of linking, a choice of families and the effect there."""
        for families, by_linkage in (("same", self.same_families), ("anew", self.matched_anew)):
            for linkage, row in by_linkage.items():
                for outcome, size in zip(self.outcomes, row, strict=True):
                    yield outcome, linkage, families, size

    def summary(self) -> str:
        if len(self.same_people) == len(LINKAGES) - 1:
            return "Stricter and looser rules link the records of the agencies to the same people, so nothing changes."
        return " ".join((self._said_of_answers(), self._said_of_moves(), self._said_of_choice())).strip()

    def __repr__(self) -> str:
        return f"<LinkageSensitivity: {len(self.outcomes)} outcomes>"

    def _said_of_answers(self) -> str:
        if not self.depends:
            return "No answer changes when records of different agencies are linked more strictly or more loosely."
        return (
            "How surely records of different agencies are linked makes a difference to the answer on "
            f"{_named(self.depends)}: whether the range includes no change depends on it."
        )

    def _said_of_moves(self) -> str:
        links, choice = self.moved_by_links, self.moved_by_choice
        if math.isnan(links):
            return ""
        if not self.same_families:
            return (
                f"No estimate moves by more than {_percent(links)} of the width of its range. Like families are found "
                "anew each time, so this is the doing of the links and of chance together."
            )
        return (
            f"While the same families are compared, the links move no estimate by more than {_percent(links)} of the "
            f"width of its range. Finding like families anew, under the same links, moves an estimate by up to "
            f"{_percent(choice)}: that is chance."
        )

    def _said_of_choice(self) -> str:
        """Name the outcomes on which the answer hangs on who is compared, and not on the links."""
        chosen = [label for label in self._changing(self.matched_anew) if label not in self.depends]
        return f"It can change the answer on {_named(chosen)}." if chosen else ""

    def _changing(self, by_linkage: Mapping[str, Sizes]) -> tuple[str, ...]:
        answers = ([answer_of(size) for size in row] for row in by_linkage.values())
        across = zip(self.outcomes, *answers, strict=True)
        return tuple(outcome.label for outcome, *found in across if len(set(found)) > 1)

    def _largest_move(self, compared: Iterable[tuple[Sizes, Sizes]]) -> float:
        moves = (
            abs(one.value - other.value) / (own.high - own.low)
            for before, after in compared
            for one, other, own in zip(before, after, self._by_links[self.own], strict=True)
            if not any(isinstance(size, NotEstimated) for size in (one, other, own))
        )
        return max(moves, default=math.nan)


def linkage_sensitivity(
    county: County,
    programme: Programme,
    matched: Matched,
    measured: Sequence[OutcomeEffect],
    *,
    intervention: str,
    comparison: Mapping[str, Any],
    matching: Mapping[str, Any],
    measuring: Callable[[str], Mapping[str, Any]],
) -> LinkageSensitivity:
    """Carry out an evaluation again with its county's people linked more strictly and more loosely.

    A family is the same where it bears the same pseudonym: it does as long as the first record of its first member is
    theirs. One that does not is a new family, and is matched anew.

    Args:
        county: the county, opened with the linkage of the evaluation.
        programme: the programme's criteria.
        matched: the families as the evaluation matched them.
        measured: the effects as the evaluation measured them.
        intervention: the intervention that is evaluated.
        comparison: what ``panel.arms`` is asked about who is compared.
        matching: what ``match`` is asked.
        measuring: what ``measure`` is asked for an outcome, by its name.

    Returns:
        The effects at each of the three ways of linking. Where two of them make the same people, one estimate serves
        both; where the design cannot be carried out at one, its effects are not estimated, with the reason.
    """
    outcomes = tuple(effect.outcome for effect in measured)
    choices = (matched, None) if matched.design.makes_pairs else (None,)

    def again(other: County) -> tuple[Sizes, ...]:
        cohort = build_cohort(other, programme, below_threshold="below_threshold" in comparison["pools"])
        panel = build_panel(other, cohort, outcomes=[outcome.name for outcome in outcomes])
        try:
            arms = panel.arms(intervention, **comparison)
            found = [match_again(arms, matching, kept) for kept in choices]
        except (EstimationError, InputError):
            reason = "too few families could be compared when records are linked in this way"
            return ((NotEstimated(reason),) * len(outcomes),) * len(choices)
        return tuple(
            tuple(measure(panel, design, outcome, **measuring(outcome.name)).headline for outcome in panel.outcomes)
            for design in found
        )

    others = {linkage: county.with_linkage(linkage) for linkage in LINKAGES}
    same = tuple(name for name, other in others.items() if name != county.linkage and other.has_people_of(county))
    own = (tuple(effect.headline for effect in measured),) * len(choices)
    rows = {
        name: own if name in (county.linkage, *same) else again(others[name])
        for name in progress(others, doing="ways of linking")
    }
    anew = {name: row[-1] for name, row in rows.items()}
    held = {name: row[0] for name, row in rows.items()} if len(choices) > 1 else {}
    return LinkageSensitivity(outcomes, held, anew, county.linkage, same)


def _percent(share: float) -> str:
    """Rounded up, because it is said to be a bound."""
    return f"{math.ceil(100 * share)}%"


def _named(labels: Sequence[str]) -> str:
    return listed([in_sentence(label) for label in labels])
