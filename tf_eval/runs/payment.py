"""What is asked of payment by results in a county: papermill's own parameters file, validated beforehand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from tf_eval import project
from tf_eval.data.agreements import Purpose
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.runs.plan import Sentence
from tf_eval.runs.several_plans import SeveralPlans

Year = Annotated[str, Field(pattern=r"^[0-9]{4}/[0-9]{2}$")]


class OwnMoney(StrictModel):
    """What a council puts in itself: pounds by financial year, and where that is said."""

    by_year: dict[Year, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(min_length=1)
    source: Sentence


class Payment(SeveralPlans):
    """A county's claims by one set of rules (``params/payment_by_results.yaml``).

    Attributes:
        title: whose claims they are, for people.
        purpose: what the county is opened for, to look at claims.
        rules: file of the rules, see ``tf_eval.load_payment_rules``.
        first_after: months after the start of support in which a claim is looked for first.
        own_money: what the council puts in beside.
        plans: files of plans whose families with support are compared with like families; they have one programme, and
            are opened for their own purpose. Default: all that ``params/evaluations/`` holds.
        months: the first and the last month after the start at which a claim of these is looked for.
        register_file: where the register of claims is written for the auditor, on the secure side; default: nowhere.
    """

    AGREED: ClassVar[tuple[str, ...]] = (*SeveralPlans.AGREED, "programme")

    title: Sentence
    purpose: Purpose = "payment_by_results"
    rules: str
    first_after: Annotated[int, Field(ge=0, le=24)] = 6
    own_money: OwnMoney | None = None
    months: list[Annotated[int, Field(ge=1, le=24)]] = Field(default=[6, 12], min_length=2, max_length=2)
    register_file: str | None = None

    @property
    def programme(self) -> str:
        return self.each[0].programme


def load_payment(path: str | Path) -> Payment:
    """Read and validate such a file; raise one ``ConfigError`` with every problem in it."""
    found = project.locate(path, "payment by results")
    return read_payment(load_yaml(found), where=found)


def read_payment(parameters: Mapping[str, Any], where: Path | str = "the notebook's parameters") -> Payment:
    """Validate parameters as papermill hands them to a notebook."""
    return validate(Payment, {name: value for name, value in parameters.items() if value is not None}, where)
