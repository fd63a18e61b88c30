"""What is asked of all evaluations of a county together: papermill's own parameters file, validated beforehand."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from tf_eval import project
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.runs.plan import Plan, load_plan

EVALUATIONS = "params/evaluations"
SHARED = ("county", "purpose", "linkage")


class Synthesis(StrictModel):
    """Plans that are carried out and looked at together (``params/what_works.yaml``).

    Attributes:
        plans: files of plans, of one county, opened for one purpose and linked in one way; default: all that
            ``params/evaluations/`` holds.
        elsewhere: tables of estimates that other places have shared (``estimates.csv`` of their sites).
        seed: of the draws that tell how effects hang together.
    """

    plans: list[str] = Field(default_factory=lambda: all_plans(), min_length=1)
    elsewhere: list[str] = Field(default_factory=list)
    seed: Annotated[int, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _of_one_county(self) -> "Synthesis":
        if len(set(self.plans)) < len(self.plans):
            raise ValueError("plans: each plan may stand only once")
        for name in SHARED:
            values = {getattr(plan, name) for plan in self.each}
            if len(values) > 1:
                raise ValueError(f"plans: they have to agree on {name}, not {', '.join(sorted(values))}")
        return self

    @cached_property
    def each(self) -> tuple[Plan, ...]:
        """The plans themselves."""
        return tuple(load_plan(path) for path in self.plans)

    @property
    def county(self) -> str:
        return self.each[0].county

    @property
    def purpose(self) -> str:
        return self.each[0].purpose

    @property
    def linkage(self) -> str:
        return self.each[0].linkage


def load_synthesis(path: str | Path) -> Synthesis:
    """Read and validate such a file; raise one ``ConfigError`` with every problem in it."""
    found = project.locate(path, "synthesis")
    return read_synthesis(load_yaml(found), where=found)


def read_synthesis(parameters: Mapping[str, Any], where: Path | str = "the notebook's parameters") -> Synthesis:
    """Validate parameters as papermill hands them to a notebook."""
    return validate(Synthesis, {name: value for name, value in parameters.items() if value is not None}, where)


def all_plans() -> list[str]:
    files = sorted(project.locate(EVALUATIONS, "folder").glob("*.yaml"))
    return [project.short(path) for path in files]
