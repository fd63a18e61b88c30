"""Effects on one outcome after another, as the views that the gate accepts."""

from typing import Any

from tf_eval.errors import NotEstimated
from tf_eval.evidence import NaiveComparison, OutcomeEffect, Series
from tf_eval.release import views
from tf_eval.release.adapters.common import base, counts, interval, named, unit
from tf_eval.release.gate import register_view


def series_view(series: Series) -> views.BandsView | views.EventStudyView:
    """Effects by follow-up band or by month from the start."""
    outcome = series.measured.outcome
    told = named(outcome)
    if series.kind == "band":
        rows = tuple(
            views.BandRow(place, **interval(size), **base(size), **counts(size)) for place, size in series.rows
        )
        return views.BandsView(**told, rows=rows)
    months = tuple(views.EventTimeRow(place, **interval(size), **counts(size)) for place, size in series.rows)
    estimate = series.measured.estimate
    first = -(estimate.design.window or 1)
    return views.EventStudyView(**told, rows=months, baseline=(first, -1), period=estimate.time_unit)


def naive_view(story: NaiveComparison) -> views.NaiveView:
    """What before and after alone would have claimed."""
    measured = {effect.outcome.name: effect for effect in story.measured}
    rows = [_naive_row(row, measured[row["outcome"]]) for row in story.table().to_dict("records")]
    smallest = {name: min((getattr(row, name) for row in rows), default=0) for name in ("n_treated", "n_comparison")}
    return views.NaiveView(tuple(rows), **smallest, sentence=story.summary())


def _naive_row(row: dict[str, Any], measured: OutcomeEffect) -> views.NaiveRow:
    names = ("outcome", "label", "before", "after", "naive_change", "comparison_change")
    return views.NaiveRow(
        unit=unit(measured.outcome),
        **{name: row[name] for name in names},
        **interval(measured.headline),
        **counts(measured.headline),
        naive_n_treated=_naive_count(measured),
    )


def _naive_count(measured: OutcomeEffect) -> int:
    return 0 if isinstance(measured.naive, NotEstimated) else measured.naive.n_treated


for _result, _to_view in (
    (Series, series_view),
    (NaiveComparison, naive_view),
):
    register_view(_result, _to_view)
