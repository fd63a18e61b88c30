"""The folder of runs: a run is there whole or not at all, and the newest whole one is known by name."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from tf_eval.errors import RunError
from tf_eval.runs.manifest import Manifest, read_manifest

NOTEBOOK = "evaluation.ipynb"


@dataclass(frozen=True)
class Workspace:
    """Runs, failed notebooks and the published site below one folder.

    Attributes:
        folder: the output folder.
    """

    folder: Path

    @property
    def site(self) -> Path:
        return self.folder / "site"

    def run_folder(self, name: str, key: str) -> Path:
        return self.folder / "runs" / name / key[:16]

    def failed_notebook(self, name: str) -> Path:
        """Where a failed notebook is kept for a researcher. It may hold records: it is never published."""
        return self.folder / "failed" / f"{name}.ipynb"

    def is_complete(self, name: str, key: str) -> bool:
        folder = self.run_folder(name, key)
        return folder.is_dir() and read_manifest(folder).key == key

    def current(self, name: str) -> Path:
        """Return the folder of the newest complete run; raise ``RunError`` where there is none."""
        pointer = self.folder / "runs" / name / "current"
        if not pointer.exists():
            raise RunError(f"{name}: no complete run. Run it first: tf-eval run params/evaluations/{name}.yaml")
        return pointer.parent / pointer.read_text(encoding="utf-8").strip()

    def make_current(self, name: str, key: str) -> None:
        pointer = self.folder / "runs" / name / "current"
        staged = pointer.with_suffix(".new")
        staged.write_text(self.run_folder(name, key).name + "\n", encoding="utf-8")
        os.replace(staged, pointer)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the workspace: two runs at once would mix their results."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / ".lock", timeout=0):
                yield
        except Timeout:
            raise RunError(
                f"another run is at work in {self.folder.name}/. Wait for it, or name another --output"
            ) from None

    @contextmanager
    def staging(self, name: str) -> Iterator[Path]:
        """Give a folder to write a run into; it is swept away whatever happens, unless ``complete`` moved it."""
        parent = self.folder / "runs" / name
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".new-", dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def complete(self, staged: Path, manifest: Manifest) -> Path:
        """Move a finished run into its place and make it the current one."""
        manifest.write(staged)
        final = self.run_folder(manifest.name, manifest.key)
        shutil.rmtree(final, ignore_errors=True)
        os.replace(staged, final)
        self.make_current(manifest.name, manifest.key)
        return final

    def keep_failed(self, staged: Path, name: str) -> Path | None:
        """Keep the notebook of a failed run, if it came that far."""
        notebook = staged / NOTEBOOK
        if not notebook.exists():
            return None
        kept = self.failed_notebook(name)
        kept.parent.mkdir(parents=True, exist_ok=True)
        os.replace(notebook, kept)
        return kept
