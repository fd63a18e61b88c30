"""The one template environment: everything is escaped, and finished markup comes only from this room's functions."""

from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tf_eval.report.columns import Table
from tf_eval.report.notes import standing, with_reasons
from tf_eval.report.numerals import MINUS

WORD_JOINER = "\u2060"


class Filled(Markup):
    """Finished markup that knows the tables in it: whoever shows it can offer the same tables as files."""

    tables: tuple[Table, ...] = ()

    @classmethod
    def of(cls, html: str, tables: tuple[Table, ...]) -> "Filled":
        """Return finished markup with the tables that are in it."""
        filled = cls(html)
        filled.tables = tables
        return filled


def tables_in(value: Any) -> tuple[Table, ...]:
    """Return the tables in finished markup, or in any that a mapping or a sequence holds, in their order."""
    if isinstance(value, Filled):
        return value.tables
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return tuple(chain.from_iterable(map(tables_in, parts)))


@cache
def environment() -> Environment:
    """Return the environment of the templates; an unknown name in a template is an error, not an empty place."""
    made = Environment(
        loader=PackageLoader("tf_eval.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"with_reasons": with_reasons, "standing": standing}
    return made


def fill(template: str, **values: Any) -> Filled:
    """Return a filled template as finished markup, with the tables of its values.

    A line may break between a minus and a pound, which no reader would put together again; the tables, which go into
    files, have no sign against it.
    """
    html = environment().get_template(template).render(**values)  # every value was escaped in the template
    return Filled.of(html.replace(f"{MINUS}£", f"{MINUS}{WORD_JOINER}£"), tables_in(values))


def joined(*parts: Markup) -> Filled:
    """Return pieces of finished markup one after the other, with the tables of all."""
    return Filled.of("".join(parts), tables_in(parts))


def style() -> Markup:
    """Return the style sheet, which goes into each page whole."""
    text, _, _ = environment().loader.get_source(environment(), "style.css")
    return Markup(text)  # our own file: it holds no value from outside
