"""A clause of an appraisal, with where it is from and how it is read."""

from typing import Annotated

from pydantic import Field

from tf_eval.data.strict_model import StrictModel

Sentence = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Pounds = Annotated[float, Field(gt=0)]
Grade = Annotated[int, Field(ge=1, le=6)]
Months = Annotated[int, Field(ge=1, le=900)]


class Clause(StrictModel):
    """What stands behind a number.

    Attributes:
        quote: the source's own words, where there are any.
        source: where the number is from; of an assumption that it is one.
        reading: how it is read here, and why.
    """

    quote: Sentence | None = None
    source: Sentence
    reading: Sentence
