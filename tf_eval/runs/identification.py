"""What is asked of who qualifies in a county: papermill's own parameters file, validated beforehand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from tf_eval import project
from tf_eval.data.agreements import Purpose
from tf_eval.data.strict_model import validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.runs.plan import Sentence
from tf_eval.runs.several_plans import SeveralPlans


class Identification(SeveralPlans):
    """Who meets the criteria of the programme that a county's plans are of (``params/identification.yaml``).

    Attributes:
        title: whose families they are, for people.
        purpose: what the county is opened for, to identify families.
        plans: files of plans, which say which county, linkage and programme; default: all of ``params/evaluations/``.
        clock: whether what had ``happened`` by a day counts, or what had ``arrived`` by it.
    """

    AGREED: ClassVar[tuple[str, ...]] = (*SeveralPlans.AGREED, "programme")

    title: Sentence
    purpose: Purpose = "identification"
    clock: Literal["happened", "arrived"] = "happened"

    @property
    def programme(self) -> str:
        return self.each[0].programme


def load_identification(path: str | Path) -> Identification:
    """Read and validate such a file; raise one ``ConfigError`` with every problem in it."""
    found = project.locate(path, "identification")
    return read_identification(load_yaml(found), where=found)


def read_identification(
    parameters: Mapping[str, Any], where: Path | str = "the notebook's parameters"
) -> Identification:
    """Validate parameters as papermill hands them to a notebook."""
    return validate(Identification, {name: value for name, value in parameters.items() if value is not None}, where)
