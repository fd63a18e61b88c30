"""csdid."""

from csdid.att_gt import ATTgt

from benchmarks.did_peers import panels as p
from benchmarks.did_peers.tasks import Answer, Task

COMPARISONS = {"never_treated": "nevertreated", "not_yet_treated": "notyettreated"}


def estimate(panel: p.Panel, task: Task) -> Answer:
    model = ATTgt(
        yname=p.OUTCOME,
        tname=p.PERIOD,
        idname=p.UNIT,
        gname=p.ADOPTED,
        data=panel.frame,
        xformla=f"{p.OUTCOME}~{'+'.join(p.COVARIATES)}",
        control_group=[COMPARISONS[task.comparison]],
        cband=bool(task.draws),
        biters=task.draws or 1000,
    )
    drawn = {"bstrap": bool(task.draws), "cband": bool(task.draws)}
    found = model.fit(est_method="dr", bstrap=drawn["bstrap"]).aggte("dynamic", **drawn).atte
    return Answer(float(found["overall_att"]), float(found["overall_se"]))
