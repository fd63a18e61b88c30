"""The records of trials: a file for each county, under the fingerprint of all that its numbers depend on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import synthetic
from synthetic.presets import load_preset
from tf_eval import project
from tf_eval.certificate.trial import Trial
from tf_eval.data.durable import write_durably
from tf_eval.runs import Plan, fingerprint

# What decides a cell; words, pages and commands do not, so that a page can be made anew from trials that are there.
_ROOMS = ("matching", "did", "data", "cohort", "evidence")
_FILES = ("runs/plan.py", "runs/matching_plan.py", "runs/evaluation.py")
_OWN = ("certificate/cells.py", "certificate/county.py", "certificate/trial.py")
_PARAMETERS = ("params/outcomes.yaml", "params/verdicts.yaml")  # and the programmes of the plans


@dataclass(frozen=True)
class Store:
    """Where records are.

    Attributes:
        folder: the folder of all that were made from the same code, plans and preset.
        key: its fingerprint.
    """

    folder: Path
    key: str

    @classmethod
    def below(cls, output: Path, preset: str, plans: Sequence[Plan]) -> "Store":
        """Return the store below an output folder of what is made from a preset and plans by the code as it is."""
        key = fingerprint.of_object(
            {
                "code": _code(),
                "generator": _files_of(Path(synthetic.__file__).parent),
                "preset": load_preset(preset).model_dump(mode="json"),
                "plans": [plan.model_dump(mode="json") for plan in plans],
                "parameters": _parameters(plans),
                "lock": fingerprint.of_lock(),
            }
        )
        return cls(output / "certificate" / key[:16], key)

    def has(self, trial: Trial) -> bool:
        return self._path(trial.world, trial.seed).is_file()

    def keep(self, record: dict[str, Any]) -> None:
        """Write a trial's record in one step."""
        path = self._path(record["world"], record["seed"])
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, json.dumps(record, allow_nan=False) + "\n")

    def records(self) -> list[dict[str, Any]]:
        """Return all records by world and seed."""
        found = [json.loads(path.read_text(encoding="utf-8")) for path in self.folder.glob("*/*.json")]
        return sorted(found, key=lambda record: (record["world"], record["seed"]))

    def _path(self, world: str, seed: int) -> Path:
        return self.folder / world / f"{seed}.json"


def _code() -> str:
    package = fingerprint.PACKAGE
    files = [path for room in _ROOMS for path in (package / room).rglob("*.py")]
    return fingerprint.of_files([*files, *(package / name for name in (*_FILES, *_OWN))], package)


def _parameters(plans: Sequence[Plan]) -> str:
    names = {*_PARAMETERS, *(plan.programme for plan in plans)}
    return fingerprint.of_files([project.locate(name, "parameters") for name in names], project.root())


def _files_of(package: Path) -> str:
    return fingerprint.of_files(package.rglob("*.py"), package)
