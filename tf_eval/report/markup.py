"""The one template environment: everything is escaped, and finished markup comes only from this room's functions."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def environment() -> Environment:
    """Return the environment of the templates; an unknown name in a template is an error, not an empty place."""
    return Environment(
        loader=PackageLoader("tf_eval.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, **values: Any) -> Markup:
    """Return a filled template as finished markup."""
    return Markup(environment().get_template(template).render(**values))  # every value was escaped in the template


def style() -> Markup:
    """Return the style sheet, which goes into each page whole."""
    text, _, _ = environment().loader.get_source(environment(), "style.css")
    return Markup(text)  # our own file: it holds no value from outside
