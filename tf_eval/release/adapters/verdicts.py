"""Verdicts, their rules and the strength of their evidence, as the views that the gate accepts."""

from tf_eval.errors import NotEstimated
from tf_eval.evidence import Check, OutcomeEffect, OutcomeVerdict, Standards, Verdict, VerdictRules
from tf_eval.release import views
from tf_eval.release.adapters.common import base, counts, interval, number, unit
from tf_eval.release.gate import register_view
from tf_eval.release.units import unit_named

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
        checks=tuple(check_view(check) for check in _all_checks(verdict)),
        **_verdict_counts(verdict),
        rows=tuple(_outcome_row(row) for row in verdict.outcomes),
        would_change=verdict.would_change,
        months=_months(deciding.measured),
    )


def rules_view(rules: VerdictRules) -> views.RulesView:
    """The rules of verdicts, as they are tried."""
    rows = [views.RuleRow(rule.name, rule.words, str(rule.verdict), rule.would_change) for rule in rules.rules]
    return views.RulesView(tuple(rows), rules.summary())


def standards_view(standards: Standards) -> views.StandardsView:
    """How strong the evidence is; it is shown where the verdict is."""
    rows = tuple(views.StandardRow(**vars(row)) for row in standards.rows)
    return views.StandardsView(rows, standards.notes, **_verdict_counts(standards.verdict))


def _outcome_row(row: OutcomeVerdict) -> views.OutcomeRow:
    size = row.measured.headline
    relative = None if isinstance(size, NotEstimated) else size.relative
    return views.OutcomeRow(
        outcome=row.outcome.name,
        label=row.outcome.label,
        unit=unit(row.outcome),
        verdict=str(row.word),
        **interval(size),
        **base(size),
        relative_change=relative,
        smallest_worthwhile=row.measured.smallest_worthwhile,
        smallest_detectable=None if isinstance(size, NotEstimated) else number(size.minimum_detectable),
        good_direction=row.outcome.good_direction,
        rule=row.rule.name,
        detection_sensitive=row.outcome.detection_sensitive,
        primary=row.primary,
        reason=row.reason,
        **counts(size),
    )


def _months(measured: object) -> tuple[int, int] | None:
    """Only what is followed month by month knows which months an effect is of."""
    return measured.follow_up if isinstance(measured, OutcomeEffect) else None


def _sentence_facts(row: OutcomeVerdict) -> views.SentenceFacts:
    size = row.measured.headline
    return views.SentenceFacts(row.outcome.label, **interval(size), **base(size), unit=unit(row.outcome))


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


def check_view(check: Check) -> views.Check:
    return views.Check(check.name, check.passed, check.detail)


def _verdict_counts(verdict: Verdict) -> dict[str, int]:
    return counts(verdict.deciding[0].measured.headline)


for _result, _to_view in (
    (Verdict, verdict_view),
    (VerdictRules, rules_view),
    (Standards, standards_view),
):
    register_view(_result, _to_view)
