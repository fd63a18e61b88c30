"""Results of the other rooms as the views that the gate accepts: what of each may be asked for at all."""

from typing import Any

from tf_eval.cohort.allocation import AllocationTable
from tf_eval.cohort.flow import Flow
from tf_eval.cohort.outcomes import Outcome
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence import (
    Check,
    EffectSize,
    LinkageSensitivity,
    NaiveComparison,
    OutcomeEffect,
    OutcomeLeague,
    OutcomeVerdict,
    PlainOutcome,
    Series,
    Standards,
    SubgroupEffects,
    Triangulation,
    Verdict,
    VerdictRules,
    WhatWorks,
)
from tf_eval.evidence.subgroups import SubgroupEffect
from tf_eval.matching import Balance, Population
from tf_eval.release import views
from tf_eval.release.gate import register_view
from tf_eval.release.subgroups import PartRow, SubgroupRow, SubgroupsView
from tf_eval.release.together import ClaimRow, LeagueView, StandingRow, WhatWorksView
from tf_eval.release.units import UNITS, unit_named
from tf_eval.release.ways import WayRow, WaysView

# How a kind of outcome is reported; a unit of ``tf_eval.release.units``.
UNIT_OF_KIND = {"count": "per_100_families_a_year", "share": "percentage_points", "state": "of_100_families"}
# What a person who writes an outcome calls these units.
UNIT_WORDS = {"count": "for 100 families a year", "share": "in percentage points", "state": "of 100 families"}
NOT_EXAMINED = "This could not be examined: too few {} were observed for long enough before the start."


def verdict_view(verdict: Verdict) -> views.VerdictView:
    """An intervention's verdict; its sentence is about the first outcome that decided it."""
    deciding = verdict.deciding[0]
    return views.VerdictView(
        intervention=verdict.about.intervention,
        label=verdict.about.title,
        question=verdict.about.question,
        description=verdict.about.description,
        verdict=str(verdict.word),
        sentence_facts=_sentence_facts(deciding),
        reasons=tuple(views.Reason(reason.outcome, reason.text) for reason in verdict.reasons),
        checks=tuple(_check_view(check) for check in _all_checks(verdict)),
        **_verdict_counts(verdict),
        rows=tuple(_outcome_row(row) for row in verdict.outcomes),
        would_change=verdict.would_change,
    )


def rules_view(rules: VerdictRules) -> views.RulesView:
    """The rules of verdicts, as they are tried."""
    rows = [views.RuleRow(rule.name, rule.words, str(rule.verdict), rule.would_change) for rule in rules.rules]
    return views.RulesView(tuple(rows), rules.summary())


def standards_view(standards: Standards) -> views.StandardsView:
    """How strong the evidence is; it is shown where the verdict is."""
    rows = tuple(views.StandardRow(**vars(row)) for row in standards.rows)
    return views.StandardsView(rows, standards.notes, **_verdict_counts(standards.verdict))


def series_view(series: Series) -> views.BandsView | views.EventStudyView:
    """Effects by follow-up band or by month from the start."""
    outcome = series.measured.outcome
    named = _named(outcome)
    if series.kind == "band":
        rows = tuple(
            views.BandRow(place, **_interval(size), **_base(size), **_counts(size)) for place, size in series.rows
        )
        return views.BandsView(**named, rows=rows)
    months = tuple(views.EventTimeRow(place, **_interval(size), **_counts(size)) for place, size in series.rows)
    estimate = series.measured.estimate
    first = -(estimate.design.window or 1)
    return views.EventStudyView(**named, rows=months, baseline=(first, -1), period=estimate.time_unit)


def flow_view(flow: Flow) -> views.FlowView:
    """Who was studied."""
    rows = [views.FlowRow(step.step, step.arm, step.families, step.excluded, step.reason) for step in flow.steps]
    return views.FlowView(tuple(rows))


def allocation_view(table: AllocationTable) -> views.AllocationView:
    """Families identified and allocated by district, with each document once."""
    names = ("district", "period", "identified", "allocated", "extrapolated", "assessed")
    rows = [views.AllocationRow(**{name: getattr(row, name) for name in names}) for row in table.rows]
    documents = [table.total, *table.programme.allocation.districts.values()]
    sources = dict.fromkeys(document.source for document in documents)
    return views.AllocationView(tuple(rows), table.total.families, tuple(sources))


def balance_view(balance: Balance) -> views.BalanceView:
    """How alike the groups are: means and counts of the covariates stay here."""
    rows = [
        views.BalanceRow(row.label, _number(row.smd_before), _number(row.smd_after))
        for row in balance.table().itertuples(index=False)
    ]
    sizes = {arm: int(size) for arm, size in balance.effective.items()}
    return views.BalanceView(
        tuple(rows),
        sizes["treated"],
        sizes["comparison"],
        threshold=balance.threshold,
        sentence=balance.summary(),
        adjusted_by=balance.adjusted_by,
    )


