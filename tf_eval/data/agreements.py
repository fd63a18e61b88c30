"""Data sharing agreements as data: what an extract may be used for, until when, and when it has to be deleted."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from tf_eval.data.formats import Name
from tf_eval.data.strict_model import StrictModel
from tf_eval.errors import InputError, raise_all

Purpose = Literal["identification", "evaluation", "payment_by_results", "service_planning"]


class Agreement(StrictModel):
    """One agreement: the legal ``gateway`` it rests on, its ``purposes``, its last day, and the day of deletion."""

    reference: Name
    gateway: Name
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    signed: date
    expires: date
    delete_by: date

    @model_validator(mode="after")
    def _in_order(self) -> "Agreement":
        if not self.signed <= self.expires <= self.delete_by:
            raise ValueError("the days must follow one another: signed, expires, delete_by")
        return self

    def refusal(self, on: date, purpose: str | None = None) -> str | None:
        """Return why the extracts under this agreement may not be used on a day (for a purpose), or None."""
        if on > self.delete_by:
            return f"had to be deleted by {self.delete_by}; run 'tf-eval retain'"
        if on > self.expires:
            return f"expired on {self.expires}; have it renewed"
        if on < self.signed:
            return f"begins on {self.signed}"
        if purpose and purpose not in self.purposes:
            return f"covers {', '.join(self.purposes)}, not {purpose}"
        return None


def require_agreed(agreements: Iterable[Agreement], on: date, where: str, purpose: str | None = None) -> None:
    """Refuse to use extracts on a day (for a purpose) that any of their agreements does not cover.

    Raises:
        InputError: every agreement that stands against it, with the reason.
    """
    refusals = ((agreement.reference, agreement.refusal(on, purpose)) for agreement in agreements)
    problems = [f"agreement {reference} {reason}." for reference, reason in refusals if reason]
    raise_all(InputError, where, problems)
