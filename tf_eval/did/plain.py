"""Values as JSON can hold them."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as JSON can hold them; a number that is missing or infinite is None."""
    return {name: plain_value(value) for name, value in values.items()}


def plain_value(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)
