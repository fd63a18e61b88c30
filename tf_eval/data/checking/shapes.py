"""Suppressed examples: what a cell looks like, without what it says."""

LONGEST_SHAPE = 20
# In this order: each digit, then letters by runs, so that neither a word nor its length is left; what cannot be
# printed would spoil a page.
_REPLACED = (
    (r"\p{N}", "9"),
    (r"\p{Lu}+", "A"),
    (r"[\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{M}]+", "a"),
    (r"[\p{C}\p{Zl}\p{Zp}]", "?"),
)


def shape(text: str) -> str:
    """Return the SQL of a text's shape: each digit as 9, a run of capitals as A, a run of other letters as a.

    Args:
        text: the SQL of the text; where it is null or empty, the shape is null.
    """
    for pattern, mark in _REPLACED:
        text = f"regexp_replace({text}, '{pattern}', '{mark}', 'g')"
    return f"nullif(left({text}, {LONGEST_SHAPE}), '')"
