"""A cohort as files of the secure workspace: whom a programme identified, when, and on which records."""

import json
import tempfile
from pathlib import Path

from tf_eval.cohort.cohort import Cohort
from tf_eval.errors import ConfigError

TABLES = ("families", "evidence", "truth")
DESIGN = "cohort.json"


def keep_cohort(cohort: Cohort, folder: Path) -> Path:
    """Write a cohort's families, evidence and truth, each as a Parquet file, and return the folder they are in.

    It is one folder for each programme and clock, which its owner alone can read and version control does not see. It
    is written whole before what was kept there is put aside, and takes its place in the next step; for the moment in
    between neither is there. Beside the tables stands ``cohort.json``: the programme's rule, the clock and the flow.
    All of it is about single families, and nothing of it is for publication.

    Args:
        cohort: the cohort.
        folder: where cohorts are kept; that of a county is its ``cohorts``.

    Raises:
        ConfigError: by the programme's name the cohort would be kept elsewhere.
        OSError: the folder cannot be written.
    """
    kept = _place(cohort, folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="ascii")
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder) as draft:  # its owner's alone
        ready = Path(draft) / kept.name
        ready.mkdir(mode=0o700)
        for name in TABLES:
            getattr(cohort, name).to_parquet(ready / f"{name}.parquet", index=False)
        (ready / DESIGN).write_text(json.dumps(cohort.to_dict(), indent=2, default=str) + "\n", encoding="utf-8")
        _replace(kept, ready, Path(draft) / "before")
    return kept


def _place(cohort: Cohort, folder: Path) -> Path:
    """Records of families may stand nowhere but directly below the folder that is guarded, erased and retained."""
    kept = folder / f"{cohort.programme.name}_{cohort.design['clock']}"
    if kept.resolve().parent != folder.resolve():
        raise ConfigError(f"cohort: the programme's name would lead out of the folder '{folder.name}'; choose another")
    return kept


def _replace(kept: Path, ready: Path, before: Path) -> None:
    """Put what is ready in the place of what is kept, which goes to ``before``, and back if that fails."""
    if kept.exists():
        kept.rename(before)
    try:
        ready.rename(kept)
    except OSError:
        if before.exists():
            before.rename(kept)
        raise
