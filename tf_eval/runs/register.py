"""The register of plans: what each said on the day on which it was fixed, in one file that only grows.

An entry bears the hash of its content, and a seal over all that it says and the seal before it: none can be changed,
moved or taken out from between others unseen. Whoever may write the file could still write all of it anew, or cut off
its end; that nobody did is for the version control to show, in which the file is committed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tf_eval import project
from tf_eval.cohort.outcomes import OUTCOMES_FILE, choose_outcomes
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError
from tf_eval.runs import fingerprint
from tf_eval.runs.plan import Plan, load_plan, read_plan

REGISTER = Path("params/register.jsonl")
# Names and notes change nothing that is counted, and the smallest worthwhile change is a clause of the plan.
NOT_OF_A_DEFINITION = ("label", "note", "smallest_worthwhile")
# What plans could not say when the first were registered.
ADDED = ("looks", "subgroups", "negative_controls", "worth")


@dataclass(frozen=True)
class Entry:
    """One plan on one day.

    Attributes:
        name: the plan's file's name without ending.
        date: the day (UTC), ISO 8601.
        code: the version of the package, and the hash of its code.
        content: what was registered, see ``content_of``.
        hash: SHA-256 of the content's canonical JSON.
        previous: the seal of the entry before; empty for the first.
        seal: SHA-256 of all of this.
    """

    name: str
    date: str
    code: str
    content: Mapping[str, Any]
    hash: str
    previous: str
    seal: str

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"

    @property
    def is_whole(self) -> bool:
        """Whether it still is as it was sealed."""
        unsealed = {name: value for name, value in asdict(self).items() if name != "seal"}
        return self.hash == fingerprint.of_object(self.content) and self.seal == fingerprint.of_object(unsealed)

    @property
    def content_now(self) -> Mapping[str, Any]:
        """The content as it is read now: a key that plans did not have then has its default, and is no change."""
        try:
            return {**self.content, "plan": _said(read_plan(self.content["plan"]))}
        except ConfigError:  # a key that plans had then is gone
            return self.content

    def is_of(self, plan: Plan) -> bool:
        """Whether it is about the same intervention in the same county."""
        then = self.content["plan"]
        return (then["county"], then["intervention"]) == (plan.county, plan.intervention)


def content_of(plan: Plan) -> dict[str, Any]:
    """Return what is registered of a plan, JSON-safe, whatever comments and order of keys its file has.

    ``plan`` is all that it says, with its defaults and the smallest change worth having on every outcome; ``rests_on``
    the fingerprints of what it refers to: the programme's rules and the definition of every outcome, judged or not.
    """
    every = choose_outcomes([*plan.outcomes, *plan.negative_controls])
    smallest = {
        outcome.name: plan.smallest_worthwhile.get(outcome.name, outcome.smallest_worthwhile)
        for outcome in every
        if outcome.name in plan.outcomes
    }
    entries = load_yaml(project.locate(OUTCOMES_FILE, "outcomes file"))["outcomes"]
    definitions = {
        outcome.name: {key: value for key, value in entries[outcome.name].items() if key not in NOT_OF_A_DEFINITION}
        for outcome in every
    }
    referred = {"the programme": load_yaml(project.locate(plan.programme, "programme")), **definitions}
    return {
        "plan": {**_said(plan), "smallest_worthwhile": smallest},
        "rests_on": {name: fingerprint.of_object(what)[:16] for name, what in referred.items()},
    }


def _said(plan: Plan) -> dict[str, Any]:
    """Return all that a plan says; what no plan could say at first is not said where it is left out."""
    said = plan.model_dump(mode="json")
    return {name: value for name, value in said.items() if name not in ADDED or value}


def read_register() -> list[Entry]:
    """Return the project's register, the oldest entry first; a project without one has registered nothing.

    Raises:
        ConfigError: an entry is not as it was written, or is not where it was.
    """
    path = project.resolve(REGISTER)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    entries: list[Entry] = []
    for place, line in enumerate(lines, start=1):
        entry = _entry(line)
        if entry is None or not entry.is_whole or entry.previous != _last_seal(entries):
            raise ConfigError(
                f"{REGISTER}, line {place}: this entry is not as it was written, or one before it is missing. Put the "
                "file back as version control has it; to change a plan, register it again (tf-eval register)"
            )
        entries.append(entry)
    return entries


def entries_of(plan: Plan) -> list[Entry]:
    """Return the entries about a plan's intervention and county, the oldest first; the last one counts."""
    return [entry for entry in read_register() if entry.is_of(plan)]


def register_plans(paths: Sequence[Path], *, on: date | None = None) -> dict[str, bool]:
    """Add plans to the register, and return of each by name whether anything was added: not where it is unchanged.

    Args:
        paths: the plans' files. All are validated before any is registered.
        on: the day; default: today (UTC).

    Raises:
        ConfigError: a plan, or the register, is wrong.
    """
    plans = {path.stem: load_plan(path) for path in paths}
    contents = {name: content_of(plan) for name, plan in plans.items()}
    day = (on or datetime.now(UTC).date()).isoformat()
    return {name: _add(name, plans[name], content, day) for name, content in contents.items()}


def _add(name: str, plan: Plan, content: Mapping[str, Any], day: str) -> bool:
    entries = read_register()
    before = [entry for entry in entries if entry.is_of(plan)]
    if before and before[-1].content_now == content:
        return False
    facts = {
        "name": name,
        "date": day,
        "code": fingerprint.code_version(),
        "content": content,
        "hash": fingerprint.of_object(content),
        "previous": _last_seal(entries),
    }
    with project.resolve(REGISTER).open("a", encoding="utf-8", newline="\n") as file:
        file.write(Entry(**facts, seal=fingerprint.of_object(facts)).line)
    return True


def _entry(line: str) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _last_seal(entries: Sequence[Entry]) -> str:
    return entries[-1].seal if entries else ""
