"""How need turns into records: the coefficients of the data-generating process, the same for every preset.

A rate is per family or child and month at need zero; a slope is the change of a log-rate (counts), of a log-hazard
(states) or of a log-odds (absence) with one standard deviation of lasting need.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Base of every part of the model and of a preset: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Count(Part):
    """A count per month. ``local_recording``: districts record the same need more or less fully."""

    rate: float = Field(gt=0)
    slope: float
    disposition: float = 0.0
    local_recording: bool = False


class State(Part):
    """A state that is entered and left by month: hazards at need zero, entry rising and exit falling with need."""

    entry: float = Field(gt=0, lt=1)
    exit: float = Field(gt=0, lt=1)
    entry_slope: float
    exit_slope: float


class Crises(Part):
    """Shot noise: crises arrive, add to need and fade by ``persistence`` each month."""

    arrivals: float = Field(0.03, gt=0)
    arrivals_slope: float = 0.3
    size: float = Field(1.2, gt=0)
    shape: float = Field(2.0, gt=0)
    persistence: float = Field(0.84, ge=0, lt=1)


class Absence(Part):
    """Shares of sessions missed, as log-odds at need zero; ``authorised`` absence does not follow need."""

    unauthorised: float = -3.3
    slope: float = 0.60
    disposition: float = 0.6
    authorised: float = -3.1


class Uptake(Part):
    """Log-odds of taking up an offer."""

    level: float = 0.4
    motivation: float = 0.6
    severity: float = 0.25


class Selection(Part):
    """Whom the programme reaches first: recorded severity plus this much noise; refusers wait before a new offer.

    ``availability``: how much districts differ (log-odds) in which intervention they have.
    """

    noise: float = Field(1.4, ge=0)
    wait_after_refusal: int = Field(12, ge=1)
    longest_delay: int = Field(2, ge=0)
    fit: float = 0.8
    availability: float = Field(0.25, ge=0)
    second_support: float = Field(0.04, ge=0, le=0.05)


class Departures(Part):
    """What breaks an assumption of matched comparisons; nothing by default.

    ``drift``: change of need in a year with one standard deviation of motivation, all along; ``turn``: the same, from
    the month on in which a family first qualifies. ``shock``: standard deviation of what every month adds to a need
    that all families of a district share, and that fades by ``shock_persistence``. From ``recording_from`` on the
    log-rates of what is recorded by local habit change by ``recording`` for everybody, and by ``recording_supported``
    more for families that have started. ``spill``: share of an intervention's effect that families without it feel, as
    its places in their district fill.
    """

    drift: float = 0.0
    turn: float = 0.0
    shock: float = Field(0.0, ge=0)
    shock_persistence: float = Field(0.95, ge=0, lt=1)
    recording_from: date = date(2013, 4, 1)
    recording: float = 0.0
    recording_supported: float = 0.0
    spill: float = Field(0.0, ge=0, le=1)


class Work(Part):
    """What follows when claims go on, and when they end.

    ``jobs``: the share of claims of each benefit that end in a job. Of those who left JSA 68 in 100 had moved into
    paid work (DWP research report 791, a survey of 2011, as DWP's answer of 30 January 2015 to FoI request 229
    tells it), and 28 in 100 of those whose claim of ESA ended because they were fit for work (report 745, as its
    press notice tells it). What is between the two, for income support and carer's allowance, is a choice; IB and
    SDA are taken as ESA, and UC as JSA. ``loss``: the hazard of a job's end by month, a choice by which jobs last
    for two thirds of the year and a half after their start, as much as jobseekers under 50 were in work who had
    found it on the Work Programme (0.67; Brown and others 2024, BMJ Open 14(7), e072943). ``volunteering``: the
    hazard by month of a place on the Work Programme that nobody has to take: some 17,000 were referred by July
    2012, in fourteen months, of some three million claimants who might be (from memory). ``esf``: the same of the
    European Social Fund's provision for families with several problems; a choice, for among how many its 79,130
    places in 43 months were shared out is not known.
    """

    jobs: dict[str, Annotated[float, Field(ge=0, le=1)]] = {
        "JSA": 0.68,
        "UC": 0.68,
        "IS": 0.45,
        "CA": 0.45,
        "ESA": 0.28,
        "IB": 0.28,
        "SDA": 0.28,
    }
    loss: float = Field(0.05, gt=0)
    volunteering: float = Field(0.0004, gt=0)
    esf: float = Field(0.006, gt=0)


class Model(Part):
    """All coefficients. ``motivation_on_need`` is negative: the motivated are a little better off from the start."""

    motivation_on_need: float = -0.15
    deprivation_correlation: float = Field(0.4, ge=0, le=1)
    leaving: float = Field(0.0015, gt=0, lt=1)
    recording_range: tuple[float, float] = (0.6, 1.4)
    highest_rate: float = Field(8.0, gt=0)
    primary_school: float = Field(0.3, gt=0)
    response_shape: float = Field(4.0, gt=0)
    crises: Crises = Crises()
    absence: Absence = Absence()
    uptake: Uptake = Uptake()
    selection: Selection = Selection()
    departures: Departures = Departures()
    work: Work = Work()
    family_counts: dict[str, Count] = {
        "asb_incident": Count(rate=0.048, slope=0.60, local_recording=True),
        "police_callout": Count(rate=0.070, slope=0.55, local_recording=True),
        "domestic_abuse_callout": Count(rate=0.022, slope=0.55, local_recording=True),
        "housing_asb_action": Count(rate=0.0030, slope=0.60, local_recording=True),
        "asbo": Count(rate=0.0006, slope=0.60, local_recording=True),
        "asb_injunction": Count(rate=0.0006, slope=0.60, local_recording=True),
        "asb_contract": Count(rate=0.0020, slope=0.60, local_recording=True),
        "concern": Count(rate=0.006, slope=0.50, local_recording=True),
    }
    child_counts: dict[str, Count] = {
        "proven_offence": Count(rate=0.010, slope=0.60, disposition=0.4),
        "fixed_exclusion": Count(rate=0.016, slope=0.60, disposition=0.6, local_recording=True),
        "permanent_exclusion": Count(rate=0.0004, slope=0.60, disposition=0.4),
    }
    family_states: dict[str, State] = {
        "out_of_work_benefit": State(entry=0.022, exit=0.050, entry_slope=0.45, exit_slope=-0.35),
        "child_in_need": State(entry=0.0025, exit=0.12, entry_slope=0.60, exit_slope=-0.10),
        "child_protection_plan": State(entry=0.0009, exit=0.10, entry_slope=0.70, exit_slope=-0.15),
        "looked_after": State(entry=0.0003, exit=0.06, entry_slope=0.70, exit_slope=-0.15),
    }
    child_states: dict[str, State] = {
        "pupil_referral_unit": State(entry=0.0006, exit=0.12, entry_slope=0.65, exit_slope=-0.15),
        "alternative_provision": State(entry=0.0006, exit=0.12, entry_slope=0.65, exit_slope=-0.15),
        "off_roll": State(entry=0.0006, exit=0.20, entry_slope=0.55, exit_slope=-0.15),
    }
