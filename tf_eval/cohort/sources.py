"""Only the records that some criteria can count, and of them only what is asked: each condition then reads little."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tf_eval.cohort.clocks import ARRIVED, Clock
from tf_eval.cohort.criteria import NOMINATION, EventCount, InSpell, Leaf, Node, Nomination, leaves
from tf_eval.cohort.engine import Engine
from tf_eval.cohort.forms import day, word_list
from tf_eval.cohort.kinds import coded
from tf_eval.cohort.records import Reading

ATTENDANCE = ("attendance_id", "person_id", "term_no", "possible", "authorised", "unauthorised", "recorded_on")


def keep_wanted(engine: Engine, nodes: Iterable[Node], reading: Reading, name: str) -> Reading:
    """Keep the events and spells that the nodes ask for, and return how these are read.

    Args:
        engine: runs the statements.
        nodes: the criteria that will be decided.
        reading: how the records are read; its tables of events and spells have the county's columns.
        name: what the names of the tables begin with.
    """
    asked = [leaf for node in nodes for leaf in leaves(node)]
    wanted = {
        "event": (_event_kinds(asked), "date", ["event_id", *_event_details(asked, reading.clock)]),
        "spell": (_spell_kinds(asked), "start_date", ["spell_id", "end_date", *_spell_details(asked, reading.clock)]),
    }
    for table, (kinds, date, columns) in wanted.items():
        kind = coded(kinds) if kinds else "0"
        engine.keep(
            f"{name}_{table}",
            f"""SELECT {", ".join(columns)}, person_id, {date}, {kind} AS kind FROM {getattr(reading, table)} AS every
WHERE kind IN ({word_list(kinds) or "''"}) AND {date} < {day(reading.horizon[1])}""",
        )
    return replace(reading, **{table: f"{name}_{table}" for table in wanted})


def keep_of_members(engine: Engine, reading: Reading, members: str, name: str) -> Reading:
    """Keep the records of some families' members alone, and return how these are read.

    Args:
        engine: runs the statements.
        reading: how the records are read.
        members: the table of the members (family_id, person_id, start_date, end_date).
        name: what the names of the tables begin with.
    """
    kept = {"event": ("*",), "spell": ("*",), "attendance": ATTENDANCE}
    for table, columns in kept.items():
        engine.keep(
            f"{name}_{table}",
            f"""SELECT {", ".join(f"every.{column}" for column in columns)} FROM {getattr(reading, table)} AS every
JOIN (SELECT DISTINCT person_id FROM {members}) AS wanted ON wanted.person_id = every.person_id""",
        )
    return replace(reading, members=members, **{table: f"{name}_{table}" for table in kept})


def _event_kinds(asked: Sequence[Leaf]) -> list[str]:
    kinds = [kind for leaf in asked if isinstance(leaf, EventCount) for kind in leaf.kinds]
    kinds += [kind for leaf in asked if isinstance(leaf, InSpell) for kind in leaf.preceded_by or ()]
    return sorted({*kinds, *(NOMINATION for leaf in asked if isinstance(leaf, Nomination))})


def _spell_kinds(asked: Sequence[Leaf]) -> list[str]:
    return sorted({kind for leaf in asked if isinstance(leaf, InSpell) for kind in leaf.kinds})


def _event_details(asked: Sequence[Leaf], clock: Clock) -> list[str]:
    by_age = any(isinstance(leaf, EventCount) and leaf.ages for leaf in asked)
    by_agency = any(isinstance(leaf, Nomination) and leaf.agencies for leaf in asked)
    return ["recorded_on"] * (clock == ARRIVED) + ["age_months"] * by_age + ["agency"] * by_agency


def _spell_details(asked: Sequence[Leaf], clock: Clock) -> list[str]:
    by_detail = any(isinstance(leaf, InSpell) and leaf.details for leaf in asked)
    return ["recorded_on"] * (clock == ARRIVED) + ["detail"] * by_detail
