"""Packages that few tests need, installed by those tests themselves: the lock of the workbench stays as it is."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tf_eval import project


def require(package: str, *, folder: str, lock: str) -> None:
    """Make ``package`` one to import: where it is not installed, put what ``lock`` names into ``folder``, once."""
    if find_spec(package) is not None:
        return
    place, source = project.resolve(folder), project.locate(lock, "lock")
    stamp = place / lock
    if not stamp.is_file() or stamp.read_bytes() != source.read_bytes():
        shutil.rmtree(place, ignore_errors=True)
        _install(place, source)
        shutil.copyfile(source, stamp)
    sys.path.append(str(place))


def _install(place: Path, lock: Path) -> None:
    asked = ["--target", str(place), "--require-hashes", "--requirement", str(lock)]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *asked], check=True)
