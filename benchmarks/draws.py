"""Many draws beside each other, and the table of what they come to."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
from joblib import Parallel
from threadpoolctl import threadpool_limits

ALL_SHOWN = ("display.width", 200, "display.max_rows", 999, "display.float_format", "{:.2f}".format)


def tell_draws(
    jobs: Iterable, processes: int, save: Path | None, summarise: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    """Run ``jobs`` (of joblib), each of which returns rows; save all rows if asked to, and print their summary."""
    with threadpool_limits(1):  # the draws run beside each other
        found = pd.DataFrame([row for rows in Parallel(n_jobs=processes, verbose=1)(jobs) for row in rows])
    if save:
        found.to_parquet(save)
    with pd.option_context(*ALL_SHOWN):
        print(summarise(found).to_string())
