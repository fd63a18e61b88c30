"""Whose question it is: who puts theirs to ``estimate_att`` refuses what cannot be answered in their own name."""

from collections.abc import Iterator
from contextlib import contextmanager

from tf_eval.errors import TfEvalError

ASKED = "estimate_att:"


@contextmanager
def asked_by(function: str) -> Iterator[None]:
    """Tell what is refused inside as refused by ``function``; a context, or a decorator of the function itself."""
    try:
        yield
    except TfEvalError as error:
        said = str(error)
        if said.startswith(ASKED):
            error.args = (f"{function}:{said.removeprefix(ASKED)}", *error.args[1:])
        raise
