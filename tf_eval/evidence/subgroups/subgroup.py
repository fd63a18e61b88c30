"""A way of dividing families that a plan declares before any outcome is looked at."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tf_eval.data.strict_model import StrictModel
from tf_eval.errors import did_you_mean

MOST_SUBGROUPS = 5  # in a plan: with many, the allowance for their number leaves little to be found
PROVIDER = "provider"
# Columns of which each value is a part.
WHOLE = ("district", PROVIDER, "start_cohort")
Label = Annotated[str, Field(min_length=3, max_length=80)]


class Subgroup(StrictModel):
    """One way of dividing families by what was known of them at the index date.

    Attributes:
        column: ``district``, ``provider`` (who gave the intervention) or ``start_cohort`` (the financial year of the
            start), of which each value is a part; or a covariate of ``panel.arms``, which ``at_least`` splits in two.
        label: what is told apart, such as "districts"; of a split, the families from ``at_least`` on, such as
            "families with three or more children".
        at_least: the value of a covariate from which on a family is in the first part.
        others: what the other families of a split are called.
        expects: whether the first part of a split was expected to change for the better by ``more`` or by ``less``.
    """

    column: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Label
    at_least: Annotated[float, Field(allow_inf_nan=False)] | None = None
    others: Label | None = None
    expects: Literal["more", "less"] | None = None

    @model_validator(mode="after")
    def _whole_or_split(self) -> "Subgroup":
        of_a_split = {"at_least": self.at_least, "others": self.others, "expects": self.expects}
        if self.column in WHOLE:
            given = [name for name, value in of_a_split.items() if value is not None]
            if given:
                raise ValueError(f"each {self.column} is a part by itself; leave {', '.join(given)} out")
        elif self.at_least is None or self.others is None:
            raise ValueError(
                f"'{self.column}' has to be split: give at_least, the value from which on a family is in the first "
                f"part, and others, what the rest are called. Not to be split are {', '.join(WHOLE)}."
                f"{did_you_mean(self.column, WHOLE)}"
            )
        if any(letter.isdigit() for letter in f"{self.label}{self.others}"):
            raise ValueError("label and others stand in sentences; spell numbers out, as in 'three or more children'")
        if self.label == self.others:
            raise ValueError("label and others name the same families; call each by what they are")
        return self

    @property
    def is_split(self) -> bool:
        return self.at_least is not None

    @property
    def parts_named(self) -> str:
        """What is told apart, as it follows "between"."""
        return f"{self.label} and {self.others}" if self.is_split else self.label

    def to_dict(self) -> Mapping[str, Any]:
        return self.model_dump(mode="json")
