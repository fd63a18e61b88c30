"""The rules of disclosure control, as data."""

from pathlib import Path

from pydantic import Field, model_validator

from tf_eval import project
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml

RULES_FILE = "params/release.yaml"


class Rules(StrictModel):
    """What may be shown. The defaults are the strictest profile the product knows.

    They follow the "10-5 rule" of the Office for National Statistics, with zeros and all-cells counted as disclosive
    and ten residual degrees of freedom, as the default profile of SACRO has them.
    """

    threshold: int = Field(default=10, ge=2)
    round_to: int = Field(default=5, ge=1)
    zeros_disclosive: bool = True
    all_cells_disclosive: bool = True
    residual_degrees_of_freedom: int = Field(default=10, ge=1)
    protection: int = Field(default=5, ge=2)

    @model_validator(mode="after")
    def _protection_can_be_had(self) -> "Rules":
        smallest = 0 if self.zeros_disclosive else 1
        if self.protection > self.threshold - smallest:
            raise ValueError("protection cannot be wider than the counts that lie below the threshold")
        return self

    def hides(self, count: float) -> bool:
        """Return whether a count (or one worked out from a share, so no whole number) is too small to be shown."""
        return count < self.threshold and (count > 0 or self.zeros_disclosive)

    def shown(self, count: int) -> int:
        """Return the nearest multiple of ``round_to``; halves go up."""
        return self.round_to * ((count + self.round_to // 2) // self.round_to)

    def behind(self, count: int) -> tuple[int, int]:
        """Return the smallest and the largest count that would be shown as this one is: what a reader can tell."""
        if count == 0 and not self.zeros_disclosive:
            return 0, 0
        low = self.shown(count) - self.round_to // 2
        return max(low, self.threshold), low + self.round_to - 1

    def hidden_range(self) -> tuple[int, int]:
        """Return the range that a reader knows of a count that is hidden because it is small."""
        return (0 if self.zeros_disclosive else 1), self.threshold - 1


def load_rules(path: str | Path = RULES_FILE) -> Rules:
    """Return the rules that a file sets; raise ``ConfigError`` with every fault of the file at once."""
    found = project.locate(path, "file of release rules")
    return validate(Rules, load_yaml(found), found)


def project_rules() -> Rules:
    """Return the rules of the project one works in, or the strictest outside a project."""
    return load_rules() if project.resolve(RULES_FILE).exists() else Rules()
