"""One family of errors: what is wrong, where, what was expected, what to do.

The command line prints the message alone and exits with a status other than zero, so a message has to stand by
itself. It never holds a value, a name or an identifier from a row about a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class TfEvalError(Exception):
    """Base of every error that tf_eval raises on purpose."""


class InputError(TfEvalError):
    """Data handed in cannot be used: a file, a column, a type, a value out of its range."""


class ConfigError(TfEvalError):
    """A parameter, a programme, a source map or a plan is wrong."""


class EstimationError(TfEvalError):
    """What was asked of an estimator cannot be honoured."""


class DisclosureError(TfEvalError):
    """Something was about to leave without passing the release gate."""


class RunError(TfEvalError):
    """A run of a notebook failed, or its result is not whole."""


@dataclass(frozen=True)
class NotEstimated:
    """A result that cannot be had, with its reason in plain words. It is false in a condition."""

    reason: str

    def __bool__(self) -> bool:
        return False

    def summary(self) -> str:
        return f"Not estimated: {self.reason}"

    def to_dict(self) -> dict[str, str]:
        return {"not_estimated": self.reason}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest known word, or the list of known words, or nothing."""
    options = sorted({str(option) for option in known})
    near = get_close_matches(str(word), options, n=1, cutoff=0.6)
    if near:
        return f" Did you mean '{near[0]}'?"
    return f" Known: {', '.join(options)}." if 0 < len(options) <= 12 else ""


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """Return the sentence for a word that is not one of the known ones."""
    return f"no {what} '{word}'.{did_you_mean(word, known)}"


def require_columns(columns: Iterable[str], wanted: Sequence[str], where: str) -> None:
    """Raise one ``InputError`` that names every wanted column which is missing, with its near miss."""
    present = [str(column) for column in columns]
    raise_all(InputError, where, [unknown("column", name, present) for name in wanted if name not in present])


def raise_all(error: type[TfEvalError], where: str, problems: Sequence[str]) -> None:
    """Raise ``error`` with all problems of one input, so that a person mends them in one go; pass if there are none."""
    if len(problems) == 1:
        raise error(f"{where}: {problems[0]}")
    if problems:
        raise error(f"{where}: {len(problems)} problems\n" + "\n".join(f"  - {problem}" for problem in problems))
