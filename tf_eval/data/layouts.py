"""Statutory layouts: returns whose columns and codes are the same at every council, so that nobody maps them again.

A layout is a file ``params/layouts/NAME.yaml`` with parts of an entry of a sources file. An entry that says
``layout: NAME`` gets these parts, and may override any of them.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from tf_eval import project
from tf_eval.data.reading.headings import folded
from tf_eval.data.strict_model import StrictModel, place, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError, raise_all, unknown

FOLDER = Path("params/layouts")
_MERGED = ("columns", "constants", "codes", "leave_out")


class _Layout(StrictModel):
    """One file of ``params/layouts``: where its specification is, what to know about it, and the parts of an entry."""

    specification: str
    notes: tuple[str, ...]
    table: str
    format: dict[str, str]
    date_format: str
    columns: dict[str, str]
    constants: dict[str, str] = Field(default_factory=dict)
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    leave_out: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def entry(self) -> dict[str, Any]:
        """Return the parts of an entry."""
        return self.model_dump(exclude={"specification", "notes"})


def layout_names() -> list[str]:
    """Return the names of all statutory layouts."""
    return sorted(path.stem for path in project.resolve(FOLDER).glob("*.yaml"))


def layout_path(name: str) -> Path:
    """Return where the layout of that name is."""
    return project.resolve(FOLDER) / f"{name}.yaml"


def with_layouts(document: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return a sources file's content with the layouts of its entries filled in.

    What is no list of entries is left for the sources file's own check.

    Raises:
        ConfigError: every entry whose layout there is not, with its place.
    """
    entries = document.get("sources")
    if not isinstance(entries, list):
        return dict(document)
    named = {i: entry["layout"] for i, entry in enumerate(entries) if isinstance(entry, dict) and "layout" in entry}
    known = layout_names()
    wrong = [
        f"{place(('sources', i, 'layout'), path)}: {unknown('layout', name, known)}"
        for i, name in named.items()
        if name not in known
    ]
    raise_all(ConfigError, path.name, wrong)
    filled = [fill_in(entry) if i in named else entry for i, entry in enumerate(entries)]
    return {**document, "sources": filled}


def fill_in(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of a sources file with the parts of the layout that it names, and without the key ``layout``.

    What the entry says wins. ``columns``, ``constants`` and the codes of each column are merged key by key, and so is
    ``format`` unless it is of another type; a key without a value takes the layout's one away (``upn:`` for a file
    that has no UPN). An entry without ``layout`` is returned as it is.

    Raises:
        ConfigError: there is no layout of that name, or its file is wrong.
    """
    given = {key: value for key, value in entry.items() if key != "layout"}
    if "layout" not in entry:
        return given
    layout = _load(entry["layout"]).entry()
    merged = {**layout, **given, "format": _merge_format(layout["format"], given.get("format", {}))}
    merged |= {part: _merge(layout[part], given.get(part, {})) for part in _MERGED}
    return _without_contradictions(merged, given)


def matching_layouts(headings: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the layouts all of whose columns are among these headings, with the columns as these are written.

    Capitals and blanks do not count, for systems export the names of a return's items as they please; where a heading
    stands as the layout has it too, that one is meant.
    """
    alike = {folded(heading): heading for heading in headings}
    found = {}
    for name in layout_names():
        columns = {column: (heading, alike.get(folded(heading))) for column, heading in _load(name).columns.items()}
        if all(near for _, near in columns.values()):
            found[name] = {column: own if own in headings else near for column, (own, near) in columns.items()}
    return found


def _load(name: Any) -> _Layout:
    if name not in layout_names():
        raise ConfigError(f"layout: {unknown('layout', str(name), layout_names())}")
    path = layout_path(name)
    return validate(_Layout, load_yaml(path), path)


def _merge(layout: Any, given: Any) -> Any:
    """Return two mappings merged key by key, at every depth; anything but a mapping replaces what was there."""
    if not (isinstance(layout, dict) and isinstance(given, dict)):
        return given
    merged = {**layout, **{key: _merge(layout.get(key), value) for key, value in given.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def _merge_format(layout: dict[str, str], given: Any) -> Any:
    same_type = isinstance(given, dict) and given.get("type", layout["type"]) == layout["type"]
    return _merge(layout, given) if same_type else given


def _without_contradictions(merged: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Take away what the layout says of a column that the entry fills in another way, and parts that are empty."""
    if not all(isinstance(merged[part], dict) for part in _MERGED):
        return merged  # for the sources file's own check to refuse
    columns, constants, codes = (merged[part] for part in ("columns", "constants", "codes"))
    merged["constants"] = {name: word for name, word in constants.items() if name not in given.get("columns", {})}
    merged["columns"] = {name: heading for name, heading in columns.items() if name not in given.get("constants", {})}
    own = given.get("codes", {})
    merged["codes"] = {name: words for name, words in codes.items() if name in merged["columns"] or name in own}
    return {key: value for key, value in merged.items() if value != {}}
