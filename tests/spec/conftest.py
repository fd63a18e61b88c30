"""A small council to be spoilt, and its linking store, for the tests of what the data room promises."""

from pathlib import Path

import pytest

from tests.council import Council
from tf_eval.data.linking_store import LinkingStore


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> LinkingStore:
    return LinkingStore.beside(tmp_path)
