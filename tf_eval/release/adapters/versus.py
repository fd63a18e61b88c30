"""One intervention against another, as the views that the gate accepts."""

from dataclasses import replace

from tf_eval.errors import NotEstimated
from tf_eval.evidence import EffectSize, ForWhom, Versus
from tf_eval.evidence.check import FEWEST_FAMILIES
from tf_eval.evidence.verdict import Subject
from tf_eval.evidence.versus import Apart, SideBySideOutcome
from tf_eval.release.adapters.common import base, counts, interval, named
from tf_eval.release.adapters.study import balance_view
from tf_eval.release.adapters.subgroups import subgroups_view
from tf_eval.release.for_whom import ForWhomView
from tf_eval.release.gate import register_view
from tf_eval.release.versus import SIZES, ApartRow, CostRow, EitherView, SizeCell, VersusRow, VersusView


def versus_view(found: Versus, *, title: str = "", costs: tuple[CostRow, ...] = ()) -> VersusView:
    """Which of two interventions is better, under a title of its own, beside what each costs."""
    titles = _titles(found.subjects)
    level = found.design["level"]
    rows = tuple(_row(row, level) for row in found.rows)
    return VersusView(title or " or ".join(titles), found.question, titles, found.rows[0].first.follow_up, rows, costs)


def _titles(subjects: tuple[Subject, Subject]) -> tuple[str, str]:
    first, second = subjects
    return first.title, second.title


def _row(row: SideBySideOutcome, level: float) -> VersusRow:
    ruling = row.ruling
    return VersusRow(
        **named(row.outcome),
        good_direction=row.outcome.good_direction,
        smallest_worthwhile=row.smallest_worthwhile,
        standing=str(ruling.standing),
        better=ruling.better,
        reason=ruling.reason,
        headline=_apart(row.headline, level),
        bands=tuple(_apart(band, level) for band in row.bands),
    )


def _apart(apart: Apart, level: float) -> ApartRow:
    cells = {name: _cell(getattr(apart, name)) for name in SIZES}
    return ApartRow(apart.band, **cells, clear=bool(apart.p_all < level))


def _cell(size: EffectSize | NotEstimated) -> SizeCell:
    return SizeCell(**interval(size), **base(size), **counts(size))


def either_view(found: Versus) -> EitherView:
    """How unlike families with the one and with the other were, positive where the first had more."""
    titles, either = _titles(found.subjects), found.either
    if isinstance(either, NotEstimated):
        return EitherView(titles, None, either.reason)
    view = balance_view(either.balance)
    sizes = (view.n_treated, view.n_comparison)[:: either.turn]
    rows = tuple(
        replace(row, smd_before=_times(row.smd_before, either.turn), smd_after=_times(row.smd_after, either.turn))
        for row in view.rows
    )
    return EitherView(titles, replace(view, rows=rows, n_treated=sizes[0], n_comparison=sizes[1]))


def _times(number: float | None, turn: int) -> float | None:
    return None if number is None else turn * number


def for_whom_view(found: ForWhom) -> ForWhomView:
    """Effects of both by part."""
    has_none = isinstance(found.direct, NotEstimated)
    return ForWhomView(
        _titles(found.subjects),
        subgroups_view(found.first),
        subgroups_view(found.second),
        None if has_none else subgroups_view(found.direct),
        FEWEST_FAMILIES,
        found.direct.reason if has_none else "",
    )


register_view(Versus, versus_view)
register_view(ForWhom, for_whom_view)
