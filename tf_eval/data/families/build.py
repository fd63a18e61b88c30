"""From dated homes to dated families, in the order of the rule."""

from datetime import date

import duckdb

from tf_eval.data.families.addresses import MOST_IN_A_HOME, write_addresses
from tf_eval.data.families.care import write_care, write_own_homes
from tf_eval.data.families.changes import write_changes
from tf_eval.data.families.homes import write_homes
from tf_eval.data.families.households import write_households
from tf_eval.data.families.joined_homes import write_joined_homes
from tf_eval.data.families.members import write_members
from tf_eval.data.families.occupancies import write_occupancies
from tf_eval.data.families.residents import write_residents
from tf_eval.data.families.stays import write_stays
from tf_eval.data.families.tenures import write_tenures


def build_families(connection: duckdb.DuckDBPyConnection, *, start: date, end: date) -> None:
    """Write the temporary tables of families, replacing those of an earlier call.

    ``family`` (family_id), from 1 by first person and first day; ``family_member`` (family_id, person_id, start_date,
    end_date), a person being a member of at most one family a day; ``family_home`` (family_id, district,
    deprivation_decile, start_date, end_date), where most members live and, once a family has none, where most of its
    last members do; ``family_span`` (person_id, family_id, start_date, end_date), for everybody who is ever a member
    one family for every day from 0001-01-01 to 9999-12-31 (the end): that of the day, else the last before, else the
    first after; ``family_change`` (change, families), what was met how often (see ``changes``). An end is null where it
    does not lie in the covered time.

    Args:
        connection: a connection with the temporary tables person, person_link, loaded_residence and loaded_spell.
        start: the first day of the county's covered time.
        end: the day after its last day; only families with a member under 18 in [start, end) are kept.
    """
    write_addresses(connection)
    write_stays(connection)
    write_care(connection)
    write_occupancies(connection)
    write_joined_homes(connection)
    write_residents(connection, most=MOST_IN_A_HOME)
    write_households(connection)
    write_own_homes(connection)
    write_tenures(connection)
    write_members(connection, start=start, end=end)
    write_homes(connection, end=end)
    write_changes(connection)
