"""What the tests of meaning share: an agency of rows, a council to be spoilt, its linking store, a town of families."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.agency import Agency
from tests.council import Council
from tests.town import Town
from tf_eval.data.linking_store import LinkingStore


@pytest.fixture
def agency() -> Iterator[Agency]:
    agency = Agency()
    yield agency
    agency.connection.close()


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> LinkingStore:
    return LinkingStore.beside(tmp_path)


@pytest.fixture
def town() -> Iterator[Town]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")  # for a dozen rows a second thread is only overhead
        yield Town(connection)
