"""diff-diff. Its scores are not trimmed here, so that it estimates what the others do."""

from diff_diff import CallawaySantAnna

from benchmarks.did_peers import panels as p
from benchmarks.did_peers.tasks import Answer, Task


def estimate(panel: p.Panel, task: Task) -> Answer:
    model = CallawaySantAnna(
        control_group=task.comparison,
        estimation_method="dr",
        n_bootstrap=task.draws,
        seed=1,
        pscore_trim=1e-8,
    )
    columns = {"outcome": p.OUTCOME, "unit": p.UNIT, "time": p.PERIOD, "first_treat": p.ADOPTED}
    fitted = model.fit(panel.frame, **columns, covariates=list(p.COVARIATES), aggregate="event_study")
    after = [effect["effect"] for time, effect in fitted.event_study_effects.items() if time >= 0]
    return Answer(sum(after) / len(after), float("nan"))
