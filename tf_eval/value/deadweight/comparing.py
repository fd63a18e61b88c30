"""``deadweight``: the clauses of payment by results, put to families with support and to like families without."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.cohort.clocks import ARRIVED, Clock, require_clock
from tf_eval.cohort.engine import County
from tf_eval.cohort.months import first_day
from tf_eval.cohort.panel import Panel
from tf_eval.did import estimate_att
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import is_whole, names
from tf_eval.matching.matched import Matched, require_match
from tf_eval.value.claims.money import years_of
from tf_eval.value.claims.rules import PaymentRules
from tf_eval.value.deadweight.claimed import ANY, POUNDS, ClaimedBy, lay_out_claims
from tf_eval.value.deadweight.deadweight import Deadweight

WHERE = "deadweight"
START_COHORT = "start_cohort"
BASELINE = 12
LAST = 24  # months after the start that a panel lays out
NOT_FOLLOWED = "no family with support was followed up to the last month asked about; ask for an earlier one"
NOBODY = "no family of either group could be claimed by it"


def deadweight(
    county: County,
    rules: PaymentRules,
    panel: Panel,
    matched: Matched | Mapping[str, Matched],
    *,
    covariates: str | Sequence[str] = (),
    months: tuple[int, int] = (6, 12),
    clock: Clock = ARRIVED,
) -> Deadweight:
    """Return for how many families results would be paid with support, and for how many like families without it.

    Both groups are asked by the same rules on the same days: each family counts as identified on the first day of its
    index month, and claims are looked for month by month. What the matched families without support could be claimed
    for is the deadweight; the difference is what support brought about, if like families would otherwise have been
    claimed alike. Nothing has been claimed before the start in either group, so that the change since then is the
    share itself; errors are those of evaluations (families as clusters, t, small-sample factor).

    Args:
        county: the county.
        rules: the rules of payment.
        panel: families by months, as ``build_panel`` returns it.
        matched: matched families, as ``check_balance(matched).accept()`` returns them; or those of several
            interventions by name, for all of them together: each start cohort of each is then compared by itself.
        covariates: columns of the matched frame that the estimate allows for, as ``measure`` has them.
        months: the first and the last month after the start at which a claim is looked for. The windows of phase 1 look
            back six months, so that from month 6 on they lie after the start.
        clock: ``"arrived"``: as records were known on the day of each claim; ``"happened"``: as they are known now.

    Raises:
        ConfigError: an option cannot be honoured, the match is for others than those who started, or the rules have no
            money of a year in which a family started.
        EstimationError: balance was not accepted.
    """
    require_clock(clock)
    matches = dict(matched) if isinstance(matched, Mapping) else {"": matched}
    for one in matches.values():
        require_match(one, WHERE)
    raise_all(ConfigError, WHERE, _problems(rules, matches, months))
    for one in matches.values():
        one.require_accepted(WHERE)
    covariates = names(covariates, "covariates")
    laid = _laid(panel, matches, covariates)
    claimed = lay_out_claims(county, rules, laid[laid["event_time"] >= -BASELINE], months, clock)
    estimates = {
        name: _estimate(claimed, next(iter(matches.values())), name, covariates)
        for name in (ANY, *rules.routes, POUNDS)
    }
    course = None if isinstance(estimates[ANY], NotEstimated) else estimates[ANY].by_event_time()
    at_last = {name: found if isinstance(found, NotEstimated) else found.band(months[1] - 1, months[1] - 1)
               for name, found in estimates.items()}  # fmt: skip
    return Deadweight(
        rules=rules,
        months=months,
        found=at_last,
        course=course,
        fee=_fee(rules, claimed),
        left_out=sum(int(one.frame[one.treated].sum()) for one in matches.values()) - len(claimed.treated),
        design={"rules": rules.name, "months": list(months), "clock": clock, "covariates": list(covariates)},
    )


def _problems(rules: Any, matches: Mapping[str, Matched], months: Any) -> list[str]:
    problems = []
    if not isinstance(rules, PaymentRules):
        problems.append('rules: pass rules of payment, such as tf.load_payment_rules("params/pbr/...") returns.')
    if not matches:
        problems.append("matched: there is no match.")
    if any(one.design.estimand != "att" for one in matches.values()):
        problems.append("matched: results are those of families that started; match with estimand 'att'.")
    ends = tuple(months) if isinstance(months, (tuple, list)) else ()
    if len(ends) != 2 or not all(map(is_whole, ends)) or not 1 <= ends[0] <= ends[1] <= LAST:
        problems.append(f"months must be the first and the last month after the start, from 1 to {LAST}: (6, 12).")
    return problems


def _laid(panel: Panel, matches: Mapping[str, Matched], covariates: Sequence[str]) -> pd.DataFrame:
    """Return matched families in months from their start, one match below the other; rows are theirs alone."""
    columns = [*dict.fromkeys([*covariates, "index_month"])]
    frames = []
    for place, (name, one) in enumerate(matches.items()):
        laid = panel.event_time_frame(one, _monthly(panel), columns)
        rows = pd.factorize(laid["row"])[0] * len(matches) + place
        frames.append(laid.assign(row=rows, **{START_COHORT: f"{name} " + laid[START_COHORT].astype(str)}))
    return pd.concat(frames, ignore_index=True)


def _monthly(panel: Panel) -> str:
    """Return an outcome that is known by month: of what is known by term, months around a start do not serve."""
    monthly = [outcome.name for outcome in panel.outcomes if not outcome.by_term]
    if not monthly:
        raise ConfigError(f"{WHERE}: the panel has outcomes by term alone; build it with one that is known by month.")
    return monthly[0]


def _estimate(claimed: ClaimedBy, matched: Any, name: str, covariates: Sequence[str]) -> Any:
    if claimed.treated.empty:
        return NotEstimated(NOT_FOLLOWED)
    if not claimed.is_ever(name):
        return NotEstimated(NOBODY)
    return estimate_att(
        claimed,
        matched,
        outcome=name,
        covariates=(START_COHORT, *covariates) if covariates else (),
        baseline=BASELINE,
        cluster="family_id",
        quantile="t",
        small_sample=bool(covariates),
    )


def _fee(rules: PaymentRules, claimed: ClaimedBy) -> float:
    """Return the fee that is paid for a family with support, on average, in pounds."""
    years = years_of(first_day(claimed.treated["index_month"].to_numpy()))
    if not len(years):
        return math.nan
    return rules.funded.share * float(np.mean([rules.money_of(year).attachment for year in years]))
