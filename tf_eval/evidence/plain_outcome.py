"""An outcome of anybody's data frame: nothing of records, only how its effects are told."""

from dataclasses import dataclass
from typing import Literal

from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching.arguments import is_positive, word_problems

DIRECTIONS = ("fall", "rise")
PERCENT = "percent"


@dataclass(frozen=True)
class PlainOutcome:
    """One column of a data frame, in the words and the unit in which its effects are told.

    name                 the column
    label                in plain words
    unit                 the unit in which effects are told; a page knows those of ``tf_eval.release.units``. It is
                         ``"percent"`` of a column of natural logarithms, and of no other
    smallest_worthwhile  the smallest good change worth having, in ``unit``, fixed before the effect is seen
    good_direction       ``fall`` or ``rise``
    scale                so many times the column is in ``unit``, such as 100 of a share; 1 of logarithms
    detection_sensitive  more contact with services can change what is recorded while the need stays the same

    Raises:
        ConfigError: all that is wrong, at once.
    """

    name: str
    label: str
    unit: str
    smallest_worthwhile: float
    good_direction: Literal["fall", "rise"]
    scale: float = 1.0
    detection_sensitive: bool = False

    def __post_init__(self) -> None:
        words = {"name": self.name, "label": self.label, "unit": self.unit}
        problems = [f"{name} must be text." for name, given in words.items() if not (isinstance(given, str) and given)]
        amounts = {"smallest_worthwhile": self.smallest_worthwhile, "scale": self.scale}
        problems += [f"{name} must be a number above 0." for name, given in amounts.items() if not is_positive(given)]
        problems += word_problems("good_direction", self.good_direction, DIRECTIONS)
        raise_all(ConfigError, f"outcome '{self.name}'", problems)

    @property
    def is_log(self) -> bool:
        """Whether the column is a logarithm: its effects are told in percent, and of its mean nothing."""
        return self.unit == PERCENT
