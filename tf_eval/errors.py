"""One family of errors: what is wrong, where, what was expected, what to do.

The command line prints the message alone and exits with a status other than zero, so a message has to stand by
itself. It never holds a value, a name or an identifier from a row about a person. Counts in it are exact, however few
people they are of: it is for the analyst, who has the data and has to find what is wrong with them, and no report shows
it. What reports do show (summaries, notes, figures, reasons of ``NotEstimated``) rounds counts and hides those of few.
"""

import errno
import os
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

AGAIN = "then run the command again"
NO_RIGHT = f"you have no right to read it or to write there; ask for it, {AGAIN}"
NO_MEMORY = f"neither the memory nor the disk has room for so much; close other programs or make room, {AGAIN}"
FAILURES = {
    errno.EACCES: NO_RIGHT,
    errno.EPERM: NO_RIGHT,
    errno.EROFS: f"nothing can be written there; choose another folder or have it opened for writing, {AGAIN}",
    errno.ENOSPC: f"the disk is full; make room on it, {AGAIN}",
    errno.EISDIR: "it is a folder where a file was expected; name a file",
}
PLAIN = (str, int, float, type(None))  # what a message may repeat; anything else could hold rows
OUT_OF_MEMORY = ("MemoryError", "ArrowMemoryError", "OutOfMemoryException")


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


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest known word, or the list of known words, or nothing.

    Capitals are no distance.
    """
    options = sorted({str(option) for option in known})
    if isinstance(word, str) and word in options:
        return " What is there is written so, but is no text."
    in_small = {option.lower(): option for option in options}
    near = get_close_matches(str(word).lower(), in_small, n=1, cutoff=0.6) if isinstance(word, PLAIN) else []
    if near:
        return f" Did you mean '{in_small[near[0]]}'?"
    return f" Known: {', '.join(options)}." if 0 < len(options) <= 12 else ""


def unknown(what: str, word: object, known: Iterable[str]) -> str:
    """Return the sentence for a word that is not one of the known ones; of what is no word only its kind is told."""
    if isinstance(word, PLAIN):
        return f"no {what} '{word}'.{did_you_mean(word, known)}"
    return f"no {what} can be of type {type(word).__name__}; it is named by text.{did_you_mean(word, known)}"


def require_columns(columns: Iterable[str], wanted: Sequence[str], where: str) -> None:
    """Raise one ``InputError`` that names every wanted column which is missing, with its near miss."""
    present = dict.fromkeys(columns)
    raise_all(InputError, where, [unknown("column", name, present) for name in wanted if not is_among(name, present)])


def is_among(name: object, present: Container[object]) -> bool:
    """Say whether a name is one of those present; what has no hash, such as a column itself, is no name."""
    try:
        return name in present
    except TypeError:
        return False


def raise_all(error: type[TfEvalError], where: str, problems: Sequence[str]) -> None:
    """Raise ``error`` with all problems of one input, so that a person mends them in one go; pass if there are none."""
    if len(problems) == 1:
        raise error(f"{where}: {problems[0]}")
    if problems:
        raise error(f"{where}: {len(problems)} problems\n" + "\n".join(f"  - {problem}" for problem in problems))


def in_words(error: Exception) -> str:
    """Return what an error says if it is our own, what to do if the machine failed, and else its kind alone.

    The text of an error that is not our own may hold a value of a row, so nothing of it is told but a file's name.
    """
    if isinstance(error, TfEvalError):
        return str(error)
    kind = type(error).__name__
    number, path = _failure(error, kind)
    reason = NO_MEMORY if kind in OUT_OF_MEMORY else FAILURES.get(number)
    if reason is None:
        return f"unexpected {kind}. Set TF_EVAL_DEBUG=1 to see where; its text may hold records."
    where = "/".join(Path(path).parts[-2:]) + ": " if path else ""
    return f"{where}{reason}."


def _failure(error: Exception, kind: str) -> tuple[int | None, str | None]:
    """Return the system's number of a failure and the file it struck; some libraries have them in their text alone."""
    said = str(error)
    named = re.search(r"""file ["']([^"']+)["']""", said)
    path = getattr(error, "filename2", None) or getattr(error, "filename", None) or (named and named[1])
    if kind == "IOException":
        return next((number for number in FAILURES if os.strerror(number) in said), None), path
    return getattr(error, "errno", None), path
