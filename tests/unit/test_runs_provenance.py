"""Where numbers come from, in the words of a reader."""

from types import SimpleNamespace

import pandas as pd

from tf_eval.runs.provenance import _extracts


def test_agencies_are_named_as_readers_know_them():
    sent = pd.DataFrame({"agency": ["childrens_services", "dwp", "dwp"], "sha256": ["a", "b", "c"]})
    told = _extracts(SimpleNamespace(sources=lambda: sent))
    assert [part.rsplit(" ", 1)[0] for part in told.split(", ")] == ["Children\u2019s services", "DWP"]
