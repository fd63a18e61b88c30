"""Groups of things that pairs connect."""

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def write_components(connection: duckdb.DuckDBPyConnection, table: str, pairs: str) -> None:
    """Write the temporary table ``table`` (node, component): connected nodes, each group under its lowest number.

    Args:
        connection: where to write it.
        table: its name.
        pairs: a query with the whole numbers ``node`` and ``other``; a pair of a node with itself connects nothing.
    """
    found = connection.execute(pairs).fetchnumpy()
    ends = np.concatenate([np.asarray(found[name], dtype=np.int64) for name in ("node", "other")])
    nodes, places = np.unique(ends, return_inverse=True)
    node, other = np.split(places, 2)
    links = coo_matrix((np.ones(len(node), dtype=np.int8), (node, other)), shape=(len(nodes), len(nodes)))
    _, group = connected_components(links, directed=False)
    # Nodes come in order, so the first place of a group is its lowest number.
    _, first = np.unique(group, return_index=True)
    connection.register("groups", pa.table({"node": nodes, "component": nodes[first[group]]}))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM groups")
    connection.unregister("groups")
