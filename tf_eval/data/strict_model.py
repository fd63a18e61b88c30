"""Strict pydantic models whose problems read as sentences and are raised all together."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from tf_eval.data.yaml_file import line_of
from tf_eval.errors import ConfigError, raise_all, unknown


class StrictModel(BaseModel):
    """A part of a configuration file: no extra keys, no conversion of types, never changed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Model = TypeVar("Model", bound=StrictModel)


def validate(model: type[Model], document: Mapping[str, Any], where: Path | str) -> Model:
    """Return ``document`` as a ``model``; ``where`` is the file that it was read from, or says what it is.

    Raises:
        ConfigError: every problem of the document, each with its place; see ``place``.
    """
    try:
        # By way of JSON, where strict still lets an ISO date be text and a list be a tuple.
        return model.model_validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        # A default that is made from another key's value only follows that key's own problem.
        told = [problem for problem in error.errors() if problem["type"] != "default_factory_not_called"]
        problems = [_sentence(model, document, problem, where) for problem in told]
    name = where.name if isinstance(where, Path) else where
    raise_all(ConfigError, name, problems)
    raise ConfigError(f"{name}: cannot be read.")


def place(location: Sequence[Any], where: Path | str) -> str:
    """Return a place in a document in words, such as ``line 34, entry 3 of sources, codes.kind``.

    Args:
        location: keys, and places in lists from 0.
        where: the file that the document was read from, so that its line can be told, or what else it is.
    """
    return ", ".join([*_line(location, where), *_steps(location)])


def _line(location: Sequence[Any], where: Path | str) -> list[str]:
    line = line_of(where, location) if isinstance(where, Path) else None
    return [f"line {line}"] if line else []


def _steps(location: Sequence[Any]) -> Iterator[str]:
    names: list[str] = []
    for part in location:
        if isinstance(part, int):
            yield f"entry {part + 1} of {'.'.join(names)}"
            names.clear()
        else:
            names.append(str(part))
    if names:
        yield ".".join(names)


def _sentence(model: type[StrictModel], document: Any, problem: Mapping[str, Any], where: Path | str) -> str:
    """Return one problem of pydantic's list as ``place: what is wrong``."""
    location = outer = _place_in(document, problem["loc"])
    message = problem["msg"].removeprefix("Value error, ").rstrip(".") + "."
    if problem["type"] == "missing":
        location = outer = location[:-1]
        message = f"the key '{problem['loc'][-1]}' is missing."
    if problem["type"] == "extra_forbidden":
        outer = location[:-1]
        message = unknown("key", location[-1], _known_keys(model, problem["loc"][:-1]))
    told = ", ".join([*_line(location, where), *_steps(outer)])
    return f"{told}: {message}" if told else message


def _place_in(document: Any, location: tuple[Any, ...]) -> tuple[Any, ...]:
    """Leave out the steps that are no keys of the document: pydantic names the chosen member of a union too."""
    kept: list[Any] = []
    for step, part in enumerate(location):
        known = part in document if isinstance(document, dict) else _is_place(document, part)
        if known:
            document = document[part]
        if known or step == len(location) - 1:
            kept.append(part)
    return tuple(kept)


def _is_place(document: Any, part: Any) -> bool:
    return isinstance(document, list) and isinstance(part, int) and part < len(document)


def _known_keys(model: type[StrictModel], location: tuple[Any, ...]) -> list[str]:
    """Return the keys that may stand at a place of the document."""
    models = [model]
    for part in (part for part in location if isinstance(part, str)):
        fields = [candidate.model_fields[part] for candidate in models if part in candidate.model_fields]
        if fields:
            models = [found for field in fields for found in _models_in(field.annotation)]
        else:  # the chosen member of a union, named by its type
            chosen = [found for found in models if "type" in found.model_fields]
            models = [found for found in chosen if part in get_args(found.model_fields["type"].annotation)] or models
    return [key for found in models for key in found.model_fields]


def _models_in(annotation: Any) -> Iterator[type[StrictModel]]:
    """Yield the models that an annotation such as ``tuple[Source, ...] | None`` speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, StrictModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
