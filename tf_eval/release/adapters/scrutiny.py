"""What an evaluation was put to, as the views that the gate accepts."""

from tf_eval.evidence import HiddenBias, LinkageSensitivity, SpecificationCurve, Triangulation
from tf_eval.evidence.check import CHECK_LEVEL
from tf_eval.release import views
from tf_eval.release.adapters.common import counts, interval, named, number
from tf_eval.release.gate import register_view
from tf_eval.release.hidden import YARDSTICKS, HiddenRow, HiddenView
from tf_eval.release.specifications import CurveRow, OutcomeCurveView, SpecificationsView
from tf_eval.release.ways import WayRow, WaysView


def linkage_view(sensitivity: LinkageSensitivity) -> views.LinkageView:
    """How the answers move with the linkage; where every way makes the same people there is nothing to compare."""
    varied = len(sensitivity.same_people) < len(sensitivity.matched_anew) - 1
    rows = [
        views.LinkageRow(**named(outcome), linkage=linkage, families=families, **interval(size), **counts(size))
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
            **interval(size),
            **{name: number(row[source]) for name, source in apart.items()},
            **counts(size),
        )
        for row, size in zip(found.table().to_dict("records"), found.sizes, strict=True)
    ]
    said = {"agree": found.check.passed, "sentence": found.summary()}
    return WaysView(**named(found.outcome), rows=tuple(rows), level=1 - CHECK_LEVEL, **said)


def specifications_view(found: SpecificationCurve) -> SpecificationsView:
    """A study done in many ways; whether families were alike enough is told of none that could not be compared."""
    curves = tuple(
        OutcomeCurveView(
            **named(curve.outcome),
            rows=tuple(
                CurveRow(bool(alike), **interval(size), **counts(size))
                for alike, size in zip(curve.alike, curve.sizes, strict=True)
            ),
        )
        for curve in found.curves
    )
    return SpecificationsView(found.choices, curves)


def hidden_view(found: HiddenBias) -> HiddenView:
    """What would have to be hidden for each effect to be explained away; of no effect that is not there."""
    rows = [
        HiddenRow(
            **named(row.outcome),
            is_found=row.is_found,
            detection_sensitive=row.outcome.detection_sensitive,
            sentences=row.sentences,
            **interval(row.measured.headline),
            **{name: number(row.to_dict()[name]) for name in (*YARDSTICKS, "share")},
            bounds=row.intervals,
            **counts(row.measured.headline),
        )
        for row in found.rows
    ]
    return HiddenView(tuple(rows))


for _result, _to_view in (
    (LinkageSensitivity, linkage_view),
    (Triangulation, ways_view),
    (SpecificationCurve, specifications_view),
    (HiddenBias, hidden_view),
):
    register_view(_result, _to_view)
