"""What is asked of two interventions against each other: papermill's own parameters file, validated beforehand."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from tf_eval import project
from tf_eval.data.strict_model import validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.evidence.subgroups import Subgroup
from tf_eval.evidence.versus.for_whom import in_common
from tf_eval.runs.plan import Plan, Sentence
from tf_eval.runs.several_plans import SeveralPlans


class HeadToHead(SeveralPlans):
    """Two plans of a county, one against the other (``params/head_to_head.yaml``).

    Attributes:
        title: what is compared, for people.
        question: the question that the page answers.
        plans: files of the two plans, which follow the same outcomes of one programme in one way over the same months.
        seed: of the draws by which it is allowed for how many months were looked at.
    """

    AGREED: ClassVar[tuple[str, ...]] = (*SeveralPlans.AGREED, "programme")
    # What both have to have estimated in one way, for their difference to be one of effects.
    ESTIMATED: ClassVar[tuple[str, ...]] = ("method", "baseline", "follow_up")

    title: Sentence
    question: Sentence
    plans: list[str] = Field(min_length=2, max_length=2)
    seed: Annotated[int, Field(ge=0)] = 1

    @property
    def purpose(self) -> str:
        return self.each[0].purpose

    @property
    def outcomes(self) -> list[str]:
        """The outcomes that decide in both plans, in the order of the first."""
        first, second = self.each
        return [name for name in first.primary if name in second.primary]

    @property
    def subgroups(self) -> list[Subgroup]:
        """The parts that both plans declared."""
        first, second = self.each
        return in_common(first.subgroups, second.subgroups)

    @property
    def weighing(self) -> dict[str, Any]:
        """Return what ``tf_eval.weigh_either`` is asked: all that either plan matches on."""
        first, second = (plan.matching for plan in self.each)
        exact = [name for name in first.exact if name in second.exact]
        return {"on": _of_either(first.covariates, second.covariates), "exact": exact}

    def measuring(self, outcome: str) -> dict[str, Any]:
        """Return what ``tf_eval.measure_either`` is asked for one outcome: all that either plan adjusts for."""
        first, second = self.each
        shared = first.measuring(outcome)
        return {**shared, "covariates": _of_either(shared["covariates"], second.estimation.covariates)}

    def _problems(self) -> Iterator[str]:
        yield from super()._problems()
        if len(self.each) == 2:
            yield from _unlike(*self.each)


def _unlike(first: Plan, second: Plan) -> Iterator[str]:
    for name in HeadToHead.ESTIMATED:
        if getattr(first.estimation, name) != getattr(second.estimation, name):
            yield f"plans: they have to agree on estimation.{name}, or their effects are of different things"
    for name in ("outcomes", "negative_controls"):
        if getattr(first, name) != getattr(second, name):
            yield f"plans: they have to agree on {name}, so that one panel serves both"
    if first.comparison.below_threshold != second.comparison.below_threshold:
        yield "plans: both or neither may compare families below the threshold, so that one panel serves both"
    if first.looks or second.looks:
        yield "plans: a study that is looked at again and again has no interval that a difference could be made of"
    if not set(first.primary) & set(second.primary):
        yield "plans: no outcome decides in both (primary)"


def _of_either(first: list[str], second: list[str]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))


def load_head_to_head(path: str | Path) -> HeadToHead:
    """Read and validate such a file; raise one ``ConfigError`` with every problem in it."""
    found = project.locate(path, "head to head")
    return read_head_to_head(load_yaml(found), where=found)


def read_head_to_head(parameters: Mapping[str, Any], where: Path | str = "the notebook's parameters") -> HeadToHead:
    """Validate parameters as papermill hands them to a notebook."""
    return validate(HeadToHead, {name: value for name, value in parameters.items() if value is not None}, where)
