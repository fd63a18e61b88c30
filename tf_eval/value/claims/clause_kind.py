"""What all kinds of clause have: they can be said, they name the records they ask for, and they are made whole."""

from collections.abc import Sequence

from pydantic import model_validator

from tf_eval.cohort.criteria import Leaf
from tf_eval.data.strict_model import StrictModel
from tf_eval.errors import ConfigError

# What a clause looks at, and the day from which it looks back: that of the claim, or that of being identified.
Look = tuple[Leaf, str]
ON, IDENTIFIED = "on", "identified_on"


class ClauseKind(StrictModel):
    """One kind of clause. Its records are read as the criteria of a programme read them."""

    @property
    def looks(self) -> Sequence[Look]:
        """What the clause looks at, as criteria: which records count, and of which time extracts are needed."""
        raise NotImplementedError

    @property
    def also_reads(self) -> Sequence[Leaf]:
        """What else it reads, which may be missing."""
        return ()

    def own_problems(self) -> Sequence[str]:
        """Return what does not go together in it."""
        return ()

    @model_validator(mode="after")
    def _can_be_read(self) -> "ClauseKind":
        if problems := self.own_problems():
            raise ValueError(" ".join(problems))
        try:
            _ = (*self.looks, *self.also_reads)
        except ConfigError as error:
            raise ValueError(str(error)) from error
        return self
