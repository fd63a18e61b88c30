"""Only the records that some criteria can count, kept once, so that each condition reads a small table."""

from collections.abc import Iterable
from dataclasses import replace

from tf_eval.cohort.criteria import NOMINATION, EventCount, InSpell, Leaf, Node, Nomination, leaves
from tf_eval.cohort.engine import Engine
from tf_eval.cohort.forms import day, word_list
from tf_eval.cohort.records import Reading

EVENT = ("event_id", "agency", "person_id", "kind", "date", "recorded_on", "age_months")
SPELL = ("spell_id", "person_id", "kind", "start_date", "end_date", "recorded_on", "detail")
ATTENDANCE = ("attendance_id", "person_id", "term_no", "possible", "authorised", "unauthorised", "recorded_on")


def keep_wanted(engine: Engine, nodes: Iterable[Node], reading: Reading, name: str) -> Reading:
    """Keep the events and spells that the nodes ask for, and return how these are read.

    Args:
        engine: runs the statements.
        nodes: the criteria that will be decided.
        reading: how the records are read.
        name: what the names of the tables begin with.
    """
    asked = [leaf for node in nodes for leaf in leaves(node)]
    wanted = {"event": (EVENT, "date", _event_kinds(asked)), "spell": (SPELL, "start_date", _spell_kinds(asked))}
    kept = {table: f"{name}_{table}" for table in wanted}
    for table, (columns, date, kinds) in wanted.items():
        engine.keep(
            kept[table],
            f"""SELECT {", ".join(columns)} FROM {getattr(reading, table)} AS every
WHERE kind IN ({word_list(kinds) or "''"}) AND {date} < {day(reading.horizon[1])}""",
        )
    return replace(reading, **kept)


def keep_of_members(engine: Engine, reading: Reading, members: str, name: str) -> Reading:
    """Keep the records of some families' members alone, and return how these are read.

    Args:
        engine: runs the statements.
        reading: how the records are read.
        members: the table of the members (family_id, person_id, start_date, end_date).
        name: what the names of the tables begin with.
    """
    kept = {"event": EVENT, "spell": SPELL, "attendance": ATTENDANCE}
    for table, columns in kept.items():
        engine.keep(
            f"{name}_{table}",
            f"""SELECT {", ".join(f"every.{column}" for column in columns)} FROM {getattr(reading, table)} AS every
JOIN (SELECT DISTINCT person_id FROM {members}) AS wanted ON wanted.person_id = every.person_id""",
        )
    return replace(reading, members=members, **{table: f"{name}_{table}" for table in kept})


def _event_kinds(asked: Iterable[Leaf]) -> list[str]:
    kinds = [kind for leaf in asked if isinstance(leaf, EventCount) for kind in leaf.kinds]
    kinds += [kind for leaf in asked if isinstance(leaf, InSpell) for kind in leaf.preceded_by or ()]
    return sorted({*kinds, *(NOMINATION for leaf in asked if isinstance(leaf, Nomination))})


def _spell_kinds(asked: Iterable[Leaf]) -> list[str]:
    return sorted({kind for leaf in asked if isinstance(leaf, InSpell) for kind in leaf.kinds})
