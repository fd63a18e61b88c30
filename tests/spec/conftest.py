"""The town in which families are made."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")  # for a dozen rows a second thread is only overhead
        yield Town(connection)
