"""Agencies' extracts in; one checked, linked county out. Knows nothing of programmes or statistics."""

from tf_eval.data.build import build_county
from tf_eval.data.county import County, open_county

__all__ = ["County", "build_county", "open_county"]
