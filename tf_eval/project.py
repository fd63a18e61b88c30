"""Where the project's files are, from whatever folder a notebook or a command was started in."""

import os
from pathlib import Path

from tf_eval.errors import InputError

MARKERS = ("params", "notebooks")
OUTPUT = "output"  # what is published stands below it, unless another folder is named


def root(start: Path | None = None) -> Path:
    """Return the nearest folder, from ``start`` (default: the working folder) upwards, that is a project.

    A notebook runs in ``notebooks/`` under JupyterLab and in the project's folder under papermill: both must find
    the same files. Where no folder above is a project, the start itself is returned.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if all((folder / marker).is_dir() for marker in MARKERS):
            return folder
    return here


def resolve(path: str | Path) -> Path:
    """Return ``path`` as an absolute path; a relative one is taken from the project's folder. It need not exist.

    Raises:
        InputError: that is no path.
    """
    if not isinstance(path, str | os.PathLike):
        raise InputError(f"pass the path of a file or folder, as text; this is of type '{type(path).__name__}'")
    path = Path(path).expanduser()
    return path if path.is_absolute() else root() / path


def short(path: Path) -> str:
    """Return ``path`` as ``resolve`` finds it again: relative to the project's folder if below it, else absolute."""
    path = path.resolve()
    return path.relative_to(root()).as_posix() if path.is_relative_to(root()) else str(path)


def locate(path: str | Path, what: str = "file") -> Path:
    """Return the absolute path of an existing file or folder; raise ``InputError`` where it is missing."""
    found = resolve(path)
    if not found.exists():
        raise InputError(f"{path}: no such {what} (looked in {root().name}/). {_neighbours(found)}".rstrip())
    return found


def _neighbours(missing: Path) -> str:
    """Name what does exist in the same folder, so that a slip of the pen is seen at once."""
    if not missing.parent.is_dir():
        return f"The folder '{missing.parent.name}' does not exist either."
    names = sorted(item.name for item in missing.parent.iterdir() if not item.name.startswith("."))
    return f"That folder holds: {', '.join(names[:8])}{', ...' if len(names) > 8 else ''}." if names else ""
