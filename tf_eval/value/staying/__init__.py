"""Like families that stay without support, weighed to stand for those like them that start it."""

from tf_eval.value.staying.staying import Staying, weigh_stayers

__all__ = ["Staying", "weigh_stayers"]
