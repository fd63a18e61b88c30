"""What is handed to the functions of this room: where it is something else, what to pass is said in one sentence."""

from typing import Any

from tf_eval.cohort.programme import Programme, Window
from tf_eval.errors import ConfigError, InputError

A_COUNTY = 'pass a county, such as tf.open_county("data/oxfordshire") returns'
A_PROGRAMME = 'pass a programme, such as tf.load_programme("params/programmes/oxfordshire_2012.yaml") returns'
A_WINDOW = "pass two days, such as Window(date(2012, 4, 1), date(2015, 4, 1))"


def require_county(county: Any) -> None:
    """Raise ``InputError`` for what is no county."""
    if not callable(getattr(county, "connect", None)):
        raise InputError(f"county: {A_COUNTY}; this is {_kind(county)}")


def require_programme(programme: Any) -> None:
    """Raise ``ConfigError`` for what is no programme."""
    if not isinstance(programme, Programme):
        raise ConfigError(f"programme: {A_PROGRAMME}; this is {_kind(programme)}")


def require_window(window: Any) -> None:
    """Raise ``ConfigError`` for what is no window."""
    if not isinstance(window, Window):
        raise ConfigError(f"window: {A_WINDOW}; this is {_kind(window)}")


def _kind(value: Any) -> str:
    return f"of type '{type(value).__name__}'"
