"""Packages that only some tests need: each has a lock of its own, and is installed into a folder of its own at need."""

import subprocess
import sys
from importlib.util import find_spec

from tf_eval import project


def require(package: str, *, folder: str, lock: str) -> None:
    """Make a package importable, from the hashes of its lock where the environment does not have it."""
    if find_spec(package) is not None:
        return
    path = project.resolve(folder)
    if not (path / package).is_dir():
        asked = ["--target", str(path), "--require-hashes", "--requirement", str(project.locate(lock, "lock"))]
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *asked], check=True)
    sys.path.append(str(path))
