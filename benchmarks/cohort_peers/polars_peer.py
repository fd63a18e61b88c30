"""The questions in polars, each as one lazy query. The records that decided are not written for it."""

from datetime import date
from pathlib import Path

import polars as pl

from benchmarks.cohort_peers import questions as q

ALWAYS, NEVER = pl.lit(date(1800, 1, 1)), pl.lit(date(2999, 12, 31))
KIND, YOUNG = pl.col("kind"), pl.col("age_months") < q.OFFENDER_UNDER
SPAN = ("person_id", "criterion", "begins", "until")


def open_session(folder: Path) -> Path:
    return folder


def windows(folder: Path) -> pl.DataFrame:
    callouts = _scan(folder, "event").filter(KIND == q.CALLOUT)
    counted = callouts.group_by("person_id", month=_month(pl.col("date"))).agg(callouts=pl.len().cast(pl.Int64))
    spans = counted.join(_members(folder), on="person_id").select(
        "family_id",
        "callouts",
        begins=pl.max_horizontal("month", _month(pl.col("joined"))),
        until=pl.min_horizontal(pl.col("month") + q.LOOK_BACK, _month(pl.col("left_on")), q.END_MONTH),
    )
    edges = _edges(spans, ["callouts"])
    levels = edges.select(
        "family_id",
        pl.col("callouts").cum_sum().over("family_id"),
        month=pl.int_ranges("edge", pl.col("edge").shift(-1).over("family_id")),
    )
    return levels.filter(pl.col("callouts") > 0).explode("month").collect()


def eligibility(folder: Path) -> pl.DataFrame:
    met = pl.concat([_events_met(folder), _exclusions_met(folder), _spells_met(folder), _terms_met(folder)])
    spans = met.join(_members(folder), on="person_id").select(
        "family_id",
        *((pl.col("criterion") == name).cast(pl.Int64).alias(name) for name in q.CRITERIA),
        begins=pl.max_horizontal("begins", "joined", pl.lit(q.START)),
        until=pl.min_horizontal("until", "left_on", pl.lit(q.UNTIL)),
    )
    levels = _edges(spans, list(q.CRITERIA)).with_columns(pl.col(q.CRITERIA).cum_sum().over("family_id"))
    all_met = levels.filter(pl.all_horizontal(pl.col(q.CRITERIA) > 0))
    return all_met.group_by("family_id").agg(qualified_on=pl.col("edge").min()).collect()


def panel(folder: Path) -> pl.DataFrame:
    members = _members(folder).filter(pl.col("family_id") <= q.PANEL_FAMILIES)
    events = _scan(folder, "event").filter(KIND.is_in(list(q.OUTCOME_OF_KIND)) & ((KIND != q.OFFENCE) | YOUNG))
    placed = events.select("person_id", "kind", "date").join(members, on="person_id")
    placed = placed.filter((pl.col("joined") <= pl.col("date")) & (pl.col("left_on") > pl.col("date")))
    counts = placed.group_by("family_id", month=_month(pl.col("date"))).agg(
        KIND.is_in(kinds).sum().cast(pl.Int64).alias(name) for name, kinds in q.KINDS_OF_COUNT.items()
    )
    families = _scan(folder, "family").filter(pl.col("family_id") <= q.PANEL_FAMILIES)
    months = pl.LazyFrame({"month": pl.int_range(q.FIRST_MONTH, q.END_MONTH, eager=True)})
    grid = families.join(months, how="cross")
    for found in (counts, _benefit_months(folder, members)):
        grid = grid.join(found, on=["family_id", "month"], how="left")
    return grid.with_columns(pl.col(q.OUTCOMES).fill_null(0)).collect()


