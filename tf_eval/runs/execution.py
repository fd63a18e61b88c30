"""Execute one notebook with papermill, so that a failure is always seen and never tells about a person."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillException, PapermillExecutionError
from traitlets.config import Config

from tf_eval import errors
from tf_eval.errors import RunError

CELL_SECONDS = 900
START_SECONDS = 120


def execute(notebook: Path, output: Path, parameters: Mapping[str, Any], folder: Path) -> nbformat.NotebookNode:
    """Run ``notebook`` with ``parameters`` in ``folder``, write it to ``output`` and return it as executed.

    Raises:
        RunError: a cell raised, a cell took longer than ``CELL_SECONDS``, or the kernel died. The message of our own
            errors is passed on; of any other only its class and place, because its text may hold a person's record.
    """
    with tempfile.TemporaryDirectory(prefix="tf") as short:
        try:
            papermill.execute_notebook(
                str(notebook),
                str(output),
                parameters=dict(parameters),
                cwd=str(folder),
                kernel_name="python3",
                progress_bar=False,
                start_timeout=START_SECONDS,
                execution_timeout=CELL_SECONDS,
                config=_transport(short),
            )
        except PapermillExecutionError as failure:
            raise RunError(_told(failure)) from None
        except DeadKernelError:
            raise RunError("the notebook's kernel died before the end (is there enough memory?)") from None
        except CellTimeoutError:
            raise RunError(f"a cell took longer than {CELL_SECONDS} seconds and was stopped") from None
        except PapermillException as failure:
            raise RunError(f"papermill could not run {notebook.name}: {type(failure).__name__}") from None
    return nbformat.read(output, as_version=4)


def _transport(folder: str) -> Config:
    """Kernels that start together over TCP can be given the same port; sockets in a folder of their own cannot."""
    if os.name == "nt":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": os.path.join(folder, "k")}})


def _told(failure: PapermillExecutionError) -> str:
    if isinstance(getattr(errors, failure.ename, None), type):
        return failure.evalue
    return f"cell {failure.exec_count} raised {failure.ename}. Open the failed notebook to see more"
