"""One strict way to read a YAML file of the project.

YAML 1.1 as most readers have it turns ``NO`` into false, ``12:30`` into 750, ``010`` into 8, and keeps the last of two
equal keys without a word. Here each of these is refused with its line; dates stay text, as papermill leaves them.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tf_eval.errors import ConfigError

TAG = "tag:yaml.org,2002:"
PLAIN = {
    "bool": (re.compile(r"true|false"), "true or false in small letters, or put it in quotes if it is a word"),
    "int": (re.compile(r"[-+]?(0|[1-9][0-9]*)"), "a plain number such as 12, or put it in quotes if it is a code"),
    "float": (re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?"), "a plain number such as 0.5, or put it in quotes"),
}


class _Refused(Exception):
    """One thing in the file that could be read in two ways."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")


class _StrictLoader(yaml.SafeLoader):
    """A safe loader that refuses what YAML 1.1 and YAML 1.2 read differently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused(key.start_mark.line + 1, "a key must be one word or number")
            if key.value in seen:
                raise _Refused(key.start_mark.line + 1, f"the key '{key.value}' stands twice; keep one of them")
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)

    def construct_plain(self, node: yaml.ScalarNode) -> Any:
        name = node.tag.removeprefix(TAG)
        pattern, expected = PLAIN[name]
        if not pattern.fullmatch(node.value):
            raise _Refused(node.start_mark.line + 1, f"'{node.value}' can be read in two ways; write {expected}")
        return getattr(self, f"construct_yaml_{name}")(node)


for _name in PLAIN:
    _StrictLoader.add_constructor(TAG + _name, _StrictLoader.construct_plain)
_StrictLoader.add_constructor(TAG + "timestamp", _StrictLoader.construct_yaml_str)


def load_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping that a YAML file holds; dates stay text in ISO form.

    Raises:
        ConfigError: the file is missing, is not UTF-8 or not YAML, does not hold a mapping, names a key twice, or
            holds a word that YAML 1.1 would turn into something else (``NO``, ``12:30``, ``010``, ``.nan``).
    """
    where = path.name
    try:
        document = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_StrictLoader)
    except FileNotFoundError:
        raise ConfigError(f"{where}: no such file in the folder '{path.parent.name}'.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{where}: not UTF-8 text; save the file as UTF-8.") from None
    except _Refused as problem:
        raise ConfigError(f"{where}, {problem}.") from None
    except yaml.YAMLError as problem:
        raise ConfigError(f"{where}: not valid YAML. {_first_place(problem)}") from None
    if not isinstance(document, dict):
        raise ConfigError(f"{where}: expected 'key: value' lines at the top level of the file.")
    return document


def line_of(path: Path, location: Sequence[Any]) -> int | None:
    """Return the line, from 1, of a place in a YAML file: its keys and, from 0, its places in lists.

    Where the file does not go so deep, it is the line of the last step that it has; None where it has none. A place in
    a list that the file writes as the one thing in it is that thing.
    """
    node, line = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader), None
    for step in location:
        if isinstance(node, yaml.MappingNode) and isinstance(step, int):
            continue
        found = _step_into(node, step)
        if found is None:
            break
        named, node = found
        line = named.start_mark.line + 1
    return line


def _step_into(node: yaml.Node, step: Any) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the node that names what is one step further in, and what is there."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _first_place(problem: yaml.YAMLError) -> str:
    """Return where a YAML file breaks, in one sentence."""
    mark = getattr(problem, "problem_mark", None)
    reason = getattr(problem, "problem", None) or "it cannot be read"
    return f"Line {mark.line + 1}, column {mark.column + 1}: {reason}." if mark else f"{reason}."
