"""The terms of an appraisal as one file states them."""

from collections.abc import Mapping

from pydantic import Field, model_validator

from tf_eval.data.strict_model import StrictModel
from tf_eval.value.appraisal.clause import Clause, Months, Sentence
from tf_eval.value.appraisal.delivery import Delivery
from tf_eval.value.appraisal.discounting import MONTHS, Discounting
from tf_eval.value.appraisal.persistence import Persistence
from tf_eval.value.appraisal.worth import Worth

GRADES = 6


class GradeOfConfidence(StrictModel):
    """What a grade means, and by how much of itself a cost is then marked up, and a saving down."""

    means: Sentence
    optimism: float = Field(ge=0, lt=1)


class OptimismBias(Clause):
    """Optimism bias by grade of confidence, from the best evidence (1) to a guess (6)."""

    grades: tuple[GradeOfConfidence, ...] = Field(min_length=GRADES, max_length=GRADES)

    @model_validator(mode="after")
    def _rises(self) -> "OptimismBias":
        found = [grade.optimism for grade in self.grades]
        if found != sorted(found):
            raise ValueError("a worse grade cannot have a smaller optimism bias.")
        return self

    def of(self, grade: int) -> float:
        """Return the bias of a grade; one beyond either end is that at the end."""
        return self.grades[min(max(grade, 1), GRADES) - 1].optimism


class Horizon(Clause):
    """Over how many months from the start costs and savings are counted; ``low`` and ``high`` for a tornado."""

    months: Months
    low: Months
    high: Months

    @model_validator(mode="after")
    def _lies_between(self) -> "Horizon":
        if not self.low <= self.months <= self.high:
            raise ValueError("low and high lie on either side of months.")
        return self


class OutcomeWorth(StrictModel):
    """What an outcome is worth: its unit costs, with a note for readers."""

    label: Sentence
    worth: tuple[Worth, ...] = Field(min_length=1)
    note: Sentence | None = None


class AppraisalTerms(StrictModel):
    """All that an appraisal assumes: ``params/appraisals/*.yaml``."""

    name: Sentence
    title: Sentence
    prices_of: Sentence
    horizon: Horizon
    discounting: Discounting
    optimism_bias: OptimismBias
    persistence: Persistence
    outcomes: Mapping[str, OutcomeWorth] = Field(min_length=1)
    delivery: Mapping[str, Delivery] = Field(min_length=1)

    @model_validator(mode="after")
    def _rates_reach(self) -> "AppraisalTerms":
        last = (self.horizon.high - 1) // MONTHS
        if last > self.discounting.last_year:
            raise ValueError(f"the horizon reaches year {last}, but a discount rate ends before it.")
        return self
