"""Notes that change how an effect should be read."""

from collections.abc import Iterable


class Caution(str):
    """A note that a summary repeats after the effect; other notes say what was done and change no reading of it."""

    __slots__ = ()


def told_cautions(notes: Iterable[str]) -> str:
    """Return the cautions among some notes as what follows a sentence; nothing where there are none."""
    return "".join(f" {note}" for note in notes if isinstance(note, Caution))
