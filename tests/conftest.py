"""Projects to run in: a copy of the parameters and notebooks with a synthetic county of their own."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import settings

import synthetic

# Everybody's run draws the same examples; to search others: pytest tests/properties --hypothesis-profile=default.
settings.register_profile("same_examples", derandomize=True)
settings.load_profile("same_examples")

PROJECT = Path(__file__).resolve().parents[1]
# What Dartford's report proposes: family intervention workers, and volunteer mentors for the rest.
OFFERED = {"dartford": ("family_intervention_project", "volunteer_mentors")}


@dataclass(frozen=True)
class Workbench:
    """A project in a temporary folder.

    Attributes:
        folder: the project's folder.
        preset: name of its county.
    """

    folder: Path
    preset: str

    @property
    def extracts(self) -> Path:
        return self.folder / "data" / self.preset / "extracts"

    @property
    def sources(self) -> str:
        return f"params/sources/synthetic_{self.preset}.yaml"

    def tf_eval(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run the command line in this project, as a person would."""
        command = [sys.executable, "-m", "tf_eval.cli", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=600, check=False)

    def plan(self, name: str) -> Path:
        return self.folder / "params" / "evaluations" / f"{name}.yaml"

    def change(self, path: Path, alter: Callable[[dict], object]) -> None:
        """Change a YAML file of this project."""
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        alter(document)
        path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")


def make_workbench(folder: Path, preset: str, seed: int) -> Workbench:
    """Make a project with a county that is generated, checked and linked."""
    for name in ("params", "notebooks"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    synthetic.generate(preset, seed=seed, out=folder / "data" / preset)
    bench = Workbench(folder, preset)
    for plan in (folder / "params" / "evaluations").glob("*.yaml"):
        if plan.stem in OFFERED.get(preset, (plan.stem,)):
            bench.change(plan, lambda document: document.update(county=f"data/{preset}"))
        else:
            plan.unlink()
    done = bench.tf_eval("check", bench.sources)
    if done.returncode:
        pytest.fail(f"the clean county did not pass its check: {done.stderr}")
    return bench


@pytest.fixture(scope="session")
def dartford_once(tmp_path_factory) -> Workbench:
    """A small county (40 families started), made once; tests take a copy."""
    return make_workbench(tmp_path_factory.mktemp("dartford"), "dartford", seed=40)


@pytest.fixture
def dartford(dartford_once, tmp_path) -> Workbench:
    """A small county of the test's own, to break as it likes."""
    shutil.copytree(dartford_once.folder, tmp_path, dirs_exist_ok=True)
    return Workbench(tmp_path, "dartford")


@pytest.fixture(scope="session")
def oxfordshire(tmp_path_factory) -> Workbench:
    """The full Oxfordshire county; shared, so a test may read it but not change it."""
    return make_workbench(tmp_path_factory.mktemp("oxfordshire"), "oxfordshire", seed=2012)


@pytest.fixture(scope="session")
def published(oxfordshire) -> Workbench:
    """Oxfordshire, evaluated and published once; a test that changes anything of it puts it back."""
    for command in (("run", "--jobs", "2"), ("site",)):
        done = oxfordshire.tf_eval(*command)
        assert done.returncode == 0, done.stderr
    return oxfordshire
