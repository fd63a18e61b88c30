"""A synthetic county: agencies' extracts as they would be sent, beside a truth that the evaluation never reads."""

from synthetic.folder import generate

__all__ = ["generate"]