def population_view(population: Population) -> views.PopulationView:
    """Whom the answer is about: means of the covariates stay here."""
    rows = [
        views.PopulationRow(row.label, _number(row.shift), _number(row.shift_left_out))
        for row in population.table().itertuples(index=False)
    ]
    counts = {name: population.rows[name] for name in ("studied", "left_out")}
    return views.PopulationView(tuple(rows), counts["studied"], counts["left_out"], population.notable)


def naive_view(story: NaiveComparison) -> views.NaiveView:
    """What before and after alone would have claimed."""
    measured = {effect.outcome.name: effect for effect in story.measured}
    rows = [_naive_row(row, measured[row["outcome"]]) for row in story.table().to_dict("records")]
    smallest = {name: min((getattr(row, name) for row in rows), default=0) for name in ("n_treated", "n_comparison")}
    return views.NaiveView(tuple(rows), **smallest, sentence=story.summary())


def linkage_view(sensitivity: LinkageSensitivity) -> views.LinkageView:
    """How the answers move with the linkage; where every way makes the same people there is nothing to compare."""
    varied = len(sensitivity.same_people) < len(sensitivity.matched_anew) - 1
    rows = [
        views.LinkageRow(**_named(outcome), linkage=linkage, families=families, **_interval(size), **_counts(size))
        for outcome, linkage, families, size in sensitivity.rows()
        if varied
    ]
    return views.LinkageView(tuple(rows), sensitivity.summary())


def ways_view(found: Triangulation) -> WaysView:
    """One effect by ways of estimating it that assume different things."""
    apart = {"apart": "difference", "apart_low": "difference_low", "apart_high": "difference_high"}
    rows = [
        WayRow(
            way=row["way"],
            assumes=row["assumes"],
            **_interval(size),
            **{name: _number(row[source]) for name, source in apart.items()},
            **_counts(size),
        )
        for row, size in zip(found.table().to_dict("records"), found.sizes, strict=True)
    ]
    return WaysView(**_named(found.outcome), rows=tuple(rows), agree=found.check.passed, sentence=found.summary())


def what_works_view(found: WhatWorks) -> WhatWorksView:
    """The interventions of a site together."""
    level = found.design["level"]
    rows = [
        ClaimRow(
            name=claim.intervention,
            intervention=claim.title,
            **_named(claim.judged.outcome),
            band=claim.band,
            **_interval(claim.size),
            way="worse" if claim.is_harm else "better",
            holds=claim.holds(level),
            **_counts(claim.size),
        )
        for claim in found.claims
    ]
    rankable = [league.outcome.label for league in found.leagues if league.tells_apart]
    months = found.headlines[0].judged.measured.follow_up
    return WhatWorksView(len(found.verdicts), tuple(rows), tuple(rankable), months)


def league_view(found: OutcomeLeague) -> LeagueView:
    """The interventions of a site on one outcome."""
    names = ("shrunk", "shrunk_low", "shrunk_high")
    rows = [
        StandingRow(
            intervention=claim.title,
            **_interval(claim.size),
            **{name: _number(getattr(standing, name, None)) for name in names},
            rank_low=getattr(standing, "rank_low", None),
            rank_high=getattr(standing, "rank_high", None),
            **_counts(claim.size),
        )
        for claim, standing in found.rows()
    ]
    reason = found.league.reason if isinstance(found.league, NotEstimated) else ""
    return LeagueView(**_named(found.outcome), rows=tuple(rows), tells_apart=found.tells_apart, reason=reason)


def subgroups_view(found: SubgroupEffects) -> SubgroupsView:
    """Effects by part and how they differ."""
    rows = tuple(_subgroup_row(each) for each in found)
    return SubgroupsView(rows, found.told, found.design["fewest"])


def _subgroup_row(each: SubgroupEffect) -> SubgroupRow:
    compared = not isinstance(each.interaction, NotEstimated)
    names = ("difference", "low", "high")
    apart = {name: _number(getattr(each.interaction, name, None)) for name in names}
    parts = [
        PartRow(
            part.name,
            **_interval(part.size),
            **_base(part.size),
            **{name: _number(getattr(part, name)) for name in ("shrunk", "shrunk_low", "shrunk_high")},
            families=part.n_treated,
            **_counts(part.size),
        )
        for part in each.parts
    ]
    return SubgroupRow(
        **_named(each.outcome),
        subgroup=each.subgroup.label,
        others=each.subgroup.others,
        parts=tuple(parts),
        **apart,
        differs=each.differs if compared else None,
        as_expected=each.as_expected,
    )


def _naive_row(row: dict[str, Any], measured: OutcomeEffect) -> views.NaiveRow:
    names = ("outcome", "label", "before", "after", "naive_change", "comparison_change", "effect")
    return views.NaiveRow(
        unit=unit(measured.outcome),
        **{name: row[name] for name in names},
        **_counts(measured.headline),
        naive_n_treated=_naive_count(measured),
    )


