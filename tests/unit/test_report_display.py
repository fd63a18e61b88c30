"""A result at the end of a cell is shown as a page would show it, by the gate, and reaches no page by that."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from IPython.core.interactiveshell import InteractiveShell

from tf_eval.errors import DisclosureError
from tf_eval.release import MIME_TYPE, publish, register_view
from tf_eval.release.views import BalanceRow, BalanceView
from tf_eval.report import register_display, to_html

VIEW = BalanceView((BalanceRow("Age", 0.412, 0.031),), 80, 90, sentence="The largest is 0.031.")


@dataclass(frozen=True, eq=False)
class Result:
    view: BalanceView | None

    def __repr__(self) -> str:
        return "what it says of itself"


def _to_view(result: Result) -> BalanceView:
    if result.view is None:
        raise DisclosureError("too few families")
    return result.view


register_view(Result, _to_view)


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell.instance()
    register_display(made)
    yield made
    InteractiveShell.clear_instance()


def test_a_result_is_shown_as_released(shell):
    data, _ = shell.display_formatter.format(Result(VIEW))
    assert str(to_html(publish(VIEW))) in data["text/html"]
    assert data["text/plain"] == "what it says of itself"


def test_what_was_not_published_holds_nothing_that_a_page_is_made_of(shell):
    data, _ = shell.display_formatter.format(Result(VIEW))
    assert set(data) == {"text/html", "text/plain"} and MIME_TYPE not in data


def test_what_the_gate_refuses_is_printed_by_its_own_words(shell):
    data, _ = shell.display_formatter.format(Result(None))
    assert data == {"text/plain": "what it says of itself"}
