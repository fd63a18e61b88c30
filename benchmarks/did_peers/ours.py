"""tf_eval."""

from benchmarks.did_peers import panels as p
from benchmarks.did_peers.tasks import Answer, Task
from tf_eval.did import estimate_att


def estimate(panel: p.Panel, task: Task) -> Answer:
    effect = estimate_att(
        panel.frame,
        outcome=p.OUTCOME,
        unit=p.UNIT,
        period=p.PERIOD,
        adopted=p.ADOPTED,
        covariates=p.COVARIATES,
        comparison=task.comparison,
    )
    study, overall = effect.by_event_time(), effect.overall("event_time")
    if task.draws:
        study.simultaneous(seed=1, draws=task.draws)
    return Answer(overall.att, overall.std_error)
