"""``publish``: the one gate. What it does not know does not leave."""

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from tf_eval.errors import DisclosureError, NotEstimated
from tf_eval.release import views
from tf_eval.release.allocations import release_allocation
from tf_eval.release.appraisal import AppraisalView, release_appraisal
from tf_eval.release.changes import CausesView, ChangesView, release_causes, release_changes
from tf_eval.release.deadweight import DeadweightView, release_deadweight
from tf_eval.release.detectable import DetectableView, release_detectable
from tf_eval.release.failure import FailureView, release_failure
from tf_eval.release.for_whom import ForWhomView, release_for_whom
from tf_eval.release.hidden import HiddenView, release_hidden
from tf_eval.release.identification import (
    CriteriaView,
    IdentificationView,
    QuartersView,
    UntoldView,
    release_criteria,
    release_identification,
    release_quarters,
    release_untold,
)
from tf_eval.release.judgement import release_rules, release_standards, release_verdict
from tf_eval.release.payment import PaymentView, release_payment
from tf_eval.release.placebos import PlacebosView, release_placebos
from tf_eval.release.places import PlacesView, release_places
from tf_eval.release.readings import ReadingsView, release_readings
from tf_eval.release.records import (
    FindingsView,
    LinksView,
    ReceivedView,
    UnseenView,
    release_findings,
    release_links,
    release_received,
    release_unseen,
)
from tf_eval.release.released import FIELDS, Released
from tf_eval.release.rules import Rules, project_rules
from tf_eval.release.sentences import check_words
from tf_eval.release.specifications import SpecificationsView, release_specifications
from tf_eval.release.subgroups import SubgroupsView, release_subgroups
from tf_eval.release.tables import (
    release_balance,
    release_bands,
    release_event_study,
    release_flow_view,
    release_linkage,
    release_methods,
    release_naive,
    release_population,
    release_provenance,
    release_registration,
)
from tf_eval.release.together import LeagueView, WhatWorksView, release_league, release_what_works
from tf_eval.release.versus import EitherView, VersusView, release_either, release_versus
from tf_eval.release.ways import WaysView, release_ways


def publish(result: object, *, rules: Rules | None = None) -> Released:
    """Return what may be shown of a result: the only thing that a page accepts.

    Arguments: ``result`` is a view (``tf_eval.release.views``), or a result whose room has been introduced with
    ``register_view``; ``rules`` default to the project's (``params/release.yaml``), and outside a project to the
    strictest. Raises ``DisclosureError`` for anything else (a data frame, a figure, a sentence), and where any text of
    the result counts people more finely than a table may.
    """
    rules = rules or project_rules()
    released = _release(_view(result), rules)
    for name in FIELDS:
        check_words(getattr(released, name), f"the {name} of a release of kind '{released.kind}'", rules)
    return released


def register_view(kind: type, to_view: Callable[[Any], object]) -> None:
    """Teach the gate a result of another room: ``to_view(result)`` returns one of the views."""
    _view.register(kind)(to_view)


def publishable() -> tuple[type, ...]:
    """Return the kinds of results that the gate has been taught."""
    return tuple(kind for kind in _view.registry if kind is not object)


@singledispatch
def _view(result: object) -> object:
    return result


@singledispatch
def _release(view: object, rules: Rules) -> Released:
    raise DisclosureError(
        f"release: a {type(view).__name__} cannot pass the gate. "
        "Publish a result (a verdict, effects, a flow, the balance ...), not a table, a figure or a text of your own."
    )


@_release.register
def _(view: NotEstimated, rules: Rules) -> Released:
    raise DisclosureError(f"release: there is nothing to publish. {view.summary()}")


for _kind, _how in (
    (views.VerdictView, release_verdict),
    (views.BandsView, release_bands),
    (views.EventStudyView, release_event_study),
    (views.FlowView, release_flow_view),
    (views.AllocationView, release_allocation),
    (views.BalanceView, release_balance),
    (views.PopulationView, release_population),
    (views.NaiveView, release_naive),
    (views.LinkageView, release_linkage),
    (WaysView, release_ways),
    (SubgroupsView, release_subgroups),
    (PlacesView, release_places),
    (WhatWorksView, release_what_works),
    (LeagueView, release_league),
    (SpecificationsView, release_specifications),
    (HiddenView, release_hidden),
    (PlacebosView, release_placebos),
    (views.RulesView, release_rules),
    (views.StandardsView, release_standards),
    (views.MethodsView, release_methods),
    (views.RegistrationView, release_registration),
    (views.ProvenanceView, release_provenance),
    (DetectableView, release_detectable),
    (DeadweightView, release_deadweight),
    (AppraisalView, release_appraisal),
    (PaymentView, release_payment),
    (ChangesView, release_changes),
    (CausesView, release_causes),
    (FailureView, release_failure),
    (IdentificationView, release_identification),
    (CriteriaView, release_criteria),
    (QuartersView, release_quarters),
    (UntoldView, release_untold),
    (ReceivedView, release_received),
    (FindingsView, release_findings),
    (LinksView, release_links),
    (UnseenView, release_unseen),
    (VersusView, release_versus),
    (EitherView, release_either),
    (ForWhomView, release_for_whom),
    (ReadingsView, release_readings),
):
    _release.register(_kind)(_how)
