"""What stands in cells where there is nothing, so that it neither tells what a column is nor is taken for a value."""

from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tf_eval.data.yaml_file import load_yaml


def are_placeholders(texts: pa.Array) -> pa.Array:
    """Return for each text whether it stands for nothing, as NULL and n/a do."""
    return pc.is_in(pc.utf8_upper(texts), value_set=_placeholders())


@cache
def _placeholders() -> pa.Array:
    return pa.array(load_yaml(Path(__file__).with_name("placeholders.yaml"))["placeholders"], pa.string())
