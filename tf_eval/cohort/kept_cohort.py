"""A cohort as files of the secure workspace: whom a programme identified, when, and on which records."""

import json
import shutil
import tempfile
from pathlib import Path

from tf_eval.cohort.cohort import Cohort

TABLES = ("families", "evidence", "truth")
DESIGN = "cohort.json"


def keep_cohort(cohort: Cohort, folder: Path) -> Path:
    """Write a cohort's families, evidence and truth, each as a Parquet file, and return the folder they are in.

    It is one folder for each programme and clock, which its owner alone can read and version control does not see; what
    was kept there before is replaced in one step. Beside the tables stands ``cohort.json``: the programme's rule, the
    clock and the flow. All of it is about single families, and nothing of it is for publication.

    Args:
        cohort: the cohort.
        folder: where cohorts are kept; that of a county is its ``cohorts``.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="ascii")
    kept = folder / f"{cohort.programme.name}_{cohort.design['clock']}"
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder) as draft:  # its owner's alone
        ready = Path(draft) / kept.name
        ready.mkdir(mode=0o700)
        for name in TABLES:
            getattr(cohort, name).to_parquet(ready / f"{name}.parquet", index=False)
        (ready / DESIGN).write_text(json.dumps(cohort.to_dict(), indent=2, default=str) + "\n", encoding="utf-8")
        if kept.exists():
            shutil.rmtree(kept)
        ready.rename(kept)
    return kept
