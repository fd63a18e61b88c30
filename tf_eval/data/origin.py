"""What a county was made from, held against the county: is it older than its extracts?"""

import os

from tf_eval import project
from tf_eval.data.county import County
from tf_eval.data.extracts import find_extracts, held_sources
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.review import read_decisions
from tf_eval.data.sources import load_sources
from tf_eval.data.stamp import stamp_of
from tf_eval.errors import InputError


def is_at_hand(county: County) -> bool:
    """Whether this user, on this machine, can read what the county was made from; an analyst may have it alone."""
    path = project.resolve(county.sources_file)
    if not os.access(path, os.R_OK):
        return False
    key = LinkingStore.beside(county.path.parent).key_file
    return load_sources(path).extracts.is_dir() and os.access(key, os.R_OK)


def require_current(county: County) -> None:
    """Refuse a county that is older than its extracts, their mapping, the clerk's answers or the code that reads them.

    Every extract is hashed, which takes about a second for each gigabyte. Queries are not asked again: what a database
    holds now is the business of ``build_county``. A county whose origin is not at hand stands as it was last checked.

    Raises:
        InputError: the county is older, or an extract is missing or not as the manifest has it.
        ConfigError: the sources file was changed and is wrong now.
    """
    if is_at_hand(county) and stamp_now(county) != county.stamp:
        raise InputError(
            f"county {county.name}: older than its extracts, their mapping, the clerk's answers or the code. "
            f"Make it anew: tf-eval check {county.sources_file}"
        )


def stamp_now(county: County) -> str:
    """Return the stamp that the county would bear if it were made now."""
    sources = load_sources(county.sources_file)
    store = LinkingStore.beside(county.path.parent)
    extracts = find_extracts(sources, held_sources(sources, county.path.parent), store, ask=False)
    return stamp_of(sources, extracts, store, read_decisions(store))
