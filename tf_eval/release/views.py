"""The plain shapes that the gate accepts: what a result of another room says, before any disclosure control.

Effects, intervals and base rates come in the unit in which they are shown (a key of ``tf_eval.release.units.UNITS``).
A number that could not be estimated is ``None``. Counts are the true ones: rounding is the gate's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DIRECTIONS = ("fall", "rise")
REGISTRATIONS = ("before", "after", "changed", "not registered")
VERDICTS = ("works", "promising", "no effect worth having", "cannot tell", "may do harm")


@dataclass(frozen=True, eq=False)
class SentenceFacts:
    """What the verdict's sentence says: the headline outcome, its effect with interval, and the rate without it."""

    outcome_label: str
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    base_rate: float | None
    unit: str


@dataclass(frozen=True, eq=False)
class Check:
    """One test that the result passed or failed."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, eq=False)
class Reason:
    """Why a verdict is what it is: a sentence, and the label of the outcome that it is about (empty: about all)."""

    outcome: str
    text: str


@dataclass(frozen=True, eq=False)
class OutcomeRow:
    """The verdict on one outcome.

    ``relative_change`` is a fraction of the base rate; ``smallest_detectable`` is the size of the smallest change that
    a study of this size finds four times in five; counts default to the view's. ``good_direction`` is
    "fall" or "rise"; an outcome that is not ``primary`` has no say in the verdict; ``rule`` is the name of the rule
    that decided.
    """

    outcome: str
    label: str
    unit: str
    verdict: str
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    base_rate: float | None
    relative_change: float | None = None
    smallest_worthwhile: float | None = None
    detection_sensitive: bool = False
    reason: str = ""
    smallest_detectable: float | None = None
    n_treated: int | None = None
    n_comparison: int | None = None
    good_direction: str = "fall"
    primary: bool = True
    rule: str = ""


@dataclass(frozen=True, eq=False)
class VerdictView:
    """The answer on one intervention.

    ``description`` says in a sentence or two what the support is; ``would_change`` what would lead to another answer;
    ``months`` are the first and the last since the start that the effects are of, ``None`` where it is all of them.
    """

    intervention: str
    label: str
    question: str
    verdict: str
    sentence_facts: SentenceFacts
    reasons: tuple[Reason, ...]
    checks: tuple[Check, ...]
    n_treated: int
    n_comparison: int
    rows: tuple[OutcomeRow, ...]
    description: str = ""
    would_change: tuple[str, ...] = ()
    degrees_of_freedom: int | None = None
    months: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class RuleRow:
    """A rule of verdicts: its name, when it holds, its verdict, and what would change that."""

    name: str
    when: str
    verdict: str
    would_change: str


@dataclass(frozen=True, eq=False)
class RulesView:
    """The rules of verdicts in the order in which they are tried, and how they are read."""

    rows: tuple[RuleRow, ...]
    sentence: str


@dataclass(frozen=True, eq=False)
class StandardRow:
    """The score on one standard of evidence, and why it is not the most that the design can earn."""

    standard: str
    score: str
    most: str
    meaning: str
    reasons: tuple[str, ...]
    source: str


@dataclass(frozen=True, eq=False)
class StandardsView:
    """How strong the evidence behind a verdict is; the counts are those of the verdict."""

    rows: tuple[StandardRow, ...]
    notes: tuple[str, ...]
    n_treated: int
    n_comparison: int
    degrees_of_freedom: int | None = None


@dataclass(frozen=True, eq=False)
class BandRow:
    """The effect in one band of follow-up months, such as "1 to 6"."""

    band: str
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    base_rate: float | None
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class BandsView:
    """The effect on one outcome by follow-up band."""

    outcome: str
    label: str
    unit: str
    rows: tuple[BandRow, ...]
    degrees_of_freedom: int | None = None


@dataclass(frozen=True, eq=False)
class EventTimeRow:
    """The effect in one month (or other period) from the start."""

    event_time: int
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class EventStudyView:
    """The effect on one outcome by month from the start; ``baseline`` is the window it is measured against.

    ``period`` is what a step of event time is called: "month", "year".
    """

    outcome: str
    label: str
    unit: str
    rows: tuple[EventTimeRow, ...]
    baseline: tuple[int, int] = (-12, -1)
    degrees_of_freedom: int | None = None
    period: str = "month"


@dataclass(frozen=True, eq=False)
class FlowRow:
    """Families of one arm left after a step, and excluded by it (the first step of an arm excludes nobody)."""

    step: str
    arm: str
    families: int
    excluded: int
    reason: str = ""


@dataclass(frozen=True, eq=False)
class FlowView:
    """Who was studied: rows in the order of the steps, arm by arm."""

    rows: tuple[FlowRow, ...]


@dataclass(frozen=True, eq=False)
class AllocationRow:
    """Families identified in a district in a period, beside the number allocated to it.

    ``extrapolated`` is what the county's number comes to when it is spread as the ``assessed`` families of
    its districts are. ``allocated`` and ``extrapolated`` are ``None`` where there is no such number.
    """

    district: str
    period: str
    identified: int
    allocated: int | None
    extrapolated: float | None
    assessed: int


@dataclass(frozen=True, eq=False)
class AllocationView:
    """Families identified and allocated by district, and the documents that the allocated numbers stand in.

    ``allocated`` is the number for the whole area; ``None``: none was told.
    """

    rows: tuple[AllocationRow, ...]
    allocated: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class BalanceRow:
    """The standardised mean difference of one covariate before and after matching or weighting."""

    label: str
    smd_before: float | None
    smd_after: float | None


@dataclass(frozen=True, eq=False)
class BalanceView:
    """How alike the groups are, before and after they were ``adjusted_by`` "matching" or "weighting".

    Up to ``threshold`` they count as alike in a characteristic; beyond ``limit`` none may be.
    """

    rows: tuple[BalanceRow, ...]
    n_treated: int
    n_comparison: int
    threshold: float = 0.1
    limit: float = 0.25
    sentence: str = ""
    adjusted_by: str = "matching"


@dataclass(frozen=True, eq=False)
class PopulationRow:
    """How far families studied and left out are from all with this support on one covariate, in its SDs among these."""

    label: str
    studied: float | None
    left_out: float | None


@dataclass(frozen=True, eq=False)
class PopulationView:
    """Whom the answer is about; a difference up to ``notable`` is hardly worth a word."""

    rows: tuple[PopulationRow, ...]
    n_studied: int
    n_left_out: int
    notable: float


@dataclass(frozen=True, eq=False)
class NaiveRow:
    """One outcome before and after among supported families, beside the change of the comparison and the estimate.

    ``n_treated`` and ``n_comparison`` are the families behind the estimate, ``naive_n_treated`` those behind before and
    after; they default to the view's.
    """

    outcome: str
    label: str
    unit: str
    before: float | None
    after: float | None
    naive_change: float | None
    comparison_change: float | None
    effect: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    n_treated: int | None = None
    n_comparison: int | None = None
    naive_n_treated: int | None = None


@dataclass(frozen=True, eq=False)
class NaiveView:
    """What before-and-after would have claimed; without rows the sentence stands alone."""

    rows: tuple[NaiveRow, ...]
    n_treated: int
    n_comparison: int
    sentence: str = ""


@dataclass(frozen=True, eq=False)
class LinkageRow:
    """The headline effect on one outcome with records linked in one way ("strict", "standard", "loose").

    ``families`` says which like families are compared: the "same" as in the evaluation, or chosen "anew".
    """

    outcome: str
    label: str
    unit: str
    linkage: str
    families: str
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class LinkageView:
    """How the answers move with how surely records are linked; without rows the sentence stands alone."""

    rows: tuple[LinkageRow, ...]
    sentence: str = ""


@dataclass(frozen=True, eq=False)
class MethodsView:
    """How an evaluation was done: the options of the match and of the estimation, by their names.

    ``looks`` says when it is looked at, where its report is made again and again; ``subgroups`` what parts are told
    apart, each as it follows "between"; ``negative_controls`` what the intervention cannot move.
    """

    matching: Mapping[str, Any]
    estimation: Mapping[str, Any]
    looks: Mapping[str, Any] | None = None
    subgroups: tuple[str, ...] = ()
    negative_controls: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ClauseRow:
    """One clause of a plan: its place in the file, what was registered, and what it says now."""

    clause: str
    registered: str
    present: str


@dataclass(frozen=True, eq=False)
class RegistrationView:
    """Whether a plan, called by its ``label``, was fixed beforehand; days are ISO 8601, and empty where there is none.

    ``status`` is one of ``REGISTRATIONS``; ``earlier`` are the days of registrations before the one that counts, which
    was made on ``registered_on`` and bears the ``fingerprint``. The data were drawn on ``drawn_on`` or later.
    """

    label: str
    status: str
    registered_on: str = ""
    drawn_on: str = ""
    earlier: tuple[str, ...] = ()
    fingerprint: str = ""
    changes: tuple[ClauseRow, ...] = ()


@dataclass(frozen=True, eq=False)
class ProvenanceView:
    """Where the numbers come from: name and value, in the order given, and the stamp of the county that was read.

    ``synthetic`` says that the people of the county are made up.
    """

    facts: Mapping[str, str]
    county: str = ""
    synthetic: bool = False
