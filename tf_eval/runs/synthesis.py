"""What is asked of all evaluations of a county together: papermill's own parameters file, validated beforehand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from tf_eval import project
from tf_eval.data.strict_model import validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.runs.several_plans import SeveralPlans


class Synthesis(SeveralPlans):
    """Plans that are carried out and looked at together (``params/what_works.yaml``).

    Attributes:
        plans: files of plans, of one county, opened for one purpose and linked in one way; default: all that
            ``params/evaluations/`` holds.
        elsewhere: tables of estimates that other places have shared (``estimates.csv`` of their sites).
        seed: of the draws that tell how effects hang together.
    """

    elsewhere: list[str] = Field(default_factory=list)
    seed: Annotated[int, Field(ge=0)] = 1

    @property
    def purpose(self) -> str:
        return self.each[0].purpose


def load_synthesis(path: str | Path) -> Synthesis:
    """Read and validate such a file; raise one ``ConfigError`` with every problem in it."""
    found = project.locate(path, "synthesis")
    return read_synthesis(load_yaml(found), where=found)


def read_synthesis(parameters: Mapping[str, Any], where: Path | str = "the notebook's parameters") -> Synthesis:
    """Validate parameters as papermill hands them to a notebook."""
    return validate(Synthesis, {name: value for name, value in parameters.items() if value is not None}, where)
