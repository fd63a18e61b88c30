"""The part of a plan that says how comparison families are found: the options of ``match``, by their own names."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any, get_type_hints

from pydantic import Field, create_model, model_validator

from tf_eval.data.strict_model import StrictModel
from tf_eval.errors import ConfigError
from tf_eval.matching import Design
from tf_eval.matching.methods import METHODS
from tf_eval.matching.options import estimands_of

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]

# The arms bring the columns, among which is no score, and a verdict is of those who started.
NOT_OF_A_PLAN = ("on", "treated", "unit", "risk_set", "score", "estimand")
ESTIMAND = "att"
# What is usual where families are paired and the plan does not say.
USUAL = {"ratio": 3, "caliper": 0.2}
PAIRING = ("nearest", "optimal")
OFFERED = [method for method in METHODS if ESTIMAND in estimands_of(method)]


def _options() -> dict[str, Any]:
    """Return each option that a plan may set, with its type and what ``match`` takes by default.

    Several columns are a list: a YAML file has no tuples.
    """
    types, plain = get_type_hints(Design), Design(on=(), treated="")
    options = {each.name: (types[each.name], getattr(plain, each.name)) for each in fields(Design)}
    written = {name: (list[str], []) if default == () else (kind, default) for name, (kind, default) in options.items()}
    return {name: written[name] for name in written if name not in NOT_OF_A_PLAN}


class Matching(create_model("MatchOptions", __base__=StrictModel, **_options())):
    """How comparison families are found: what ``tf_eval.match`` is asked.

    Every option that ``match`` has may stand here by its own name, and is refused where the method has no use for it.
    Only what comes with the families (``unit``, ``risk_set``) may not, nor the estimand: a verdict is of those who
    started.

    Attributes:
        covariates: covariates at the index date, by name, on which families are to be alike. (``match`` calls them
            ``on``, a word that YAML 1.1, and so papermill, turns into true.)
        exact: covariates within whose values alone families are compared.
        method: the way of matching or weighting.
        ratio: comparison families wanted for each treated family; 3 for nearest and optimal.
        caliper: largest difference allowed, in standard deviations of the score's linear predictor; 0.2 for nearest and
            optimal.
    """

    covariates: list[Name] = Field(min_length=1)
    exact: list[Name] = Field(default_factory=list)
    method: Annotated[str, Field(json_schema_extra={"enum": OFFERED})] = "nearest"
    ratio: int = Field(default=1, ge=1, le=20, description=f"{USUAL['ratio']} for {' and '.join(PAIRING)}")
    caliper: Annotated[float, Field(gt=0, le=5)] | None = Field(
        default=None, description=f"{USUAL['caliper']} for {' and '.join(PAIRING)}"
    )

    @model_validator(mode="before")
    @classmethod
    def _as_usual(cls, given: Any) -> Any:
        pairs = isinstance(given, Mapping) and given.get("method", "nearest") in PAIRING
        return {**USUAL, **given} if pairs else given

    @model_validator(mode="after")
    def _can_be(self) -> "Matching":
        asked = self.asked
        design = {**asked, "on": tuple(asked["on"]), "exact": tuple(self.exact)}
        try:
            Design(treated="treated", unit="family_id", risk_set="index_month", **design).check()
        except ConfigError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def asked(self) -> dict[str, Any]:
        """Return what ``tf_eval.match`` is asked, by its own names, but for what it does by default."""
        asked = self.model_dump(exclude_defaults=True)
        return {"on": asked.pop("covariates"), "method": self.method, "estimand": ESTIMAND, **asked}
