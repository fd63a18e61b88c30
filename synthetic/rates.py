"""How often records go wrong and households change, in a county that is generated with faults."""

from typing import Annotated

from pydantic import Field

from synthetic.model import Part

Rate = Annotated[float, Field(ge=0, le=0.1)]


class FaultRates(Part):
    """The share of what a fault could befall that it does befall; 0 switches it off.

    None is above a tenth: faults that would undo each other share the rows out by lot, and each keeps to its own.
    Of a person record: its name, birth date, one of its numbers, its postcode, the row itself. ``misspelt_name`` is
    doubled for Asian, Black and other families, which makes linkage differential. Of an agency's people:
    ``duplicate_person``. Of homes: ``uprn_reused`` and ``placeholder_uprn``. Of events, spells, attendance and
    support: the other faults of rows. The patterns befall schools (``missing_term``), pairs of agency and district
    (``missing_month``) and pairs of district and kind (``recording_shift``), at least one each. ``twins`` is of pairs
    of young siblings with 18 months or less between them, and no error at all.
    """

    misspelt_name: Rate = 0.03
    swapped_names: Rate = 0.005
    nickname: Rate = 0.03
    placeholder_birth_date: Rate = 0.015
    missing_birth_date: Rate = 0.01
    birth_date_typo: Rate = 0.01
    missing_identifier: Rate = 0.05
    mistyped_identifier: Rate = 0.01
    stale_postcode: Rate = 0.06
    duplicate_row: Rate = 0.002
    duplicate_person: Rate = 0.01
    uprn_reused: Rate = 0.002
    placeholder_uprn: Rate = 0.002
    late_row: Rate = 0.005
    missing_term: Rate = 0.03
    missing_month: Rate = 0.1
    recording_shift: Rate = 0.1
    late_start: Rate = 0.05
    overlapping_spell: Rate = 0.005
    end_before_start: Rate = 0.003
    future_date: Rate = 0.001
    before_birth: Annotated[float, Field(ge=0, le=0.03)] = 0.001
    orphan_row: Rate = 0.002
    twins: Rate = 0.05


class HouseholdRates(Part):
    """The share of families (of looked-after children's families: ``fostering``) whose household changes.

    ``moves``: the whole family moves within its district. ``splits``: the second adult leaves and lives alone.
    ``merges``: the second adult leaves, lives alone for some months and joins a lone parent's family. ``fostering``:
    looked-after children live in a foster home for that time. ``temporary``: families that live at an address
    shared by more than 20 people for some months, ten families an address. ``refuges``: the same, four an address.
    """

    moves: Annotated[float, Field(ge=0, le=0.4)] = 0.12
    splits: Rate = 0.02
    merges: Rate = 0.01
    fostering: Annotated[float, Field(ge=0, le=1)] = 0.8
    temporary: Annotated[float, Field(ge=0, le=0.05)] = 0.004
    refuges: Annotated[float, Field(ge=0, le=0.03)] = 0.006
