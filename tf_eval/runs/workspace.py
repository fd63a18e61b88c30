"""The folder of runs: a run is there whole or not at all, under the key of everything it depends on."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from tf_eval.errors import RunError
from tf_eval.runs.manifest import Manifest, read_manifest

NOTEBOOK = "evaluation.ipynb"
PRESENT = "present.json"  # what the runs that there are would tell, were they published now


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

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    def run_folder(self, name: str, key: str) -> Path:
        return self.folder / "runs" / name / key[:16]

    def failed_notebook(self, name: str) -> Path:
        """Where a failed notebook is kept for a researcher. It may hold records: it is never published."""
        return self.folder / "failed" / f"{name}.ipynb"

    def failure(self, name: str, key: str) -> str | None:
        """Return why the last try of a run failed, in words; ``None`` where it was never tried or is there whole."""
        try:
            failed = json.loads(self._failure_file(name).read_text(encoding="utf-8"))
            return failed["problem"] if failed["key"] == key and not self.is_complete(name, key) else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def note_failure(self, name: str, key: str, problem: str) -> None:
        """Write down why a run failed, in the words of our own errors; a full disk is no reason for another failure."""
        path = self._failure_file(name)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_text(json.dumps({"key": key, "problem": problem}, ensure_ascii=False) + "\n", encoding="utf-8")

    def _failure_file(self, name: str) -> Path:
        return self.failed_notebook(name).with_suffix(".json")

    def is_complete(self, name: str, key: str) -> bool:
        """Whether a run is there whole: its record can be read and is its own, and its notebook is there."""
        folder = self.run_folder(name, key)
        try:
            return read_manifest(folder).key == key and (folder / NOTEBOOK).exists()
        except RunError:
            return False

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
        """Move a finished run into its place; a run of the same key gives way only when the new one stands."""
        manifest.write(staged)
        final = self.run_folder(manifest.name, manifest.key)
        aside = staged.with_name(staged.name + "-old")
        if final.exists():
            os.replace(final, aside)
        os.replace(staged, final)
        shutil.rmtree(aside, ignore_errors=True)
        for left in (self.failed_notebook(manifest.name), self._failure_file(manifest.name)):
            left.unlink(missing_ok=True)
        return final

    def keep_failed(self, staged: Path, name: str) -> Path | None:
        """Keep the notebook of a failed run, if it came that far."""
        notebook = staged / NOTEBOOK
        if not notebook.exists():
            return None
        kept = self.failed_notebook(name)
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(notebook, kept)
        return kept
