"""moderndid."""

import moderndid

from benchmarks.did_peers import panels as p
from benchmarks.did_peers.csdid_peer import COMPARISONS
from benchmarks.did_peers.tasks import Answer, Task


def estimate(panel: p.Panel, task: Task) -> Answer:
    drawn = {"boot": bool(task.draws), "cband": bool(task.draws), "biters": task.draws or 1000, "random_state": 1}
    fitted = moderndid.att_gt(
        panel.frame,
        yname=p.OUTCOME,
        tname=p.PERIOD,
        idname=p.UNIT,
        gname=p.ADOPTED,
        xformla=f"~{'+'.join(p.COVARIATES)}",
        est_method="dr",
        control_group=COMPARISONS[task.comparison],
        **drawn,
    )
    study = moderndid.aggte(fitted, type="dynamic", **drawn)
    return Answer(float(study.overall_att), float(study.overall_se))
