"""Plans of one county that are looked at together."""

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from pydantic import Field, model_validator

from tf_eval import project
from tf_eval.data.strict_model import StrictModel
from tf_eval.runs.plan import Plan, load_plan

EVALUATIONS = "params/evaluations"


class SeveralPlans(StrictModel):
    """Plans that agree on ``AGREED``.

    Attributes:
        plans: files of plans, each once; default: all that ``params/evaluations/`` holds.
    """

    AGREED: ClassVar[tuple[str, ...]] = ("county", "purpose", "linkage")

    plans: list[str] = Field(default_factory=lambda: _all_plans(), min_length=1)

    @model_validator(mode="after")
    def _of_one_county(self) -> "SeveralPlans":
        if problems := list(self._problems()):
            raise ValueError("; ".join(problems))
        return self

    @cached_property
    def each(self) -> tuple[Plan, ...]:
        """The plans themselves."""
        return tuple(load_plan(path) for path in self.plans)

    @property
    def county(self) -> str:
        return self.each[0].county

    @property
    def linkage(self) -> str:
        return self.each[0].linkage

    def _problems(self) -> Iterator[str]:
        if len(set(self.plans)) < len(self.plans):
            yield "plans: each plan may stand only once"
        for name in self.AGREED:
            values = {getattr(plan, name) for plan in self.each}
            if len(values) > 1:
                yield f"plans: they have to agree on {name}, not {', '.join(sorted(values))}"


def _all_plans() -> list[str]:
    files = sorted(project.locate(EVALUATIONS, "folder").glob("*.yaml"))
    return [project.short(path) for path in files]
