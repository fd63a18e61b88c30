"""Presets: a county, or a country of several areas, as a checked file of parameters."""

from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from synthetic.model import Model, Part
from synthetic.rates import FaultRates, HouseholdRates
from tf_eval.errors import ConfigError, raise_all, unknown

FEATURES = ("youth_crime", "benefit", "domestic_abuse", "education", "mild")


class District(Part):
    """A district: its share of the families, its share of the programme's places and its postcode areas.

    ``area``: the part of a country in which it lies; the districts of a county name none.
    """

    name: str
    area: str | None = None
    share: float = Field(gt=0)
    capacity: float = Field(gt=0)
    postcodes: list[str] = Field(min_length=1)


class Ethnicity(Part):
    """Shares of the families in the five groups of the census (by default those of England and Wales in 2011)."""

    asian: float = Field(0.075, ge=0)
    black: float = Field(0.033, ge=0)
    mixed: float = Field(0.022, ge=0)
    white: float = Field(0.860, gt=0)
    other: float = Field(0.010, ge=0)


class Intervention(Part):
    """An intervention: the team's code, its share of the starts, whom it suits, who gives it, how many months."""

    code: str
    share: float = Field(gt=0)
    suits: Literal[FEATURES]
    provider: str
    months: int = Field(gt=0)


class Effect(Part):
    """What one intervention does to some kinds of record.

    ``part`` says what moves: the log-``rate`` of counts, the log-odds of the ``share`` of absence, or the log-hazard
    of ``entry`` to or ``exit`` from a state. ``recording``: records change and need does not. ``half_life``: months
    in which the effect halves once it fades, from event month 6 on.
    """

    intervention: str
    kinds: list[str] = Field(min_length=1)
    part: Literal["rate", "share", "entry", "exit"]
    size: float
    half_life: float | None = Field(None, gt=0)
    recording: bool = False


class Preset(Part):
    """A county: how many families, when, where, and what its programme does.

    ``started`` families start in the programme between the months of ``programme_start`` and ``programme_end``, both
    included. ``faults`` and ``household_changes`` count only where a county is generated with faults. A county whose
    districts lie in areas is a country: each area is drawn by itself.
    """

    county: str
    families: int = Field(ge=1)
    started: int = Field(ge=1)
    start: date = date(2009, 4, 1)
    months: int = Field(72, ge=36)
    burn_in: int = Field(24, ge=12)
    programme_start: date = date(2012, 4, 1)
    programme_end: date = date(2014, 9, 30)
    ramp_months: int = Field(6, ge=1)
    districts: list[District] = Field(min_length=1)
    ethnicity: Ethnicity = Ethnicity()
    interventions: dict[str, Intervention] = Field(min_length=1)
    effects: list[Effect]
    model: Model = Model()
    faults: FaultRates = FaultRates()
    household_changes: HouseholdRates = HouseholdRates()

    @model_validator(mode="after")
    def _fits_together(self) -> "Preset":
        problems = self._effect_problems()
        if self.areas and not all(district.area for district in self.districts):
            problems.append("some districts name an area and others do not")
        if self.started > self.families:
            problems.append("more families started than there are families")
        if not self.start < self.programme_start < self.programme_end:
            problems.append("start, programme_start and programme_end are not in this order")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def areas(self) -> list[str]:
        """The areas of a country in the order of their first districts; none of a county."""
        return list(dict.fromkeys(district.area for district in self.districts if district.area))

    def _effect_problems(self) -> list[str]:
        """Name every effect that speaks of an unknown intervention, or moves a kind in a way it cannot move."""
        parts = self._parts()
        problems = []
        for effect in self.effects:
            if effect.intervention not in self.interventions:
                problems.append(unknown("intervention", effect.intervention, self.interventions))
            known = [kind for kind, movable in parts.items() if effect.part in movable]
            problems += [
                unknown(f"kind with a {effect.part}", kind, known) for kind in effect.kinds if kind not in known
            ]
        return problems

    def _parts(self) -> dict[str, tuple[str, ...]]:
        counts = dict.fromkeys([*self.model.family_counts, *self.model.child_counts], ("rate",))
        states = dict.fromkeys([*self.model.family_states, *self.model.child_states], ("entry", "exit"))
        return {**counts, **states, "unauthorised_absence": ("share",)}

    def without_effects(self) -> "Preset":
        """Return the null county: every effect and every change of recording is zero, and nothing else differs."""
        return self.model_copy(update={"effects": [effect.model_copy(update={"size": 0.0}) for effect in self.effects]})


def preset_names() -> list[str]:
    """Return the names of the presets that come with the package."""
    files = resources.files("synthetic").joinpath("presets").iterdir()
    return sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml"))


def load_preset(name: str) -> Preset:
    """Return the preset of that name.

    Raises:
        ConfigError: there is no such preset, or its file does not make a county.
    """
    if name not in preset_names():
        raise ConfigError(f"synthetic: {unknown('preset', name, preset_names())}")
    text = resources.files("synthetic").joinpath("presets", f"{name}.yaml").read_text(encoding="utf-8")
    return parse_preset(yaml.safe_load(text), where=f"preset '{name}'")


def parse_preset(content: dict, *, where: str) -> Preset:
    """Return the preset that a mapping describes; raise ``ConfigError`` with all its problems."""
    try:
        return Preset.model_validate(content)
    except ValidationError as error:
        raise_all(ConfigError, where, [_sentence(item) for item in error.errors(include_url=False)])
        raise


def _sentence(problem: Mapping) -> str:
    """Return the place and the text of one problem that pydantic found."""
    place = ".".join(str(step) for step in problem["loc"]) or "preset"
    return f"{place}: {problem['msg'].removeprefix('Value error, ')}"
