"""Data flow down: a room imports only the rooms above it, and no file imports itself in a circle."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "tf_eval"
ROOMS = (
    "errors",
    "project",
    "progress_bar",
    "matching",
    "did",
    "data",
    "cohort",
    "evidence",
    "value",
    "release",
    "report",
    "runs",
    "certificate",
    "cli",
)


def module_name(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports(path: Path) -> set[str]:
    """Return every module of the package that a file imports, wherever in the file it does so."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in members}
    return {name for name in found if name.split(".")[0] == "tf_eval"}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_file_is_in_a_room():
    assert {room(module) for module in MODULES} - {""} <= set(ROOMS)


@pytest.mark.parametrize("module", [name for name in MODULES if room(name)])
def test_a_room_imports_only_rooms_above_it(module):
    below = ROOMS[ROOMS.index(room(module)) + 1 :]
    assert not {name for name in imports(MODULES[module]) if room(name) in below}
    assert "tf_eval" not in imports(MODULES[module]), "import the room, not the whole package"


def test_statistics_know_nothing_of_families_or_files():
    for module in MODULES:
        if room(module) in ("matching", "did"):
            assert {room(name) for name in imports(MODULES[module])} <= {"errors", "matching", "did"}


def test_cohorts_know_nothing_of_estimators():
    used = {room(name) for module in MODULES if room(module) == "cohort" for name in imports(MODULES[module])}
    assert not used & {"matching", "did"}


def test_no_import_cycles():
    graph = {module: imports(path) - {module} for module, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        pytest.fail(f"import cycle: {' -> '.join(cycle.args[1])}")


def test_the_synthetic_county_and_the_workbench_do_not_know_each_other():
    """The generator is a second reading of the rules: it may share errors with the workbench, but no logic.

    The certificate holds one against the other, and the command line calls both.
    """
    for path in (PROJECT / "synthetic").rglob("*.py"):
        assert imports(path) <= {"tf_eval.errors"}
    for module, path in MODULES.items():
        if room(module) not in ("certificate", "cli"):
            assert "synthetic" not in path.read_text(encoding="utf-8").split("import ")[1:], module


def test_the_truth_is_never_read():
    for module, path in MODULES.items():
        assert "truth/" not in path.read_text(encoding="utf-8"), f"{module} mentions the truth folder"
