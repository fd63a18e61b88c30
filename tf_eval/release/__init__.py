"""The one gate through which any number leaves: disclosure control, and nothing about pages."""

from tf_eval.release import adapters as _adapters  # noqa: F401 (teaches the gate the other rooms' results)
from tf_eval.release.gate import publish, publishable, register_view
from tf_eval.release.released import MIME_TYPE, Released
from tf_eval.release.rules import Rules, load_rules

__all__ = ["MIME_TYPE", "Released", "Rules", "load_rules", "publish", "publishable", "register_view"]