def unit(outcome: Outcome | PlainOutcome) -> str:
    """Return the unit of an outcome.

    Raises:
        ConfigError: its kind has none yet, there is none such, or its scale would make the page wrong by a factor.
    """
    name, why = _named_unit(outcome)
    if outcome.scale != unit_named(name).scale:
        raise ConfigError(
            f"outcomes.{outcome.name}.scale: {outcome.scale:g} does not fit, because {why}. "
            f"Set it to {UNITS[name].scale:g}, and smallest_worthwhile in the same unit."
        )
    return name


def _named_unit(outcome: Outcome | PlainOutcome) -> tuple[str, str]:
    """Return the unit, and why it has the scale that it has."""
    if isinstance(outcome, PlainOutcome):
        return outcome.unit, f"its unit is '{outcome.unit}'"
    if outcome.kind not in UNIT_OF_KIND:
        raise ConfigError(f"outcomes.{outcome.name}.kind: {outcome.kind} has no rules yet by which it may be published")
    return UNIT_OF_KIND[outcome.kind], f"a {outcome.kind} is published {UNIT_WORDS[outcome.kind]}"


def _outcome_row(row: OutcomeVerdict) -> views.OutcomeRow:
    size = row.measured.headline
    relative = None if isinstance(size, NotEstimated) else size.relative
    return views.OutcomeRow(
        outcome=row.outcome.name,
        label=row.outcome.label,
        unit=unit(row.outcome),
        verdict=str(row.word),
        **_interval(size),
        **_base(size),
        relative_change=relative,
        smallest_worthwhile=row.measured.smallest_worthwhile,
        smallest_detectable=None if isinstance(size, NotEstimated) else _number(size.minimum_detectable),
        good_direction=row.outcome.good_direction,
        rule=row.rule.name,
        detection_sensitive=row.outcome.detection_sensitive,
        primary=row.primary,
        reason=row.reason,
        **_counts(size),
    )


def _named(outcome: Outcome | PlainOutcome) -> dict[str, str]:
    return {"outcome": outcome.name, "label": outcome.label, "unit": unit(outcome)}


def _sentence_facts(row: OutcomeVerdict) -> views.SentenceFacts:
    size = row.measured.headline
    return views.SentenceFacts(row.outcome.label, **_interval(size), **_base(size), unit=unit(row.outcome))


def _all_checks(verdict: Verdict) -> list[Check]:
    """The design's checks, and those of single outcomes with the outcome's name.

    Why there is no estimate can tell how few families there were, so the checks do not say it.
    """
    own = [
        Check(
            f"{check.name}: {row.outcome.label}",
            check.passed,
            check.detail if check.told else NOT_EXAMINED.format(unit_named(unit(row.outcome)).whom.all),
        )
        for row in verdict.outcomes
        for check in row.checks
    ]
    return [*verdict.checks, *own]


def _check_view(check: Check) -> views.Check:
    return views.Check(check.name, check.passed, check.detail)


def _interval(size: EffectSize | NotEstimated) -> dict[str, float | None]:
    if isinstance(size, NotEstimated):
        return {"effect": None, "ci_low": None, "ci_high": None}
    return {"effect": _number(size.value), "ci_low": _number(size.low), "ci_high": _number(size.high)}


def _base(size: EffectSize | NotEstimated) -> dict[str, float | None]:
    return {"base_rate": None if isinstance(size, NotEstimated) else _number(size.base_rate)}


def _counts(size: EffectSize | NotEstimated) -> dict[str, int]:
    if isinstance(size, NotEstimated):
        return {"n_treated": 0, "n_comparison": 0}
    return {"n_treated": size.n_treated, "n_comparison": size.n_comparison}


def _verdict_counts(verdict: Verdict) -> dict[str, int]:
    return _counts(verdict.deciding[0].measured.headline)


def _naive_count(measured: OutcomeEffect) -> int:
    return 0 if isinstance(measured.naive, NotEstimated) else measured.naive.n_treated


def _number(value: Any) -> float | None:
    """A missing number is None: the gate shows it as not available."""
    return None if value is None or value != value else float(value)


for _result, _to_view in (
    (Verdict, verdict_view),
    (Series, series_view),
    (Flow, flow_view),
    (AllocationTable, allocation_view),
    (Balance, balance_view),
    (Population, population_view),
    (NaiveComparison, naive_view),
    (LinkageSensitivity, linkage_view),
    (Triangulation, ways_view),
    (SubgroupEffects, subgroups_view),
    (WhatWorks, what_works_view),
    (OutcomeLeague, league_view),
    (VerdictRules, rules_view),
    (Standards, standards_view),
):
    register_view(_result, _to_view)
