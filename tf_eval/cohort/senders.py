"""Who sends the records of an outcome. What nobody sends would be a month after month of false zeros, or of nothing."""

from collections.abc import Iterable, Iterator

from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.words import listed
from tf_eval.errors import InputError, did_you_mean, raise_all


def coverage_of(coverage: Coverage, outcome: Outcome) -> Coverage:
    """Return what the agencies cover whose records the outcome takes."""
    return coverage.of_agencies(outcome.agencies) if outcome.agencies else coverage


def require_senders(coverage: Coverage, outcomes: Iterable[Outcome]) -> None:
    """Refuse outcomes with an agency or a kind of which there are no records at all.

    A kind that an extract covers for a part of the time is none of these: the other months are missing.

    Raises:
        InputError: every such agency and kind, each with what to do.
    """
    raise_all(InputError, "panel", [problem for outcome in outcomes for problem in _problems(coverage, outcome)])


def _problems(coverage: Coverage, outcome: Outcome) -> list[str]:
    """Of an agency that is misspelt nothing is said of its kinds: they would all be unsent."""
    return _strangers(coverage, outcome) or list(_unsent(coverage_of(coverage, outcome), outcome))


def _strangers(coverage: Coverage, outcome: Outcome) -> list[str]:
    senders = coverage.agencies(outcome.table, outcome.kinds or (None,))
    said = f"sends no records of '{outcome.name}' ({_records(outcome)})"
    strangers = [agency for agency in outcome.agencies if agency not in senders]
    return [f"'{agency}' {said}.{did_you_mean(agency, senders)}" for agency in strangers if senders]


def _unsent(sent: Coverage, outcome: Outcome) -> Iterator[str]:
    unsent = [kind for kind in outcome.kinds or (None,) if not sent.agencies(outcome.table, [kind])]
    if len(unsent) == len(outcome.kinds or (None,)):
        yield (
            f"no extract covers the records of '{outcome.name}' ({_records(outcome)}); "
            "add the agency's extract, or leave the outcome out"
        )
    elif unsent:
        yield (
            f"no extract covers {listed(unsent)} of '{outcome.name}', so that all of its months would be missing; "
            f"add the agency's extract, or leave {'it' if len(unsent) == 1 else 'them'} out of the outcome's kinds"
        )


def _records(outcome: Outcome) -> str:
    return ", ".join(outcome.kinds) or outcome.table
