"""Notes on shorthand, each where the shorthand is seen: under a table that shows it, else beside what else does."""

from collections.abc import Iterable

from markupsafe import Markup

from tf_eval.release.shorthand import MEANINGS


def with_reasons(table: Markup, notes: Iterable[str]) -> Markup:
    """Return a finished table that also says by the notes why a sign stands in it, where it explains the sign."""
    reasons: dict[str, list[str]] = {}
    for note in notes:
        if sign := _sign(note):
            reasons.setdefault(sign, []).append(note.removeprefix(sign).strip(" ."))
    for sign, why in reasons.items():
        meant = Markup("<b>{}</b> {}").format(sign, MEANINGS[sign])
        table = table.replace(meant, Markup("{}, {}").format(meant, ", and ".join(why)))
    return table


def standing(notes: Iterable[str], *shown: object) -> list[str]:
    """Return the notes that stand by themselves: those on a sign only where it is shown, which tables apart do."""
    return [note for note in notes if not (sign := _sign(note)) or any(sign in str(part) for part in shown)]


def _sign(note: str) -> str:
    """Return the shorthand that a note is on, or an empty string."""
    return next((sign for sign in MEANINGS if note.startswith(sign)), "")
