"""What is asked of a county's records: papermill's own parameters file, validated beforehand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tf_eval import project
from tf_eval.data.strict_model import validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.runs.plan import Sentence
from tf_eval.runs.several_plans import SeveralPlans


class DataQuality(SeveralPlans):
    """Whether the records that a county's plans rest on can be trusted (``params/data_quality.yaml``).

    Attributes:
        title: whose records they are, for people.
        plans: files of plans, which say which county, linkage and purpose; default: all of ``params/evaluations/``.
    """

    title: Sentence

    @property
    def purpose(self) -> str:
        """What the plans open the county for: the page is about what they rest on."""
        return self.each[0].purpose


def load_data_quality(path: str | Path) -> DataQuality:
    """Read and validate such a file; raise one ``ConfigError`` with every problem in it."""
    found = project.locate(path, "data quality")
    return read_data_quality(load_yaml(found), where=found)


def read_data_quality(parameters: Mapping[str, Any], where: Path | str = "the notebook's parameters") -> DataQuality:
    """Validate parameters as papermill hands them to a notebook."""
    return validate(DataQuality, {name: value for name, value in parameters.items() if value is not None}, where)
