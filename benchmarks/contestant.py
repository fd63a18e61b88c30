"""A way to answer what a benchmark asks, and whether it is installed."""

from dataclasses import dataclass
from importlib.util import find_spec
from shutil import which


@dataclass(frozen=True)
class Contestant:
    """``module`` has a function for each question that is written for it; the packages are named as imported."""

    name: str
    module: str
    packages: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    def missing(self) -> list[str]:
        """Return what would have to be installed first."""
        packages = [name for name in self.packages if find_spec(name) is None]
        return packages + [name for name in self.programs if which(name) is None]
