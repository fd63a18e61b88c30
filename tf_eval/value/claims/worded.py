"""What a document says, where, how it is read here, and how sure that is: all that is taken from one has these."""

from typing import Literal

from tf_eval.data.strict_model import StrictModel

HOW_SURE = {
    "read": "read in the source named",
    "worked_out": "worked out from what was read",
    "from_memory": "from memory, to be checked",
    "own_choice": "a choice of the council's own",
}
TO_CHECK = ("from_memory", "own_choice")  # before anything is claimed by it
Sure = Literal["read", "worked_out", "from_memory", "own_choice"]


class Worded(StrictModel):
    """Something that a document says.

    Attributes:
        quote: its words.
        source: where they stand.
        reading: how they are read here, and why.
        sure: how sure that is, see ``HOW_SURE``.
    """

    quote: str = ""
    source: str
    reading: str = ""
    sure: Sure
