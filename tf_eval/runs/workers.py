"""Processes that work beside each other: they share the processors, and end when who started them does."""

import os
import threading
from multiprocessing import connection, parent_process


def settle(workers: int) -> None:
    """Prepare this process to be one of so many workers.

    Linear algebra takes all processors there are, and two processes that both do so take twice as long. And a worker
    whose parent was killed would go on for hours with work that nobody waits for.
    """
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
