"""Worlds in which a design can be tried: the preset itself, nothing planted, and each assumption broken in turn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from synthetic.model import Departures, Part
from synthetic.presets import Preset
from tf_eval.errors import ConfigError, unknown

_STRONG_UPTAKE = 2.0


@dataclass(frozen=True)
class World:
    """One world.

    Attributes:
        name: by which it is asked for.
        title: its name for people.
        says: what is so in it, in one sentence.
        holds: whether the assumptions of a matched comparison hold.
        truth: the column of the table of true effects that is true here: ``att`` counts changes of recording that an
            intervention brings as its effects, ``att_need`` does not.
        made_of: makes its preset of another.
    """

    name: str
    title: str
    says: str
    holds: bool
    made_of: Callable[[Preset], Preset]
    truth: Literal["att", "att_need"] = "att"


def load_world(name: str) -> World:
    """Return the world of that name; raise ``ConfigError`` if there is none."""
    if name not in WORLDS:
        raise ConfigError(f"worlds: {unknown('world', name, WORLDS)}")
    return WORLDS[name]


def _departing(**departures: float) -> Callable[[Preset], Preset]:
    return lambda preset: _with_model(preset, departures=Departures(**departures))


def _motivated(**departures: float) -> Callable[[Preset], Preset]:
    """The motivated say yes far more often, and their need departs as it says."""

    def made_of(preset: Preset) -> Preset:
        uptake = preset.model.uptake.model_copy(update={"motivation": _STRONG_UPTAKE})
        return _with_model(preset, uptake=uptake, departures=Departures(**departures))

    return made_of


def _by_district(preset: Preset) -> Preset:
    """Nearly all places are in the first two districts, each of which hardly has more than one intervention."""
    capacities = (0.49, 0.49, *[0.02 / max(len(preset.districts) - 2, 1)] * (len(preset.districts) - 2))
    districts = [
        district.model_copy(update={"capacity": capacity})
        for district, capacity in zip(preset.districts, capacities, strict=False)
    ]
    selection = preset.model.selection.model_copy(update={"availability": 3.0})
    departing = _with_model(preset, selection=selection, departures=Departures(shock=0.1))
    return departing.model_copy(update={"districts": districts})


def _with_model(preset: Preset, **parts: Part) -> Preset:
    return preset.model_copy(update={"model": preset.model.model_copy(update=parts)})


_ALL = (
    World("planted", "Planted effects", "Some interventions work, one does harm, one does nothing.", True, lambda p: p),
    World("null", "Nothing works", "No intervention changes anything.", True, Preset.without_effects),
    World(
        "motivation",
        "Unobserved motivation",
        "Families that are ready to change say yes more often, and from qualifying on they get better by themselves; "
        "no record shows who is ready.",
        False,
        _motivated(turn=-0.4),
    ),
    World(
        "trends",
        "Differing trends",
        "The need of families that say yes has been falling all along, and goes on to.",
        False,
        _motivated(drift=-0.4),
    ),
    World(
        "recording",
        "Changed recording",
        "From April 2013 on less is recorded, and least of supported families; what is true is what happened.",
        False,
        _departing(recording=-0.2, recording_supported=-0.4),
        "att_need",
    ),
    World(
        "spill",
        "Spill-over",
        "Families without an intervention feel half of its effect once its places in their district are filled.",
        False,
        _departing(spill=0.5),
    ),
    World(
        "few_clusters",
        "Few clusters",
        "Support is given by whole district, to two of them, and shocks hit all families of a district at once.",
        False,
        _by_district,
    ),
)
WORLDS = {world.name: world for world in _ALL}
