"""The contract: the tables that every agency's extract is mapped to, their columns, types and kinds.

Nothing else in tf_eval names a table of the contract, says what may be missing or lists a kind. Two shapes carry
nearly everything: events (a date) and spells (a start and an end).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Type = Literal["text", "date", "integer", "number", "boolean"]
Within = Literal["plausible", "before_end", "covered"]

EVENT_KINDS = (
    "proven_offence",
    "asbo",
    "asb_injunction",
    "asb_contract",
    "housing_asb_action",
    "asb_incident",
    "fixed_exclusion",
    "permanent_exclusion",
    "police_callout",
    "domestic_abuse_callout",
    "exploitation_referral",
    "developmental_concern",
    "relationship_concern",
    "concern",
)
SPELL_KINDS = (
    "out_of_work_benefit",
    "employment",
    "work_programme",
    "esf_provision",
    "pupil_referral_unit",
    "alternative_provision",
    "off_roll",
    "not_in_education_employment_training",
    "early_help_plan",
    "child_in_need",
    "child_protection_plan",
    "looked_after",
    "mental_health_treatment",
    "substance_misuse_treatment",
    "homelessness_duty",
    "temporary_accommodation",
    "rent_arrears",
    "custody",
)
BENEFITS = ("ESA", "IB", "CA", "IS", "JSA", "SDA", "UC")
SEXES = ("female", "male")
ETHNIC_GROUPS = ("asian", "black", "mixed", "white", "other")  # the five groups of the census
ACADEMIC_YEAR = "[0-9]{4}/[0-9]{2}"


@dataclass(frozen=True)
class Column:
    """One column of the contract.

    ``vocabulary`` lists the only words allowed; ``by_kind`` does so for rows of one kind. ``within`` says which dates
    are possible: any plausible one, one before the extract's covered time ends, or one inside the covered time.
    ``listed``: free text that may leave the linking store, so the sources file has to list the words it may be.
    ``spared``: a row says what it says without this column, so a cell that cannot be used costs the cell alone.
    """

    name: str
    type: Type = "text"
    required: bool = False
    vocabulary: tuple[str, ...] = ()
    by_kind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    within: Within = "plausible"
    listed: bool = False
    spared: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the contract.

    ``key`` are the columns that no two rows may share (empty: rows may repeat, as two call-outs in one night do).
    ``in_order`` are pairs of dates of which the second may not come before the first; of the dates in ``one_of`` at
    least one has to be filled in. ``needs_covers``: the extract must say which time it covers, for a month without rows
    is a zero only where an agency did report.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    in_order: tuple[tuple[str, str], ...] = ()
    one_of: tuple[str, ...] = ()
    needs_covers: bool = False
    of_persons: bool = True

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of all columns, in the contract's order."""
        return tuple(column.name for column in self.columns)

    @property
    def has_kinds(self) -> bool:
        """Whether the rows of this table are of several kinds."""
        return "kind" in self.column_names


_AGENCY = Column("agency", required=True)
_LOCAL_ID = Column("local_id", required=True)
_RECORDED_ON = Column("recorded_on", "date", spared=True)
_YEAR = Column("academic_year", required=True, pattern=ACADEMIC_YEAR)
_TERM = Column("term", "integer", required=True, minimum=1, maximum=3)

PERSON_RECORD = Table(
    "person_record",
    (
        _AGENCY,
        _LOCAL_ID,
        Column("forename", spared=True),
        Column("surname", spared=True),
        Column("birth_date", "date", within="before_end", spared=True),
        Column("sex", vocabulary=SEXES, spared=True),
        Column("postcode", spared=True),
        Column("uprn", spared=True),
        Column("upn", spared=True),
        Column("nino", spared=True),
        Column("nhs_number", spared=True),
        Column("ethnicity", vocabulary=ETHNIC_GROUPS, spared=True),
    ),
    key=("local_id",),
)
RESIDENCE = Table(
    "residence",
    (
        _AGENCY,
        _LOCAL_ID,
        Column("uprn", required=True),
        Column("postcode", spared=True),
        Column("district", listed=True, spared=True),
        # 1 is the most deprived tenth of England.
        Column("deprivation_decile", "integer", minimum=1, maximum=10, spared=True),
        Column("start_date", "date", required=True, within="before_end"),
        Column("end_date", "date"),
    ),
    key=("local_id", "uprn", "start_date"),
    in_order=(("start_date", "end_date"),),
)
EVENT = Table(
    "event",
    (
        _AGENCY,
        _LOCAL_ID,
        Column("kind", required=True, vocabulary=EVENT_KINDS),
        Column("date", "date", required=True, within="covered"),
        _RECORDED_ON,
        Column("value", "number", spared=True),
    ),
    in_order=(("date", "recorded_on"),),
    needs_covers=True,
)
SPELL = Table(
    "spell",
    (
        _AGENCY,
        _LOCAL_ID,
        Column("kind", required=True, vocabulary=SPELL_KINDS),
        Column("start_date", "date", required=True, within="before_end"),
        Column("end_date", "date"),
        _RECORDED_ON,
        Column("detail", by_kind={"out_of_work_benefit": BENEFITS}),
    ),
    key=("local_id", "kind", "start_date", "detail"),
    in_order=(("start_date", "end_date"),),
    needs_covers=True,
)
ATTENDANCE = Table(
    "attendance",
    (
        _AGENCY,
        _LOCAL_ID,
        _YEAR,
        _TERM,
        Column("school", spared=True),
        Column("possible", "integer", required=True, minimum=0),
        Column("authorised", "integer", required=True, minimum=0),
        Column("unauthorised", "integer", required=True, minimum=0),
        _RECORDED_ON,
    ),
    key=("local_id", "academic_year", "term"),
    needs_covers=True,
)
SUPPORT = Table(
    "support",
    (
        _AGENCY,
        _LOCAL_ID,
        Column("intervention", required=True, listed=True),
        Column("provider", listed=True, spared=True),
        Column("worker", spared=True),
        Column("district", listed=True, spared=True),
        Column("offered", "date", within="before_end"),
        Column("started", "date", within="before_end"),
        Column("ended", "date"),
        Column("consent", "boolean", spared=True),
    ),
    key=("local_id", "intervention", "offered", "started"),
    in_order=(("offered", "started"), ("started", "ended")),
    one_of=("offered", "started"),
    needs_covers=True,
)
TERM = Table(
    "term",
    (
        _YEAR,
        _TERM,
        Column("start_date", "date", required=True),
        Column("end_date", "date", required=True),
    ),
    key=("academic_year", "term"),
    in_order=(("start_date", "end_date"),),
    of_persons=False,
)

# In the order of reading: a row of a later table may refer to rows of an earlier one.
TABLES = {table.name: table for table in (TERM, PERSON_RECORD, RESIDENCE, EVENT, SPELL, ATTENDANCE, SUPPORT)}
