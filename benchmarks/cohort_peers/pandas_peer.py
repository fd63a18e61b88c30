"""The questions in plain pandas. The records that decided are not written for it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from benchmarks.cohort_peers import questions as q

ALWAYS, NEVER = pd.Timestamp("1800-01-01"), pd.Timestamp("2999-12-31")
START, UNTIL = pd.Timestamp(q.START), pd.Timestamp(q.UNTIL)
YEAR = pd.DateOffset(months=q.LOOK_BACK)
ONE_DAY = pd.Timedelta(days=1)


def open_session(folder: Path) -> Path:
    return folder


def windows(folder: Path) -> pd.DataFrame:
    callouts = _read(folder, "event", ["person_id", "date"], kinds=[q.CALLOUT])
    callouts["month"] = _month(callouts.pop("date"))
    counted = callouts.groupby(["person_id", "month"], as_index=False).size()
    placed = counted.merge(_members(folder), on="person_id")
    begins = np.maximum(placed["month"], _month(placed["joined"]))
    until = np.minimum(placed["month"] + q.LOOK_BACK, _month(placed["left_on"])).clip(upper=q.END_MONTH)
    spans = pd.DataFrame(
        {"family_id": placed["family_id"], "begins": begins, "until": until, "callouts": placed["size"]}
    )
    edges = _edges(spans[begins < until], "month", ["callouts"])
    levels = edges.groupby("family_id")["callouts"].cumsum()
    lasts = (edges.groupby("family_id")["month"].shift(-1) - edges["month"]).where(levels > 0, 0).astype(np.int64)
    return _every_month(edges.assign(callouts=levels), "month", lasts)


def eligibility(folder: Path) -> pd.DataFrame:
    met = pd.concat([_events_met(folder), _spells_met(folder), _terms_met(folder)])
    spans = met.merge(_members(folder), on="person_id")
    spans["begins"] = spans[["begins", "joined"]].max(axis=1).clip(lower=START)
    spans["until"] = spans[["until", "left_on"]].min(axis=1).clip(upper=UNTIL)
    spans = spans[spans["begins"] < spans["until"]]
    flags = {name: (spans["criterion"] == name).astype(np.int64) for name in q.CRITERIA}
    edges = _edges(spans.assign(**flags), "date", list(q.CRITERIA))
    levels = edges.groupby("family_id")[list(q.CRITERIA)].cumsum()
    first = edges[(levels > 0).all(axis=1)].groupby("family_id")["date"].min()
    return first.rename("qualified_on").reset_index()


def panel(folder: Path) -> pd.DataFrame:
    members = _members(folder)
    members = members[members["family_id"] <= q.PANEL_FAMILIES]
    events = _read(folder, "event", ["person_id", "kind", "date", "age_months"], kinds=list(q.OUTCOME_OF_KIND))
    events = events[(events["kind"] != q.OFFENCE) | (events["age_months"] < q.OFFENDER_UNDER)]
    events = events.merge(members, on="person_id")
    events = events[(events["joined"] <= events["date"]) & (events["left_on"] > events["date"])]
    keys = [events["family_id"], _month(events["date"]).rename("month"), events["kind"].map(q.OUTCOME_OF_KIND)]
    counts = events.groupby(keys).size().unstack(fill_value=0)
    families = _read(folder, "family", ["family_id"]).query(f"family_id <= {q.PANEL_FAMILIES}")["family_id"]
    months = np.arange(q.FIRST_MONTH, q.END_MONTH)
    grid = pd.MultiIndex.from_product([families, months], names=["family_id", "month"])
    table = counts.reindex(grid, fill_value=0)
    table[q.BENEFIT] = grid.isin(_benefit_months(folder, members)).astype(np.int64)
    return table.reset_index()


def _benefit_months(folder: Path, members: pd.DataFrame) -> pd.MultiIndex:
    """Return the families and months at whose end a member is on a benefit."""
    spells = _read(folder, "spell", ["person_id", "start_date", "end_date"], kinds=[q.BENEFIT])
    spells = spells.merge(members, on="person_id")
    begins = np.maximum(_month(spells["start_date"]), _month(spells["joined"])).clip(lower=q.FIRST_MONTH)
    ends = np.minimum(_month(spells["end_date"].fillna(NEVER)), _month(spells["left_on"]))
    spans = pd.DataFrame({"family_id": spells["family_id"], "month": begins})
    every = _every_month(spans, "month", (ends.clip(upper=q.END_MONTH) - begins).clip(lower=0))
    return pd.MultiIndex.from_frame(every.drop_duplicates())


def _events_met(folder: Path) -> pd.DataFrame:
    kinds = [q.OFFENCE, *q.ASB_ACTIONS, q.PERMANENT, q.FIXED]
    events = _read(folder, "event", ["person_id", "kind", "date", "age_months"], kinds=kinds)
    events = events[(events["kind"] != q.OFFENCE) | (events["age_months"] < q.OFFENDER_UNDER)]
    events["criterion"] = np.where(events["kind"].isin([q.PERMANENT, q.FIXED]), "education", "crime")
    events["until"] = events["date"] + YEAR
    fixed = events["kind"] == q.FIXED
    ordered = events[fixed].sort_values(["person_id", "date"])
    # A child's exclusions are forgotten in their order: the number holds until the earliest of them is.
    events.loc[ordered.index, "until"] = ordered.groupby("person_id")["until"].shift(q.FIXED_AT_LEAST - 1)
    events = events.rename(columns={"date": "begins"}).dropna(subset="until")
    return events[["person_id", "criterion", "begins", "until"]]


def _spells_met(folder: Path) -> pd.DataFrame:
    columns = ["person_id", "kind", "detail", "start_date", "end_date"]
    spells = _read(folder, "spell", columns, kinds=[*q.OUT_OF_SCHOOL, q.BENEFIT])
    benefit = spells["kind"] == q.BENEFIT
    spells["criterion"] = np.where(benefit, "work", "education")
    spells = spells[~benefit | spells["detail"].isin(q.OUT_OF_WORK)]
    spells["until"] = spells["end_date"].fillna(NEVER)
    return spells.rename(columns={"start_date": "begins"})[["person_id", "criterion", "begins", "until"]]


def _terms_met(folder: Path) -> pd.DataFrame:
    terms = _read(folder, "term", ["term_no", "end_date"]).sort_values("term_no")
    begins = terms["end_date"] + ONE_DAY
    clock = pd.DataFrame({"term_no": terms["term_no"], "begins": begins, "until": begins.shift(-1).fillna(NEVER)})
    clock = clock[(clock["begins"] < UNTIL) & (clock["until"] > START)]
    sessions = _read(folder, "attendance", ["person_id", "term_no", "possible", "unauthorised"])
    later = pd.concat([sessions.assign(term_no=sessions["term_no"] + n) for n in range(q.ABSENT_TERMS)])
    later = later[later["term_no"].isin(clock["term_no"])]
    sums = later.groupby(["person_id", "term_no"], as_index=False).sum()
    absent = (sums["unauthorised"] * 100 >= sums["possible"] * q.ABSENT_PERCENT) & (sums["possible"] > 0)
    runs = sums[absent].merge(clock, on="term_no").assign(criterion="education")
    return runs[["person_id", "criterion", "begins", "until"]]


def _members(folder: Path) -> pd.DataFrame:
    members = _read(folder, "family_member", ["person_id", "family_id", "start_date", "end_date"])
    members["joined"] = members.pop("start_date").fillna(ALWAYS)
    members["left_on"] = members.pop("end_date").fillna(NEVER)
    return members


def _read(folder: Path, table: str, columns: list[str], kinds: list[str] | None = None) -> pd.DataFrame:
    filters = [("kind", "in", kinds)] if kinds else None
    return pq.read_table(folder / f"{table}.parquet", columns=columns, filters=filters).to_pandas(date_as_object=False)


def _month(day: pd.Series) -> pd.Series:
    return day.dt.year * 12 + day.dt.month - 1


def _edges(spans: pd.DataFrame, when: str, values: list[str]) -> pd.DataFrame:
    """Return what changes in each family at each beginning and end of spans, in the order of time."""
    begins = spans[["family_id", "begins", *values]].rename(columns={"begins": when})
    ends = spans[["family_id", "until", *values]].rename(columns={"until": when})
    ends[values] = -ends[values]
    return pd.concat([begins, ends]).groupby(["family_id", when], as_index=False).sum()


def _every_month(spans: pd.DataFrame, month: str, lasts: pd.Series) -> pd.DataFrame:
    """Return each row as often as it lasts months, with the month counted on."""
    rows = np.repeat(np.arange(len(spans)), lasts)
    since = np.arange(len(rows)) - np.repeat(lasts.cumsum() - lasts, lasts).to_numpy()
    every = spans.iloc[rows].reset_index(drop=True)
    return every.assign(**{month: every[month] + since})
