"""What is asked of two releases of a site: papermill's own parameters file, validated beforehand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tf_eval import project
from tf_eval.data.strict_model import validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.runs.several_plans import SeveralPlans


class Changes(SeveralPlans):
    """The last release beside the present runs (``params/changes.yaml``).

    Attributes:
        plans: files of the plans that the site is about; default: all that ``params/evaluations/`` holds.
        output: folder of the runs and the site; ``tf-eval run`` names the one that it writes to.
    """

    output: str = project.OUTPUT

    @property
    def purpose(self) -> str:
        return self.each[0].purpose


def load_changes(path: str | Path) -> Changes:
    """Read and validate such a file; raise one ``ConfigError`` with every problem in it."""
    found = project.locate(path, "file of what is asked of changes")
    return read_changes(load_yaml(found), where=found)


def read_changes(parameters: Mapping[str, Any], where: Path | str = "the notebook's parameters") -> Changes:
    """Validate parameters as papermill hands them to a notebook."""
    return validate(Changes, {name: value for name, value in parameters.items() if value is not None}, where)
