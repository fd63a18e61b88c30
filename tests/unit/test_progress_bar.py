"""How far long work has come."""

import pytest

from tf_eval import progress_bar
from tf_eval.progress_bar import progress


@pytest.mark.parametrize(("delay", "shown"), [(progress_bar.DELAY, False), (0.0, True)])
def test_only_long_work_has_a_bar_and_all_work_is_done(monkeypatch, capsys, delay, shown):
    monkeypatch.setattr(progress_bar, "DELAY", delay)
    assert list(progress(range(3), doing="draws")) == [0, 1, 2]
    printed = capsys.readouterr()
    assert printed.out == "" and ("draws: 100%" in printed.err) == shown
