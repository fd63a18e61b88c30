"""differences."""

import numpy as np
from differences import ATTgt

from benchmarks.did_peers import panels as p
from benchmarks.did_peers.tasks import Answer, Task


def estimate(panel: p.Panel, task: Task) -> Answer:
    frame = panel.frame.assign(**{p.ADOPTED: panel.frame[p.ADOPTED].replace(p.NEVER, np.nan)})
    model = ATTgt(data=frame.set_index([p.UNIT, p.PERIOD]), cohort_column=p.ADOPTED)
    formula = f"{p.OUTCOME} ~ {' + '.join(p.COVARIATES)}"
    drawn = {"boot_iterations": task.draws, "random_state": 1}
    model.fit(formula, est_method="dr", control_group=task.comparison, progress_bar=False, **drawn)
    overall = model.aggregate("event", overall=True, **drawn).iloc[0]
    return Answer(float(overall.iloc[0]), float(overall.iloc[1]))
