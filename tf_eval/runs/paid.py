"""What payment by results pays a county, as the view that the gate accepts."""

from pathlib import Path

import pandas as pd

from tf_eval import project
from tf_eval.cohort.words import in_words
from tf_eval.release.payment import PaymentView, YearRow
from tf_eval.runs.payment import Payment
from tf_eval.value import CashFlow, Claims
from tf_eval.value.claims.first_claims import CLAIM
from tf_eval.value.claims.worded import TO_CHECK


def paid(payment: Payment, claims: Claims, money: CashFlow) -> PaymentView:
    """Return how many families may be claimed, and what that comes to by year, beside the council's own money.

    Args:
        payment: what is asked.
        claims: what may be claimed.
        money: what that comes to.
    """
    claimed = claims.settled[claims.settled["status"] == CLAIM]
    first = claimed.sort_values("claimed_on").drop_duplicates("family_id")
    years = tuple(_year(row, first, payment) for row in money.years.itertuples())
    return PaymentView(
        label=payment.title,
        scheme=claims.rules.title,
        until=in_words(claims.looked["last"].max()),
        routes=tuple(
            (route.title, int(claimed.loc[claimed["route"] == name, "family_id"].nunique()))
            for name, route in claims.rules.routes.items()
        ),
        years=years,
        waiting=sum(row.attached for row in years) - len(first),
        by_neutral=int(claimed.loc[claimed["by_neutral"], "family_id"].nunique()),
        to_check=tuple(clause.title for clause in claims.rules.clauses.values() if clause.sure in TO_CHECK),
        own_source=payment.own_money.source if payment.own_money else "",
    )


def _year(row: object, first: pd.DataFrame, payment: Payment) -> YearRow:
    own = payment.own_money.by_year.get(row.financial_year) if payment.own_money else None
    return YearRow(
        year=row.financial_year,
        attached=int(row.attached),
        claimed=int((first["financial_year"] == row.financial_year).sum()),
        fees=float(row.attachment_fees),
        results=float(row.results),
        forecast=None if pd.isna(row.forecast) else float(row.forecast),
        own=own,
    )


def keep_register(payment: Payment, claims: Claims) -> Path | None:
    """Write the register of claims where it is asked for, and return its file; see ``Claims.write_register``."""
    return claims.write_register(project.resolve(payment.register_file)) if payment.register_file else None
