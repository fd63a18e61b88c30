"""Two releases of a site side by side: what moved, and what went in that is not as it was."""

from collections.abc import Mapping

from tf_eval import project
from tf_eval.release.changes import CausesView, ChangesView, InputRow, MovedRow, PlanRow
from tf_eval.report import Edition, Told, read_edition
from tf_eval.runs.archive import last_other
from tf_eval.runs.changes_plan import Changes
from tf_eval.runs.registration import clauses_between
from tf_eval.runs.workspace import PRESENT, Workspace

# Each thing that a page depends on, in the words in which it is told; what a plan's page alone depends on comes last.
INPUTS = {
    "county": "The agencies' data",
    "code": "The programs that work the numbers out",
    "parameters": "The rules and lists that all share",
    "lock": "The software that the programs rest on",
    "python": "The version of Python",
    "plan": "The plans",
    "register": "The register of plans",
    "notebook": "The notebooks, with the words on the pages",
}
OF_A_PLAN = ("plan", "register", "notebook")


def two_releases(changes: Changes) -> tuple[Edition | None, Edition]:
    """Return the last release that was published before (none: ``None``), and what the present runs tell.

    Raises:
        RunError: ``tf-eval run`` has not yet written down what the present runs tell.
    """
    workspace = Workspace(project.resolve(changes.output))
    now = read_edition(workspace.folder / PRESENT)
    return last_other(workspace, now.key), now


def what_changed(before: Edition | None, now: Edition) -> ChangesView:
    """Return what both told of each intervention; nothing where there was no release before.

    Args:
        before: the earlier release.
        now: the later one.
    """
    if before is None:
        return ChangesView()
    then, present = ({told.name: told for told in edition.evaluations} for edition in (before, now))
    rows = [_moved(then.get(name), present.get(name)) for name in dict.fromkeys([*present, *then])]
    lost = tuple(told.label for told in now.pages if not (told.is_evaluation or told.is_made))
    return ChangesView(before.published, tuple(rows), lost)


def why_changed(before: Edition | None, now: Edition) -> CausesView:
    """Return what went into both, side by side: data, programs, rules, and plans clause by clause; takes the same."""
    if before is None:
        return CausesView()
    pairs = _pairs(before, now)
    return CausesView(
        tuple(_input(name, words, pairs, before, now) for name, words in INPUTS.items()),
        tuple(plan for pair in pairs if (plan := _plan(*pair))),
    )


def _moved(then: Told | None, now: Told | None) -> MovedRow:
    told = now or then
    verdicts = (side.verdict if side else None for side in (then, now))
    was_made, is_made = (side is None or side.is_made for side in (then, now))
    return MovedRow(told.name, told.label, *verdicts, was_made=was_made, is_made=is_made)


def _pairs(before: Edition, now: Edition) -> list[tuple[Told, Told]]:
    """Return the evaluations that both have, made or not."""
    then = {told.name: told for told in before.evaluations}
    return [(then[told.name], told) for told in now.evaluations if told.name in then]


def _plan(then: Told, now: Told) -> PlanRow | None:
    """Return the clauses that changed, if any; what a plan said is known where it was carried out."""
    if not (then.content and now.content):
        return None
    clauses = clauses_between(then.content, now.content)
    return PlanRow(now.label, clauses) if clauses else None


def _input(name: str, words: str, pairs: list[tuple[Told, Told]], before: Edition, now: Edition) -> InputRow:
    changed = [one.label for then, one in pairs if then.inputs.get(name) != one.inputs.get(name)]
    if name == "county":
        return InputRow(words, bool(changed), tuple(_sent_anew(before.extracts, now.extracts)) if changed else ())
    return InputRow(words, bool(changed), tuple(changed) if name in OF_A_PLAN and len(changed) < len(pairs) else ())


def _sent_anew(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the agencies whose extracts are not those of before; none where records were only read or linked anew."""
    return [agency for agency in dict.fromkeys([*now, *then]) if then.get(agency) != now.get(agency)]
