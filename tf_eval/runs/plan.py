"""The plan of one evaluation: papermill's own parameters file, validated before a kernel starts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tf_eval import project
from tf_eval.cohort.pools import AT_RISK, PoolRule
from tf_eval.cohort.words import listed
from tf_eval.data.agreements import Purpose
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError, unknown
from tf_eval.evidence.looks import LookSchedule
from tf_eval.evidence.subgroups import MOST_SUBGROUPS, Subgroup
from tf_eval.evidence.verdict import Subject
from tf_eval.matching.options import makes_sets
from tf_eval.runs.matching_plan import Matching, Name
from tf_eval.runs.worth_plan import Worth

Sentence = Annotated[str, Field(min_length=3, max_length=600)]
EventMonth = Annotated[int, Field(ge=1, le=24)]
Worthwhile = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Estimation(StrictModel):
    """How the effect is estimated: what ``tf_eval.estimate_att`` is asked.

    Attributes:
        method: the group-time estimator.
        covariates: covariates at the index date that the outcome and treatment models adjust for.
        baseline: months before the index month that make up the reference window; 12 at most, because the months
            before them show whether the groups moved alike.
        follow_up: event months, first and last, of the headline effect.
    """

    method: Literal["doubly_robust", "outcome_regression", "inverse_probability"] = "doubly_robust"
    covariates: list[Name] = Field(default_factory=list)
    baseline: Annotated[int, Field(ge=1, le=12)] = 12
    follow_up: list[EventMonth] = Field(default=[1, 12], min_length=2, max_length=2)

    @model_validator(mode="after")
    def _months_in_order(self) -> "Estimation":
        if self.follow_up[0] > self.follow_up[1]:
            raise ValueError("follow_up must name its first month first")
        return self


class Comparison(StrictModel):
    """Whom supported families are compared with: what ``panel.arms`` is asked.

    Attributes:
        pools: the pools that comparison families come from, see ``tf_eval.cohort.pools``.
        prior_support: whether families with any support before the index month are left out (``exclude``) or not
            (``allow``).
        washout_months: where they are not, months before the index month in which neither group may have had any.
        unanswered_months: months after which an offer that did not lead to a start counts as refused.
    """

    pools: list[str] = Field(default_factory=lambda: list(AT_RISK))
    prior_support: Literal["exclude", "allow"] = "exclude"
    washout_months: Annotated[int, Field(ge=0, le=60)] = 0
    unanswered_months: Annotated[int, Field(ge=1, le=24)] = 6

    @model_validator(mode="after")
    def _can_be(self) -> "Comparison":
        try:
            PoolRule(**self.asked)
        except ConfigError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def asked(self) -> dict[str, Any]:
        """Return what ``panel.arms`` is asked."""
        return dict(self)

    @property
    def below_threshold(self) -> bool:
        """What ``build_cohort`` is asked: whether the cohort has to hold families that never met the rule."""
        return "below_threshold" in self.pools


class Looks(StrictModel):
    """When a study is looked at, where it is reported again as data come in; fixed before the first look.

    Attributes:
        first: the last month of the records at the first look, ``YYYY-MM``.
        planned: how many looks there will be at most.
        months_apart: months from one look to the next.
        spending: how the chance of a false alarm is spent, see ``tf_eval.repeated_intervals``.
    """

    first: Annotated[str, Field(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]
    planned: Annotated[int, Field(ge=2, le=60)]
    months_apart: Annotated[int, Field(ge=1, le=12)] = 1
    spending: Literal["obrien_fleming", "pocock"] = "obrien_fleming"

    @property
    def schedule(self) -> LookSchedule:
        year, month = map(int, self.first.split("-"))
        return LookSchedule(12 * year + month - 1, self.planned, self.months_apart, self.spending)


class Plan(StrictModel):
    """One evaluation, as a file under ``params/evaluations/`` states it.

    Attributes:
        county: folder of the county, relative to the project.
        purpose: what the county is opened for; every data sharing agreement behind it has to cover that.
        linkage: how sure it has to be that records of two agencies are of one person.
        programme: programme file with the criteria.
        intervention: name of the intervention as the county's support records have it.
        title: the intervention's name for people.
        question: the question that the page answers.
        description: what was tried, on whom, in one or two sentences.
        outcomes: outcomes by name, in the order in which they are shown.
        primary: those of them that decide the verdict; default: all. The others are secondary: shown, and no more.
        negative_controls: outcomes that the intervention cannot move. They are measured as outcomes are, to see whether
            the design finds something there; nobody is matched on them, and they are not judged.
        comparison, matching, estimation: the design.
        smallest_worthwhile: the smallest change worth having, per outcome, in reporting units; outcomes that are not
            named keep the value of ``params/outcomes.yaml``.
        looks: when the study is looked at, where its report is made again and again.
        subgroups: ways of dividing families in which the answer might differ; see ``tf_eval.evidence.Subgroup``. None
            other is looked at, and none changes the verdict.
        worth: what the effects are worth and what payment by results would have paid anyway; default: not asked.
    """

    county: str
    purpose: Purpose = "evaluation"
    linkage: Literal["standard", "strict", "loose"] = "standard"
    programme: str
    intervention: Name
    title: Sentence
    question: Sentence
    description: Sentence
    outcomes: list[Name] = Field(min_length=1)
    primary: list[Name] = Field(default_factory=lambda given: list(given.get("outcomes", ())), min_length=1)
    negative_controls: list[Name] = Field(default_factory=list)
    comparison: Comparison = Comparison()
    matching: Matching
    estimation: Estimation = Estimation()
    smallest_worthwhile: dict[Name, Worthwhile] = Field(default_factory=dict)
    looks: Looks | None = None
    subgroups: list[Subgroup] = Field(default_factory=list, max_length=MOST_SUBGROUPS)
    worth: Worth | None = None

    @model_validator(mode="after")
    def _outcomes_once_and_named(self) -> "Plan":
        for key in ("outcomes", "primary", "negative_controls"):
            if len(set(getattr(self, key))) < len(getattr(self, key)):
                raise ValueError(f"{key}: each outcome may stand only once")
        for key in ("primary", "smallest_worthwhile"):
            strangers = [name for name in getattr(self, key) if name not in self.outcomes]
            if strangers:
                raise ValueError(f"{key}: {' '.join(unknown('outcome', name, self.outcomes) for name in strangers)}")
        return self

    @model_validator(mode="after")
    def _controls_are_not_judged(self) -> "Plan":
        both = [f"'{name}'" for name in self.negative_controls if name in self.outcomes]
        if both:
            raise ValueError(
                f"negative_controls: {listed(both)} cannot be judged and be what the "
                "intervention cannot move; take it out of outcomes (and primary), or out of negative_controls"
            )
        return self

    @model_validator(mode="after")
    def _other_districts_can_be_met(self) -> "Plan":
        if self.comparison.pools == ["other_district"] and "district" in self.matching.exact:
            raise ValueError(
                "comparison.pools: families of other districts cannot be compared within the district; take 'district' "
                "out of matching.exact, or add a pool"
            )
        return self

    @model_validator(mode="after")
    def _subgroups_can_be_told_apart(self) -> "Plan":
        problems = []
        if len({each.label for each in self.subgroups}) < len(self.subgroups):
            problems.append("each label may stand only once")
        problems += [
            f"'{each.column}' is an outcome; name what was known of it at the index date, such as '{each.column}_12m'"
            for each in self.subgroups
            if each.column in self.outcomes
        ]
        if any(each.column == "provider" for each in self.subgroups) and not makes_sets(self.matching.method):
            problems.append(
                f"method '{self.matching.method}' makes no sets, which alone tell to which provider like families "
                "belong; take 'provider' out, or match in sets, such as by 'nearest'"
            )
        if problems:
            raise ValueError(f"subgroups: {'; '.join(problems)}")
        return self

    @property
    def each(self) -> tuple["Plan", ...]:
        """The plans that are carried out: itself."""
        return (self,)

    @property
    def about(self) -> Subject:
        """What the verdict is about."""
        return Subject(self.intervention, self.title, self.question, self.description)

    @property
    def schedule(self) -> LookSchedule | None:
        """When the study is looked at; None where it is looked at once."""
        return self.looks.schedule if self.looks else None

    def measuring(self, outcome: str) -> dict[str, Any]:
        """Return what ``tf_eval.measure`` is asked for one outcome."""
        return {**dict(self.estimation), "smallest_worthwhile": self.smallest_worthwhile.get(outcome)}


def load_plan(path: str | Path) -> Plan:
    """Read and validate a plan; raise one ``ConfigError`` with every problem in it."""
    found = project.locate(path, "plan")
    return read_plan(load_yaml(found), where=found)


def read_plan(parameters: Mapping[str, Any], where: Path | str = "the notebook's parameters") -> Plan:
    """Validate parameters as papermill hands them to a notebook."""
    return validate(Plan, parameters, where)
