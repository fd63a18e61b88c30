"""The interventions of a site together, as the views that the gate accepts."""

from tf_eval.errors import NotEstimated
from tf_eval.evidence import OutcomeLeague, WhatWorks, score_standards
from tf_eval.release.adapters.common import counts, interval, named, number
from tf_eval.release.adapters.verdicts import check_view, standards_view, verdict_view
from tf_eval.release.gate import register_view
from tf_eval.release.together import AloneRow, ClaimRow, Judged, LeagueView, StandingRow, WhatWorksView


def what_works_view(found: WhatWorks) -> WhatWorksView:
    """The interventions of a site together."""
    level = found.design["level"]
    rows = [
        ClaimRow(
            name=claim.intervention,
            intervention=claim.title,
            **named(claim.judged.outcome),
            band=claim.band,
            **interval(claim.size),
            way="worse" if claim.is_harm else "better",
            holds=claim.holds(level),
            **counts(claim.size),
        )
        for claim in found.claims
    ]
    rankable = [league.outcome.label for league in found.leagues if league.tells_apart]
    months = found.headlines[0].judged.measured.follow_up
    shared = found.shared.reason if isinstance(found.shared, NotEstimated) else check_view(found.shared)
    alone = tuple(AloneRow(title, row.outcome.label, **counts(row.measured.headline)) for title, row in found.alone)
    judged = tuple(Judged(verdict_view(one), standards_view(score_standards(one))) for one in found.verdicts)
    return WhatWorksView(len(found.verdicts), tuple(rows), tuple(rankable), months, shared, alone, judged)


def league_view(found: OutcomeLeague) -> LeagueView:
    """The interventions of a site on one outcome."""
    names = ("shrunk", "shrunk_low", "shrunk_high")
    rows = [
        StandingRow(
            intervention=claim.title,
            **interval(claim.size),
            **{name: number(getattr(standing, name, None)) for name in names},
            rank_low=getattr(standing, "rank_low", None),
            rank_high=getattr(standing, "rank_high", None),
            **counts(claim.size),
        )
        for claim, standing in found.rows()
    ]
    reason = found.league.reason if isinstance(found.league, NotEstimated) else ""
    return LeagueView(**named(found.outcome), rows=tuple(rows), tells_apart=found.tells_apart, reason=reason)


for _result, _to_view in (
    (WhatWorks, what_works_view),
    (OutcomeLeague, league_view),
):
    register_view(_result, _to_view)