def _benefit_months(folder: Path, members: pl.LazyFrame) -> pl.LazyFrame:
    """Return the families and months at whose end a member is on a benefit."""
    spells = _scan(folder, "spell").filter(KIND == q.BENEFIT).select("person_id", "start_date", "end_date")
    spans = spells.join(members, on="person_id").select(
        "family_id",
        begins=pl.max_horizontal(_month(pl.col("start_date")), _month(pl.col("joined")), q.FIRST_MONTH),
        until=pl.min_horizontal(_month(pl.col("end_date")), _month(pl.col("left_on")), q.END_MONTH),
    )
    months = pl.int_ranges("begins", "until").alias("month")
    every = spans.filter(pl.col("begins") < pl.col("until")).select("family_id", months).explode("month")
    return every.unique().with_columns(pl.lit(1, pl.Int64).alias(q.BENEFIT))


def _events_met(folder: Path) -> pl.LazyFrame:
    crime = KIND.is_in(q.ASB_ACTIONS) | ((KIND == q.OFFENCE) & YOUNG)
    events = _scan(folder, "event").filter(crime | (KIND == q.PERMANENT))
    criterion = pl.when(KIND == q.PERMANENT).then(pl.lit("education")).otherwise(pl.lit("crime"))
    return events.with_columns(criterion=criterion, begins="date", until=_year_later("date")).select(SPAN)


def _exclusions_met(folder: Path) -> pl.LazyFrame:
    """A child's exclusions are forgotten in their order: the number holds until the earliest of them is."""
    fixed = _scan(folder, "event").filter(KIND == q.FIXED).select("person_id", "date").sort("person_id", "date")
    until = _year_later("date").shift(q.FIXED_AT_LEAST - 1).over("person_id")
    return (
        fixed.with_columns(criterion=pl.lit("education"), begins="date", until=until).drop_nulls("until").select(SPAN)
    )


def _spells_met(folder: Path) -> pl.LazyFrame:
    work = (KIND == q.BENEFIT) & pl.col("detail").is_in(q.OUT_OF_WORK)
    spells = _scan(folder, "spell").filter(work | KIND.is_in(q.OUT_OF_SCHOOL))
    criterion = pl.when(work).then(pl.lit("work")).otherwise(pl.lit("education"))
    return spells.with_columns(
        criterion=criterion, begins="start_date", until=pl.col("end_date").fill_null(NEVER)
    ).select(SPAN)


def _terms_met(folder: Path) -> pl.LazyFrame:
    begins = pl.col("end_date").dt.offset_by("1d")
    clock = _scan(folder, "term").sort("term_no").select("term_no", begins=begins)
    clock = clock.with_columns(until=pl.col("begins").shift(-1).fill_null(NEVER))
    clock = clock.filter((pl.col("begins") < pl.lit(q.UNTIL)) & (pl.col("until") > pl.lit(q.START)))
    sessions = _scan(folder, "attendance").select("person_id", "term_no", "possible", "unauthorised")
    later = pl.concat([sessions.with_columns(pl.col("term_no") + number) for number in range(q.ABSENT_TERMS)])
    sums = later.join(clock, on="term_no").group_by("person_id", "term_no", "begins", "until").sum()
    absent = pl.col("unauthorised") * 100 >= pl.col("possible") * q.ABSENT_PERCENT
    runs = sums.filter(absent & (pl.col("possible") > 0))
    return runs.with_columns(criterion=pl.lit("education")).select(SPAN)


def _members(folder: Path) -> pl.LazyFrame:
    joined, left_on = pl.col("start_date").fill_null(ALWAYS), pl.col("end_date").fill_null(NEVER)
    return _scan(folder, "family_member").select("person_id", "family_id", joined=joined, left_on=left_on)


def _scan(folder: Path, table: str) -> pl.LazyFrame:
    return pl.scan_parquet(folder / f"{table}.parquet")


def _month(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month() - 1


def _year_later(day: str) -> pl.Expr:
    return pl.col(day).dt.offset_by(f"{q.LOOK_BACK}mo")


def _edges(spans: pl.LazyFrame, values: list[str]) -> pl.LazyFrame:
    """Return what changes in each family at each beginning and end of spans, in the order of time."""
    spans = spans.filter(pl.col("begins") < pl.col("until"))
    begins = spans.select("family_id", *values, edge="begins")
    ends = spans.select("family_id", *(-pl.col(value) for value in values), edge="until")
    return pl.concat([begins, ends]).group_by("family_id", "edge").sum().sort("family_id", "edge")
