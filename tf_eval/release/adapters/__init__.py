"""Results of the other rooms as the views that the gate accepts: what of each may be asked for at all."""

from tf_eval.release.adapters import (  # noqa: F401 (each teaches the gate)
    detectable,
    effects,
    money,
    placebos,
    scrutiny,
    site,
    study,
    subgroups,
    verdicts,
    versus,
)
