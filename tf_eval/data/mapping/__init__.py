"""From an unknown extract to a first draft of its entry in a sources file."""

from tf_eval.data.mapping.drafting import Draft, draft

__all__ = ["Draft", "draft"]
