"""All interventions together, in words and tables made from released facts."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.report.numerals import number, signed, span
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import VERDICT_WORDS, unit_words

HEADLINE = "headline"
WAYS = {"better": "For the better", "worse": "For the worse"}

_CLAIM_COLUMNS = (
    Column("intervention", "Intervention", numeric=False),
    Column("outcome", "Outcome and unit", numeric=False),
    Column("months", "Months", numeric=False),
    Column("effect", "Effect"),
    Column("interval", "95% interval"),
    Column("clear", "Clear among all", numeric=False),
)
_LEAGUE_COLUMNS = (
    Column("intervention", "Intervention", numeric=False),
    Column("effect", "As estimated"),
    Column("interval", "95% interval"),
    Column("shrunk", "Less what is luck"),
    Column("shrunk_interval", "95% interval of that"),
    Column("ranks", "May be number", numeric=False),
)


def shared_words(facts: Mapping[str, Any]) -> str:
    """Say whether most interventions seem to have done the same: a doubt about all of them."""
    shared = facts["shared"]
    if "reason" in shared:
        return f"Whether most interventions seem to do the same could not be examined: {shared['reason']}."
    return shared["detail"] if shared["passed"] else doubt_words(facts)


def doubt_words(facts: Mapping[str, Any]) -> str:
    """Say what puts every verdict of the site in doubt; nothing where nothing does."""
    shared = facts["shared"]
    is_doubt = "reason" not in shared and not shared["passed"]
    return f"Read every answer here with doubt. {shared['detail']}" if is_doubt else ""


def claims_words(facts: Mapping[str, Any]) -> str:
    """Say how much was looked at, and which effects chance would not have made anywhere among it."""
    headlines = [row for row in listed_rows(facts) if row["band"] == HEADLINE]
    looked = f"{facts['interventions']} interventions were looked at on {len(headlines)} effects that decide."
    holding = [row for row in headlines if row["holds"]]
    if not holding:
        return (
            f"{looked} Among so many, some look clear by luck alone, and none is clearer than that. "
            f"{_ranks_words(facts['rankable'])}"
        )
    parts = [f"{words}: {named(found)}." for way, words in WAYS.items() if (found := of_way(holding, way))]
    return (
        f"{looked} Among so many, some look clear by luck alone. Those named here are clearer than that: if no support "
        f"changed anything, 95 of 100 reports like this one would name none. {' '.join(parts)} "
        f"{_ranks_words(facts['rankable'])}"
    )


def listed_rows(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return every effect, its interventions in the order of the site's first page: those that work first."""
    verdicts = {one["payload"]["intervention"]: one["payload"]["verdict"] for one, *_ in facts["judged"]}
    places = {name: list(VERDICT_WORDS).index(verdict) for name, verdict in verdicts.items()}
    return sorted(facts["rows"], key=lambda row: (places.get(row["name"], len(VERDICT_WORDS)), row["intervention"]))


def alone_words(facts: Mapping[str, Any]) -> str:
    """Say what is called clear on its own page and is not so among all that was looked at, if anything."""
    if not facts["alone"]:
        return ""
    return (
        f"Clear by itself, but not among all that was looked at, and so no more than promising: "
        f"{named(facts['alone'])}."
    )


def of_way(rows: Sequence[Mapping[str, Any]], way: str) -> list[Mapping[str, Any]]:
    """Return the effects that went this way: better or worse."""
    return [row for row in rows if row["way"] == way]


def named(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the effects by intervention and outcome."""
    return listed([f"{row['intervention']} ({in_sentence(row['label'])})" for row in rows])


def _ranks_words(rankable: Sequence[str]) -> str:
    if not rankable:
        return "On no outcome can the interventions be told apart, so none is called the best."
    outcomes = listed([in_sentence(label) for label in rankable])
    return (
        f"On {outcomes} some interventions did clearly better than others; that alone makes none of them the best. "
        "On no other outcome that decides can they be told apart."
    )


def claims_table(facts: Mapping[str, Any], *, headlines: bool) -> Markup:
    """Return a row for each effect, of the headlines or of the bands."""
    shown = [row for row in listed_rows(facts) if (row["band"] == HEADLINE) == headlines]
    columns = [column for column in _CLAIM_COLUMNS if not (headlines and column.name == "months")]
    rows = [
        {
            "intervention": row["intervention"],
            "outcome": f"{row['label']}, {unit_words(row['unit']).axis}",
            "months": row["band"],
            "effect": signed(row["effect"]),
            "interval": span(row["ci_low"], row["ci_high"]),
            "clear": {True: f"yes, {row['way']}", False: "no", None: "[c]"}[row["holds"]],
        }
        for row in shown
    ]
    kind = "that decide" if headlines else "by months since the start"
    return html_table(f"All {len(rows)} effects {kind}", columns, rows)


def league_words(facts: Mapping[str, Any]) -> str:
    """Say who may be the best on one outcome, or that nobody can tell."""
    if facts["reason"]:
        return f"There is no league table of {in_sentence(facts['label'])}: {facts['reason']}."
    if not facts["tells_apart"]:
        return f"On {in_sentence(facts['label'])} the interventions cannot be ranked: any of them may be the best."
    best = [row["intervention"] for row in facts["rows"] if row["rank_low"] == 1]
    if len(best) == 1:
        return f"On {in_sentence(facts['label'])} {best[0]} is the best of these."
    return f"On {in_sentence(facts['label'])} the best is one of these: {listed(best)}."


def league_table(facts: Mapping[str, Any]) -> Markup:
    """Return a row for each intervention."""
    rows = [
        {
            "intervention": row["intervention"],
            "effect": signed(row["effect"]),
            "interval": span(row["ci_low"], row["ci_high"]),
            "shrunk": signed(row["shrunk"]),
            "shrunk_interval": span(row["shrunk_low"], row["shrunk_high"]),
            "ranks": ranks_words(row),
        }
        for row in facts["rows"]
    ]
    caption = f"{facts['label']}: the interventions, {unit_words(facts['unit']).axis}"
    return html_table(caption, _LEAGUE_COLUMNS, rows)


def ranks_words(row: Mapping[str, Any]) -> str:
    """Return the ranks that an intervention may have: "1", "2 to 5", or nothing."""
    if row["rank_low"] is None:
        return ""
    low, high = number(row["rank_low"]), number(row["rank_high"])
    return low if low == high else f"{low} to {high}"
